"""What a public name may hold."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# They turn the direction of all that follows on the line, the publication's own words too.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
BREAKING = {"Cc", "Zl", "Zp", "Cs"}  # control characters, ends of lines, halves of characters


def validate_public_name(name: str) -> None:
    """Raise ValidationError for a name that breaks the line, turns it, or shows nothing."""
    if any(c in TURNING or unicodedata.category(c) in BREAKING for c in name):
        raise ValidationError(_("A name is one line of visible characters."), code="invisible")
    if not any(unicodedata.category(c)[0] in "LNPS" for c in name):
        raise ValidationError(_("A name has at least one visible character."), code="invisible")
