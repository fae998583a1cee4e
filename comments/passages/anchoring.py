"""Finding quoted words in a text that may have changed. Pure: knows no database and no HTML.

White space never counts: texts and places here are without it (``squeezed``), so that neither line
breaks nor the borders of paragraphs matter. The method is told in
docs/decisions/0005-passages-follow-the-text.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

CONTEXT = 32  # characters before and after that a selector keeps
MAX_FOUND = 200  # places of the same words that are compared
# How much of the words must be left for a passage still to be the same, of 100. Two texts of one
# language that have nothing to do with each other reach 40 to 60.
ENOUGH = 75
ENOUGH_BETWEEN = 50  # where what stands before and after is still there
SHORTEST = 12  # characters; shorter words are found as they are, or not
EDGE = 5  # letters by which an edge of the words is known again


@dataclass(frozen=True)
class Selector:
    """Words and what stands around them (W3C Web Annotation, TextQuoteSelector)."""

    exact: str
    prefix: str = ""
    suffix: str = ""


def squeezed(text: str) -> str:
    """Return the text without its white space."""
    return "".join(text.split())


def find(text: str, selector: Selector) -> tuple[int, int] | None:
    """Return where the words stand in the squeezed text, None when it does not hold them any more.

    As they are, in the surroundings that fit best; else what stands between their surroundings;
    else what is most like them.
    """
    exact = squeezed(selector.exact)
    prefix, suffix = squeezed(selector.prefix)[-CONTEXT:], squeezed(selector.suffix)[:CONTEXT]
    if not exact or not text:
        return None
    places = [(place, place + len(exact)) for place in _all(text, exact)]
    if places:
        return max(places, key=lambda place: (_fit(text, place, prefix, suffix), -place[0]))
    if len(exact) < SHORTEST:
        return None
    return _between(text, exact, prefix, suffix) or _alike(text, exact, prefix, suffix)


def _all(text: str, words: str) -> Iterator[int]:
    place = text.find(words)
    for _number in range(MAX_FOUND):
        if place < 0:
            return
        yield place
        place = text.find(words, place + 1)


def _fit(text: str, place: tuple[int, int], prefix: str, suffix: str) -> int:
    """Return how many characters around a place are those of the surroundings."""
    before, after = text[: place[0]], text[place[1] :]
    return _common(reversed(before[-CONTEXT:]), reversed(prefix)) + _common(after, suffix)


def _common(one: Iterator[str] | str, other: Iterator[str] | str) -> int:
    number = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        number += 1
    return number


def _between(text: str, exact: str, prefix: str, suffix: str) -> tuple[int, int] | None:
    """Return the most similar of what stands between the surroundings, where they are whole."""
    if len(prefix) < SHORTEST or len(suffix) < SHORTEST:
        return None
    best: tuple[float, tuple[int, int]] | None = None
    for place in _all(text, prefix):
        start = place + len(prefix)
        end = text.find(suffix, start, start + 3 * len(exact) + len(suffix))
        if end <= start:
            continue
        likeness = fuzz.ratio(exact, text[start:end])
        if likeness >= ENOUGH_BETWEEN and (best is None or likeness > best[0]):
            best = likeness, (start, end)
    return best[1] if best else None


def _alike(text: str, exact: str, prefix: str, suffix: str) -> tuple[int, int] | None:
    """Return the place that is most like the words, helped by what stands around it."""
    found = fuzz.partial_ratio_alignment(exact, text, score_cutoff=ENOUGH)
    if found is None or found.dest_end <= found.dest_start:
        return None
    if len(exact) > len(text):  # then it is the text that was looked for in the words
        return (0, len(text)) if found.score >= ENOUGH else None
    # The window is as long as the words were, so its edges may cut words or take in others.
    reach = max(EDGE, len(exact) // 4)
    start = _edge(text, found.dest_start, exact[:EDGE], reach)
    if start is None:
        near = _edge(text, found.dest_start - len(prefix[-EDGE:]), prefix[-EDGE:], reach)
        start = found.dest_start if near is None else near + len(prefix[-EDGE:])
    last = _edge(text, found.dest_end - EDGE, exact[-EDGE:], reach)
    end = None if last is None else last + EDGE
    if end is None:
        end = _edge(text, found.dest_end, suffix[:EDGE], reach) or found.dest_end
    return (start, end) if start < end else (found.dest_start, found.dest_end)


def _edge(text: str, near: int, letters: str, reach: int) -> int | None:
    """Return where the letters stand nearest to a place, None when they are not within reach."""
    begin = max(0, near - reach)
    part = text[begin : near + reach + len(letters)]
    places = [begin + place for place in _all(part, letters)] if letters else []
    return min(places, key=lambda place: abs(place - near), default=None)
