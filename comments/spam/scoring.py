"""How much comments look like spam, and which of their words say so."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from comments.models import Comment
from comments.spam.knowledge import Knowledge, numbers_of
from comments.spam.words import words_of

TELLING = 0.25  # of log-odds; less is not worth showing
SHOWN = 4  # words on each side


@dataclass(frozen=True)
class Explanation:
    """The words that weigh most now, the heaviest first: for spam, and against it."""

    spam: tuple[str, ...] = ()
    ham: tuple[str, ...] = ()


def spam_score(comment: Comment) -> float | None:
    """Return how much a comment, which need not be saved, looks like spam, 0 to 1; one query.

    None where too little is known.
    """
    numbers = numbers_of(words_of(comment.body, comment.guest_name))
    return Knowledge.of(numbers).score(numbers)


def explain(comments: Iterable[Comment]) -> dict[int, Explanation]:
    """Return by their number what weighs in comments, in one query for all of them."""
    words = {one.pk: numbers_of(words_of(one.body, one.guest_name)) for one in comments}
    known = Knowledge.of({number for numbers in words.values() for number in numbers})
    return {pk: _explanation(numbers, known) for pk, numbers in words.items()}


def _explanation(numbers: dict[int, str], known: Knowledge) -> Explanation:
    if not known.is_enough:
        return Explanation()
    weights = {number: known.weight(number) for number in numbers}
    heaviest = sorted(weights, key=lambda number: -abs(weights[number]))
    return Explanation(
        spam=tuple(spoken(numbers[n]) for n in heaviest if weights[n] >= TELLING)[:SHOWN],
        ham=tuple(spoken(numbers[n]) for n in heaviest if weights[n] <= -TELLING)[:SHOWN],
    )


def spoken(word: str) -> str:
    """Return a word of ``words_of`` as moderators read it."""
    kind, colon, rest = word.partition(":")
    if not colon:
        return f"“{word}”"
    if kind == "sign":
        return _signs()[rest]
    if kind == "digits":
        return _("a number of %(count)s digits") % {"count": rest}
    if kind == "link" and rest.startswith("."):
        return _("a link that ends in %(what)s") % {"what": rest}
    return {
        "link": _("a link to %(what)s"),
        "path": _("a link with “%(what)s”"),
        "mail": _("an address at %(what)s"),
        "name": _("the name “%(what)s”"),
    }[kind] % {"what": rest}


def _signs() -> dict[str, str]:
    return {
        "hidden": _("letters that cannot be seen"),
        "link": _("a link"),
        "links": _("many links"),
        "shouting": _("capitals"),
        "phone": _("a telephone number"),
        "money": _("a sum of money"),
        "exclaiming": _("exclamation marks"),
        "spaced": _("letters set apart"),
        "lookalikes": _("letters of two scripts in a word"),
        "disguised": _("digits for letters"),
    }
