"""Sentences with a number that only the browser knows, in every plural form of the language."""

from django.utils.translation import ngettext

# A number for each plural form that the languages of the world have; the browser knows which of
# them goes like the one it has to tell (static/js/counted.js holds the same list).
SAMPLES = (1, 2, 3, 5, 11, 100)


def counted_texts(name: str) -> str:
    """Return the sentence of that name for each of ``SAMPLES``, with ``|`` between."""
    return "|".join(_text(name, number) % {"number": number} for number in SAMPLES)


def _text(name: str, number: int) -> str:
    """Return the sentence in the form for the number, which is yet to be filled in."""
    return {
        "arrived": lambda: ngettext("%(number)s new comment", "%(number)s new comments", number),
        "added": lambda: ngettext(
            "%(number)s comment was added.", "%(number)s comments were added.", number
        ),
        "since": lambda: ngettext(
            "%(number)s new since your last visit", "%(number)s new since your last visit", number
        ),
        "replies": lambda: ngettext("%(number)s reply", "%(number)s replies", number),
        "more": lambda: ngettext("%(number)s more reply", "%(number)s more replies", number),
        "title": lambda: ngettext("%(number)s comment", "%(number)s comments", number),
    }[name]()
