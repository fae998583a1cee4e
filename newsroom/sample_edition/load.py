"""Loads the edition: the publication, its people, reports, discussions and drive."""

import datetime
import random
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from markdown_it import MarkdownIt

from accounts.models import User
from articles.models import Article, Author, Byline, Image, Section, Series, Status, Tag
from comments.counts import recount
from comments.markup import render
from comments.models import Comment, CommentStatus, Discussion, Vote
from newsroom.sample_edition.drive import load_drive
from newsroom.sample_edition.identity import AUTHORS, SECTIONS, SERIES, load_identity, load_people
from newsroom.sample_edition.manuscripts import Line, Manuscript, read_manuscripts
from newsroom.sample_edition.pictures import picture

REMARKS = (Path(__file__).parent / "remarks.txt").read_text(encoding="utf-8").splitlines()
REMARKS_PER_REPORT = 5
NAMES = ["Alder", "Bea", "Corrie", "Dov", "Elke", "Farid", "Greta", "Hollis", "Ivo", "Jonna", "Kit", "Lowri", "Milo", "Nadia", "Orin", "Pilar", "Quentin", "Rosa", "Sorrel", "Tam", "Ulla", "Vito", "Willa", "Xan", "Yara", "Zeno"]
HELD = [
    "First time that I write here. Does anybody know whether the hall has a ramp?",
    "I have photographs of this from 1974, if they are of use.",
    "You have misspelt my street, but otherwise thank you.",
    "Is there a recording?",
    "I would like to offer a different view, once I have slept.",
]
SPAM = "Best prices for watches, today only: http://watches.example.com"


def load_sample_edition(say: Callable[[str], None] = lambda _line: None) -> bool:
    """Load the edition into a site that has no reports; return whether it did.

    say: is told what goes on, a line at a time.
    """
    if Article.objects.exists():
        return False
    manuscripts = read_manuscripts()
    names = sorted({m.head["picture"] for m in manuscripts if "picture" in m.head})
    say("Drawing the illustrations …")
    # Spawned, not forked: a fork would share this process's database connection.
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        drawings = dict(zip(names, pool.map(picture, names), strict=True))
    say("Writing the reports and their discussions …")
    with transaction.atomic():
        load_identity()
        people = load_people()
        _load_reports(manuscripts, drawings, people)
        _load_discussions(manuscripts, people)
        load_drive()
    return True


def _load_reports(
    manuscripts: list[Manuscript], drawings: dict[str, bytes], people: dict[str, User]
) -> None:
    """Make the reports, newest by their head's ``hours``, and relate those that share tags."""
    sections = {
        name: Section.objects.create(
            name=name, slug=slugify(name), description=description, position=position
        )
        for position, (name, description) in enumerate(SECTIONS.items())
    }
    series = {
        name: Series.objects.create(name=name, slug=slugify(name), description=description)
        for name, description in SERIES.items()
    }
    authors = {
        name: Author.objects.create(
            name=name, slug=slugify(name), role=role, bio=bio, user=people[name]
        )
        for name, (role, bio) in AUTHORS.items()
    }
    now = timezone.now()
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    for manuscript in manuscripts:
        head = manuscript.head
        published_at = now - datetime.timedelta(hours=float(head["hours"]))
        name, _bar, part = head.get("series", "").partition(" | ")
        article = Article.objects.create(
            headline=_dated(head["headline"], published_at),
            slug=manuscript.slug,
            lede=head["lede"],
            body=markdown.render(manuscript.body),
            key_points="\n".join(manuscript.values("points", "|")),
            dateline=head.get("dateline", ""),
            kind=head.get("kind", "report"),
            language=head.get("language", "en"),
            section=sections[head["section"]],
            series=series.get(name),
            series_part=int(part) if part else None,
            lead_image=_image(head, drawings),
            status=Status.PUBLISHED,
            published_at=published_at,
            updated_at=now - datetime.timedelta(hours=float(head["updated"]))
            if "updated" in head
            else None,
        )
        for position, author in enumerate(manuscript.values("author")):
            Byline.objects.create(article=article, author=authors[author], position=position)
        for tag in manuscript.values("tags"):
            article.tags.add(Tag.objects.get_or_create(name=tag, slug=slugify(tag))[0])
    for first, second in pairwise(Article.objects.order_by("section", "published_at")):
        if first.section_id == second.section_id and first.language == second.language:
            first.related.add(second)


def _dated(headline: str, published_at: datetime.datetime) -> str:
    """Return a diary's headline with its own day in it."""
    day = timezone.localtime(published_at).strftime("%A %-d %B")
    start, brace, rest = headline.partition("{")
    return f"{start}{day}{rest.partition('}')[2]}" if brace else headline


def _image(head: dict[str, str], drawings: dict[str, bytes]) -> Image | None:
    if "picture" not in head:
        return None
    name = head["picture"]
    image = Image(
        alt=head["alt"],
        caption=head.get("caption", ""),
        credit="Illustration: The Meridian Ledger",
    )
    image.file.save(f"{name}.jpg", ContentFile(drawings[name]), save=True)
    return image


def _load_discussions(manuscripts: list[Manuscript], people: dict[str, User]) -> None:
    """Make the threads, with the votes that their scores need."""
    dice = random.Random(7)  # noqa: S311 (the same edition every time)
    waiting = iter(HELD)
    articles = {article.slug: article for article in Article.objects.all()}
    scores: dict[int, int] = {}
    for manuscript in sorted(manuscripts, key=lambda m: float(m.head["hours"])):
        article = articles[manuscript.slug]
        discussion = Discussion.objects.create(article=article)
        lines = [*manuscript.comments]
        if article.language == "en":
            lines = _with_remarks(lines, dice)
        assert article.published_at is not None
        times = _times(article.published_at, len(lines), dice)
        above: list[Comment] = []
        for line, when in zip(lines, times, strict=True):
            del above[line.depth :]
            comment = _comment(discussion, line, above[-1] if above else None, when, people)
            comment.save()
            above.append(comment)
            scores[comment.pk] = line.votes
        if article.language == "en" and (text := next(waiting, None)):
            held = _comment(discussion, Line(0, "New reader", 0, "", text), None, times[-1], people)
            held.status = CommentStatus.HELD
            held.save()
    spam = Line(0, "Deals", 0, "", SPAM)
    discussion = Discussion.objects.latest("article__published_at")
    rejected = _comment(discussion, spam, None, timezone.now(), people)
    rejected.status = CommentStatus.SPAM
    rejected.save()
    Vote.objects.bulk_create(_votes(scores, dice))
    recount()


def _with_remarks(lines: list[Line], dice: random.Random) -> list[Line]:
    """Return a discussion with a few short remarks among its threads, none twice."""
    threads: list[list[Line]] = []
    for line in lines:
        if line.depth == 0:
            threads.append([])
        threads[-1].append(line)
    names = dice.sample(NAMES, REMARKS_PER_REPORT)
    for name, text in zip(names, dice.sample(REMARKS, REMARKS_PER_REPORT), strict=True):
        place = dice.randrange(len(threads) + 1)
        threads.insert(place, [Line(0, name, dice.randint(0, 6), "", text)])
    return [line for thread in threads for line in thread]


def _times(
    published_at: datetime.datetime, number: int, dice: random.Random
) -> list[datetime.datetime]:
    """Return rising times between publication and now, close together at first."""
    span = min(timezone.now() - published_at, datetime.timedelta(days=3)) * 0.9
    return [
        published_at + span * share for share in sorted(dice.random() ** 1.7 for _ in range(number))
    ]


def _comment(
    discussion: Discussion,
    line: Line,
    parent: Comment | None,
    when: datetime.datetime,
    people: dict[str, User],
) -> Comment:
    user = people.get(line.name)
    return Comment(
        discussion=discussion,
        parent=parent,
        root=None if parent is None else parent.root or parent,
        depth=0 if parent is None else parent.depth + 1,
        user=user,
        guest_name="" if user else line.name,
        guest_email="" if user else f"{slugify(line.name) or 'reader'}@example.org",
        guest_id=None if user else uuid.uuid5(uuid.NAMESPACE_DNS, line.name),
        quote_exact=line.quote,
        body=line.text,
        body_html=render(line.text),
        status=CommentStatus.APPROVED,
        created_at=when,
    )


def _votes(scores: dict[int, int], dice: random.Random) -> Iterator[Vote]:
    """Yield the votes, of as many guests as it takes, that add up to the scores."""
    for number, score in scores.items():
        down = dice.randint(0, 3) if score >= 0 else 2 - score
        up = score + down
        for voter in range(up + down):
            guest = uuid.uuid5(uuid.NAMESPACE_URL, f"voter {voter}")
            yield Vote(comment_id=number, guest_id=guest, value=1 if voter < up else -1)
