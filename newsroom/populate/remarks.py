"""Made-up comment texts: two halves from a pool each, so that few are the same."""

from dataclasses import dataclass
from random import Random

from comments.markup import render
from newsroom.populate.language import Language, language

HALVES = 400  # of each kind and language


@dataclass(frozen=True)
class Remark:
    """A comment's text as it is typed, and as HTML."""

    body: str
    html: str

    @classmethod
    def of(cls, body: str) -> "Remark":
        return cls(body, render(body))


class Remarks:
    """Comment texts of every language, each language's pool made when it is first wanted."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._pools: dict[str, tuple[list[Remark], list[Remark]]] = {}

    def pick(self, code: str, random: Random) -> Remark:
        """Return a text in the language of a code: half of the time one half alone."""
        if code not in self._pools:
            self._pools[code] = self._pool(code)
        firsts, seconds = self._pools[code]
        first = firsts[int(random.random() * HALVES)]
        if random.random() < 0.5:
            return first
        second = seconds[int(random.random() * HALVES)]
        # What comes second begins with a paragraph, so each is rendered as if it stood alone.
        return Remark(f"{first.body}\n\n{second.body}", f"{first.html}\n{second.html}")

    def _pool(self, code: str) -> tuple[list[Remark], list[Remark]]:
        words = language(code)
        random = Random(f"{self._seed} remarks {code}")
        firsts = [Remark.of(_paragraph(words, random)) for _ in range(HALVES)]
        seconds = [Remark.of(_ending(words, random)) for _ in range(HALVES)]
        return firsts, seconds


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
