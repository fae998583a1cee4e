"""What readers type, made fit to be kept: every rule about single fields, in words."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.formats import number_format
from django.utils.translation import gettext as _

MAX_BODY = 10_000  # characters
MAX_NAME = 80
MAX_EMAIL = 254
MAX_QUOTE = 2_000
MAX_CONTEXT = 200
# Control characters, halves of surrogate pairs, and what decoders write in place of such bytes.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
# They turn the direction of what follows, beyond the name itself.
DIRECTION_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Letters and signs by their category that draw nothing: Hangul fillers, the empty Braille cell.
BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")

SPOILER = re.compile(r"\|\|(?=\S)(.+?)(?<=\S)\|\|", re.DOTALL)


def without_spoilers(text: str) -> str:
    """Return a comment's text for where nothing can be folded away."""
    return SPOILER.sub("…", text)


def checked_body(text: str) -> str:
    """Return a comment's text. Raises ValidationError for the field ``body``."""
    return _checked(text, "body", _("comment"), MAX_BODY)


def checked_quote(exact: str, prefix: str, suffix: str) -> dict[str, str]:
    """Return the quoted passage's fields, empty without one. Raises ValidationError."""
    if not exact.strip():
        return {"quote_exact": "", "quote_prefix": "", "quote_suffix": ""}
    return {
        "quote_exact": _checked(exact, "exact", _("quoted passage"), MAX_QUOTE),
        # Where the passage stands is told by what is next to it, spaces and all.
        "quote_prefix": _checked_context(prefix, "prefix"),
        "quote_suffix": _checked_context(suffix, "suffix"),
    }


def checked_name(text: str) -> str:
    """Return a guest's name. Raises ValidationError for the field ``name``."""
    name = DIRECTION_CONTROLS.sub("", " ".join(text.split()))
    if not name:
        raise ValidationError({"name": _("Give the name to show beside your comment.")})
    return _checked(name, "name", _("name"), MAX_NAME)


def checked_email(text: str) -> str:
    """Return a guest's address. Raises ValidationError for the field ``email``."""
    email = text.strip()
    if len(email) > MAX_EMAIL:
        raise ValidationError({"email": _("This email address is too long.")})
    try:
        validate_email(email)
        email.encode()
    except (ValidationError, UnicodeEncodeError) as error:
        message = _("Give your email address, like name@example.org.")
        raise ValidationError({"email": message}) from error
    if NO_TEXT.search(email):
        raise ValidationError({"email": _("The email address holds characters that are no text.")})
    return email


def spelled(number: int) -> str:
    """Return a number as messages write it: 10,000."""
    return number_format(number, force_grouping=True)


def _checked(text: str, field: str, what: str, limit: int) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if NO_TEXT.search(text):
        message = _("The %s holds characters that are no text. Take them out, or type it anew.")
        raise ValidationError({field: message % what})
    if not any(_is_visible(character) for character in text):
        raise ValidationError({field: _("The %s is empty. Write something first.") % what})
    if len(text) > limit:
        message = _("The %(what)s has %(length)s characters; %(limit)s is the most.")
        numbers = {"what": what, "length": spelled(len(text)), "limit": spelled(limit)}
        raise ValidationError({field: message % numbers})
    return text


def _checked_context(text: str, field: str) -> str:
    if NO_TEXT.search(text) or len(text) > MAX_CONTEXT:
        raise ValidationError({field: _("The place of the quoted passage cannot be read.")})
    return text


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS" and character not in BLANK_LETTERS
