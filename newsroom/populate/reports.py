"""Made-up reports, each decided by the seed and its number alone."""

import datetime
from dataclasses import dataclass
from random import Random

from articles.models import Kind
from newsroom.populate.cast import BASE, SERIES
from newsroom.populate.language import Language, language
from newsroom.populate.plan import Plan

PERIOD = datetime.timedelta(days=6 * 365)  # before BASE
LANGUAGES = {"en": 60, "de": 12, "es": 12, "ru": 8, "ar": 8}  # shares
KINDS = {Kind.REPORT: 70, Kind.ANALYSIS: 12, Kind.OPINION: 10, Kind.LIVE: 5, Kind.VIDEO: 3}
FEWEST_WORDS, MOST_WORDS = 300, 1_100  # where a body ends; its last block may go on a little
IN_SERIES = 9  # one of so many


@dataclass(frozen=True)
class Report:
    """What a report's row is made of. Sections, tags and authors by their places, from 0."""

    number: int
    language: str
    kind: Kind
    headline: str
    lede: str
    key_points: str
    body: str
    published_at: datetime.datetime
    section: float  # from 0 to 1: the share of sections before its own
    tags: list[float]
    authors: list[float]
    series: int | None
    series_part: int | None

    @property
    def slug(self) -> str:
        return f"load-{self.number}"


def language_of(plan: Plan, number: int) -> str:
    """Return a report's language; the first is in English, as outside checks read it."""
    random = Random(f"{plan.seed} language {number}")
    if number == 1:
        return "en"
    return random.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]


def published_at(plan: Plan, number: int) -> datetime.datetime:
    """Return when a report appeared; the first is the newest, the others go evenly back."""
    return BASE - (PERIOD * (number - 1) / plan.articles)


def report(plan: Plan, number: int) -> Report:
    """Return the report of a number, from 1 on."""
    random = Random(f"{plan.seed} report {number}")
    code = language_of(plan, number)
    words = language(code)
    of_series, part = divmod(number, IN_SERIES)
    return Report(
        number=number,
        language=code,
        kind=random.choices(list(KINDS), list(KINDS.values()))[0],
        headline=words.headline(random),
        lede=words.sentences(random.randint(1, 2), random),
        key_points="\n".join(words.sentence(random) for _ in range(random.choice([0, 0, 3, 4]))),
        body=_body(words, random),
        published_at=published_at(plan, number),
        section=random.random() ** 2,
        tags=[random.random() ** 3 for _ in range(random.randint(1, 4))],
        authors=[random.random() ** 2 for _ in range(random.choice([1, 1, 1, 2]))],
        series=None if part else of_series % SERIES,
        series_part=None if part else of_series // SERIES + 1,
    )


def _body(words: Language, random: Random) -> str:
    """Return the HTML of 300 to 1,200 words, most of them near the lower end."""
    length = min(MOST_WORDS, FEWEST_WORDS + random.expovariate(1 / 250))
    parts: list[str] = []
    written = 0
    while written < length:
        if len(parts) % 6 == 4:
            parts.append(f"<h2>{words.heading(random)}</h2>")
        parts.append(_block(words, random, random.randint(2, 5)))
        written += parts[-1].count(" ")
    return "".join(parts)


def _block(words: Language, random: Random, sentences: int) -> str:
    """Return so many sentences: mostly a paragraph, now and then a list or a quotation."""
    form = random.random()
    if form < 0.06:
        items = "".join(f"<li>{words.sentence(random)}</li>" for _ in range(sentences))
        return f"<ul>{items}</ul>"
    text = words.sentences(sentences, random)
    if form < 0.12:
        return f"<blockquote><p>{text}</p><cite>{words.person(random)}</cite></blockquote>"
    return f"<p>{text}</p>"
