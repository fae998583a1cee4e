"""Patterns that moderators write, in an engine that cannot be made to hang.

RE2 matches in time that grows with the text alone; what would need more (references back, looking
ahead or behind) it refuses.
"""

from functools import lru_cache

import re2  # type: ignore[import-untyped]
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_LENGTH = 500  # characters of a pattern
MEMORY = 2 << 20  # bytes of one compiled pattern
SHOWN = 20  # places of one pattern in a text


class BadPatternError(ValidationError):
    """A pattern that the engine refuses, in its own words."""


def checked_patterns(lines: str) -> list[str]:
    """Return the patterns that stand one in a line. Raises ValidationError for all bad ones."""
    errors = []
    patterns = [line.strip() for line in lines.splitlines() if line.strip()]
    for pattern in patterns:
        try:
            compiled(pattern)
        except BadPatternError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    return patterns


def find(pattern: str, text: str) -> list[tuple[int, int]]:
    """Return where a pattern fits a text: the first places. Raises BadPatternError."""
    found = []
    for match in compiled(pattern).finditer(text):
        found.append(match.span())
        if len(found) == SHOWN:
            break
    return found


@lru_cache(maxsize=512)
def compiled(pattern: str) -> "re2._Regexp":
    """Return a pattern ready for use; letters' case does not matter. Raises BadPatternError."""
    if len(pattern) > MAX_LENGTH:
        message = _("“%(pattern)s …” is longer than %(number)d characters.")
        raise BadPatternError(message % {"pattern": pattern[:40], "number": MAX_LENGTH})
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        program = re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        said = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        message = _("“%(pattern)s” is no pattern: %(reason)s.")
        raise BadPatternError(message % {"pattern": pattern, "reason": said}) from error
    if program.search("") is not None:
        message = _("“%(pattern)s” fits every text, even an empty one.")
        raise BadPatternError(message % {"pattern": pattern})
    return program
