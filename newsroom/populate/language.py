"""Made-up sentences: phrases of a language put together, a few very often and most seldom."""

import itertools
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random


@dataclass(frozen=True)
class Choice:
    """Things to pick from by Zipf's law: the second half as often as the first, and so on."""

    items: tuple[str, ...]
    weights: tuple[float, ...]  # cumulative

    @classmethod
    def of(cls, items: list[str]) -> "Choice":
        weights = itertools.accumulate(1 / rank for rank in range(1, len(items) + 1))
        return cls(tuple(items), tuple(weights))

    def pick(self, random: Random) -> str:
        return random.choices(self.items, cum_weights=self.weights)[0]


@dataclass(frozen=True)
class Language:
    """What one language's texts are made of."""

    subjects: Choice
    actions: Choice
    adverbials: Choice
    openers: Choice
    headings: Choice
    opinions: Choice
    places: Choice
    given: Choice

    def sentence(self, random: Random) -> str:
        """Return one sentence with its full stop."""
        return f"{self._statement(random, random.choice(self.openers.items))}."

    def sentences(self, number: int, random: Random) -> str:
        return " ".join(self.sentence(random) for _ in range(number))

    def headline(self, random: Random) -> str:
        return self._statement(random)

    def heading(self, random: Random) -> str:
        return self._placed(self.headings.pick(random), random)

    def opinion(self, random: Random) -> str:
        """Return one sentence that a reader might write."""
        return self._placed(self.opinions.pick(random), random)

    def person(self, random: Random) -> str:
        return f"{random.choice(self.given.items)} {self.places.pick(random)}"

    def _statement(self, random: Random, opener: str = "") -> str:
        words = (
            f"{opener}{self.subjects.pick(random)} {self.actions.pick(random)}"
            f" {self.adverbials.pick(random)}"
        )
        return self._placed(words[0].upper() + words[1:], random)

    def _placed(self, text: str, random: Random) -> str:
        return text.replace("{place}", self.places.pick(random)) if "{place}" in text else text


@cache
def language(code: str) -> Language:
    """Return the language of a code that ``LANGUAGES`` has."""
    file = resources.files(__package__).joinpath("phrases", f"{code}.toml")
    lists: dict[str, list[str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    ends = lists.pop("ends")
    starts = lists.pop("starts")
    # Neighbours in the list begin differently, so that the frequent places are no family.
    places = [
        starts[(place + turn) % len(starts)] + end
        for turn, end in enumerate(ends)
        for place in range(len(starts))
    ]
    return Language(
        places=Choice.of(places), **{name: Choice.of(items) for name, items in lists.items()}
    )
