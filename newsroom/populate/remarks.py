"""Made-up comment texts: two halves from a pool each, so that few are the same."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from comments.markup import render
from newsroom.populate.language import Language, language

HALVES = 2_000  # of each kind and language


@dataclass(frozen=True)
class Remark:
    """A comment's text as it is typed, and as HTML."""

    body: str
    html: str


class Remarks:
    """Comment texts of every language; a half is made when it is first wanted."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._firsts: dict[tuple[str, int], Remark] = {}
        self._seconds: dict[tuple[str, int], Remark] = {}

    def pick(self, code: str, random: Random) -> Remark:
        """Return a text in the language of a code: half of the time one half alone."""
        first = self._half(self._firsts, _paragraph, code, int(random.random() * HALVES))
        if random.random() < 0.5:
            return first
        second = self._half(self._seconds, _ending, code, int(random.random() * HALVES))
        # What comes second begins with a paragraph, so each is rendered as if it stood alone.
        return Remark(f"{first.body}\n\n{second.body}", f"{first.html}\n{second.html}")

    def _half(
        self,
        made: dict[tuple[str, int], Remark],
        write: Callable[[Language, Random], str],
        code: str,
        number: int,
    ) -> Remark:
        key = code, number
        if key not in made:
            # Of its own seed, so that it is the same whatever was wanted before it.
            random = Random(f"{self._seed} {write.__name__} {code} {number}")
            body = write(language(code), random)
            made[key] = Remark(body, render(body))
        return made[key]


def _paragraph(words: Language, random: Random) -> str:
    """Return a paragraph: an opinion, then mostly little, now and then a lot."""
    opinions = [words.opinion(random) for _ in range(random.randint(1, 2))]
    length = min(25, int(random.expovariate(0.6)))
    return " ".join([*opinions, *(words.sentence(random) for _ in range(length))])


def _ending(words: Language, random: Random) -> str:
    """Return a paragraph, often with something that the light Markdown of comments can do."""
    text = words.sentences(random.randint(1, 3), random)
    extra = random.choice(["", "", "emphasis", "link", "list", "quote"])
    if extra == "emphasis":
        return f"{text} **{words.opinion(random)}**"
    if extra == "link":
        return f"{text} [{words.heading(random)}](https://example.org/{random.randint(1, 9_999)})"
    if extra == "list":
        items = "\n".join(f"- {words.sentence(random)}" for _ in range(random.randint(2, 4)))
        return f"{text}\n\n{items}"
    if extra == "quote":
        return f"{text}\n\n> {words.sentence(random)}\n\n{words.opinion(random)}"
    return text
