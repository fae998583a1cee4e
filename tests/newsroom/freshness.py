"""How long after a write's answer any worker still gives an older page.

Writers change things at random, by HTTP and in processes of their own. The moment each write is
answered all workers are asked for the page, while a reader at each asks for one after the other.
Everything is noted with its moments, and compared when it is over.
"""

import random
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.newsroom.workers import Desk, Line, Seen, desk_of, line_to_each_worker, served
from tests.own_site import STATIC, manage, own_site

SITE = """
from accounts.models import User
from articles.models import Article, Publication
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory
from tests.donations.factories import CampaignFactory, MethodFactory
from tests.accounts.factories import UserFactory
Publication.objects.update_or_create(pk=1, defaults={"comment_policy": "open"})
for name in ("one", "two", "gone"):
    discussion = DiscussionFactory(article=ArticleFactory(slug=name), policy="open")
    for _ in range(14):
        CommentFactory(discussion=discussion)
UserFactory(role="Chief", email="chief@example.org")
MethodFactory()
CampaignFactory(goal_minor=100_000_000)
"""
AT_THE_DESK = """
from django.utils import timezone
from accounts.models import User
from articles.corrections import issue_correction
from articles.models import Article
from articles.workflow import publish_article, withdraw_article
from comments.models import Comment
from comments.moderation.decisions import approve_comment, reject_comment
from donations.ledger.by_hand import record_gift
chief = User.objects.get(email="chief@example.org")
"""
ONE, TWO, GONE = (f"/articles/{name}/" for name in ("one", "two", "gone"))
TALKS = tuple(f"{page}comments/?sort=newest" for page in (ONE, TWO))
PAGES = (ONE, TWO, GONE, *TALKS, "/", "/corrections/")
# An expectation ends then: new comments push older ones from the page.
LASTS = 2.0  # seconds
MARKS = count(1)  # none is written twice
PAUSE = 0.05  # seconds between two requests of a reader


@dataclass(slots=True)
class Write:
    """What pages have to show once a write was answered, until a later one begins to change it."""

    kind: str
    pages: tuple[str, ...]
    is_shown: Callable[[Seen], bool]
    answered_at: float
    ends_at: float


@dataclass(slots=True)
class Told:
    """What was written and what was seen."""

    writes: list[Write] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)

    def delays(self) -> list[float]:
        """Return, for each write, how long after its answer a worker still gave an older page.

        In seconds, 0 where none did. An older page counts until it has arrived, if it was asked for
        after the write's answer.
        """
        return [
            max((seen.arrived_at - write.answered_at for seen in older), default=0.0)
            for write, older in self.older_pages()
        ]

    def older_pages(self) -> Iterator[tuple[Write, list[Seen]]]:
        """Yield each write with the older pages that were given after its answer."""
        for write, found in self._looked_at():
            yield write, [seen for seen, shows in found if not shows]

    def first_sights(self) -> list[float]:
        """Return, for each write, when the last worker had first given the new page, in seconds.

        This counts the making of the page, and the reader's turn to ask for it. Writes that not
        every worker was asked about in time are left out.
        """
        workers = len({seen.worker for seen in self.seen})
        sights = []
        for write, found in self._looked_at():
            first: dict[int, float] = {}
            for seen, shows in found:
                if shows:
                    first.setdefault(seen.worker, seen.arrived_at - write.answered_at)
            if len(first) == workers:
                sights.append(max(first.values()))
        return sights

    def _looked_at(self) -> Iterator[tuple[Write, list[tuple[Seen, bool]]]]:
        by_page = defaultdict(list)
        for seen in sorted(self.seen, key=lambda one: one.sent_at):
            by_page[seen.page].append(seen)
        for write in self.writes:
            found = [
                (seen, write.is_shown(seen))
                for page in write.pages
                for seen in by_page[page]
                if write.answered_at < seen.sent_at and seen.arrived_at < write.ends_at
            ]
            yield write, sorted(found, key=lambda pair: pair[0].arrived_at)


class Writer:
    """Writes at random until it is told to stop, what no other changes.

    eyes: a line to each worker; each asks for the page the moment a write was answered, and again
    until the new one is there.
    """

    def __init__(self, told: Told, eyes: Sequence[Line] = ()) -> None:
        self.told = told
        self.eyes = eyes
        self.is_over = threading.Event()
        self._raised = 0

    def note(self, kind: str, pages: tuple[str, ...], is_shown: Callable[[Seen], bool]) -> Write:
        """Note what has just been answered."""
        now = time.monotonic()
        write = Write(kind, pages, is_shown, now, now + LASTS)
        self.told.writes.append(write)
        if self.eyes:
            with ThreadPoolExecutor(len(self.eyes)) as threads:
                list(threads.map(lambda eye: self._look(eye, write), self.eyes))
        return write

    def _look(self, eye: Line, write: Write) -> None:
        while time.monotonic() < write.ends_at:
            seen = eye.get(write.pages[0])
            self.told.seen.append(seen)
            if write.is_shown(seen):
                return

    def mark(self) -> bytes:
        return b"m%dm" % next(MARKS)

    def readers(self, line: Line, page: str, talk: str, pause: float) -> None:
        """Write comments by HTTP."""
        while not self.is_over.wait(pause * random.uniform(0.5, 1.5)):
            mark = self.mark()
            self.comment(line, page, talk, mark)

    def comment(self, line: Line, page: str, talk: str, mark: bytes) -> Write:
        fields = {"body": f"A comment {mark.decode()}.", "name": "Ann", "email": "ann@example.org"}
        answer = line.post(f"{page}comments/", fields)
        assert answer.status == 303, answer.content
        return self.note("comment", (talk,), lambda seen: mark in seen.content)

    def staff(self, desk: Desk, line: Line, pause: float) -> None:
        """Decide, edit, correct, withdraw and enter gifts, in a process of its own."""
        kinds = (self.decide, self.edit, self.correct, self.withdraw, self.give)
        while not self.is_over.is_set():
            for write in random.sample(kinds, len(kinds)):  # all of them, however slow it goes
                time.sleep(pause * random.uniform(0.5, 1.5))
                write(desk, line)

    def decide(self, desk: Desk, line: Line) -> None:
        mark = self.mark()
        shown = self.comment(line, TWO, TALKS[1], mark)
        comment = f'Comment.objects.get(body__contains="{mark.decode()}")'
        shown.ends_at = desk.run(f"reject_comment(comment={comment}, by=chief)")
        gone = self.note("rejection", (TALKS[1],), lambda seen: mark not in seen.content)
        gone.ends_at = desk.run(f"approve_comment(comment={comment}, by=chief)")
        self.note("approval", (TALKS[1],), lambda seen: mark in seen.content)

    def edit(self, desk: Desk, _line: Line) -> None:
        mark = self.mark()
        text = mark.decode()
        began = desk.run(
            f'a = Article.objects.get(slug="one"); a.headline = "Headline {text}"; a.save()'
        )
        self._end("edit", began)
        self.note("edit", (ONE, TALKS[0], "/"), lambda seen: mark in seen.content)

    def correct(self, desk: Desk, _line: Line) -> None:
        mark = self.mark()
        desk.run(
            'issue_correction(article=Article.objects.get(slug="two"), kind="update", by=None,'
            f' text="Put right: {mark.decode()}.")'
        )
        self.note("correction", (TWO, "/corrections/"), lambda seen: mark in seen.content)

    def withdraw(self, desk: Desk, _line: Line) -> None:
        gone = 'article=Article.objects.get(slug="gone"), by=None'
        self._end("return", desk.run(f'withdraw_article({gone}, notice="Wrong.")'))
        away = self.note("withdrawal", (GONE,), lambda seen: seen.status == 410)
        time.sleep(0.3)
        away.ends_at = desk.run(f"publish_article({gone})")
        self.note("return", (GONE,), lambda seen: seen.status == 200)

    def give(self, desk: Desk, _line: Line) -> None:
        desk.run(
            "record_gift(amount_minor=10_000, currency='USD', received_on=timezone.localdate(),"
            " by=None)"
        )
        self._raised += 100
        raised = self._raised
        self.note("gift", ("/", ONE, TALKS[0]), lambda seen: raised_on(seen) >= raised)

    def _end(self, kind: str, at: float) -> None:
        """Let the last write of a kind say nothing of what is seen from now on."""
        for write in reversed(self.told.writes):
            if write.kind == kind:
                write.ends_at = min(write.ends_at, at)
                return


def raised_on(seen: Seen) -> int:
    """Return how many dollars the meter of a page shows; -1 for none."""
    found = re.search(rb'donation-meter__text">\$([\d,]+) of', seen.content)
    return int(found[1].replace(b",", b"")) if found else -1


def keep_pages(lines: list[Line]) -> None:
    """Let each worker make all pages, as on a site that is read."""
    for line in lines:
        for page in PAGES:
            line.get(page)


@contextmanager
def watched(lines: list[Line], told: Told) -> Iterator[None]:
    """Ask each worker for all pages in turn, meanwhile."""
    is_over = threading.Event()

    def read(line: Line) -> None:
        while not is_over.is_set():
            for page in random.sample(PAGES, len(PAGES)):
                told.seen.append(line.get(page))
                time.sleep(PAUSE)

    with ThreadPoolExecutor() as threads:
        readers = [threads.submit(read, line) for line in lines]
        try:
            yield
        finally:
            is_over.set()
        for reader in readers:
            reader.result()


@contextmanager
def site_of(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the environment of the site that is written on."""
    variables = {"STAFF_SECOND_FACTOR": "off", "LOG_LEVEL": "ERROR"}
    variables["NEWSROOM_POSTGRES_OPTIONS"] = "-c fsync=off"
    with own_site(folder, SITE, **variables) as site:
        assert manage(site, *STATIC).wait(120) == 0
        yield site


def observe(site: dict[str, str], seconds: float, *, pause: float) -> Told:
    """Write and read for so many seconds, at two servers of two workers each.

    pause: seconds between two writes of each of the three writers.
    """
    told = Told()
    with served(site, servers=2, workers=2) as lines, desk_of(site) as desk, ExitStack() as open_:
        first, second = sorted({line.port for line in lines})
        near, far, staff = (open_.enter_context(Line(port)) for port in (first, second, first))
        desk.run(AT_THE_DESK)
        keep_pages(lines)
        writers = [
            Writer(told, [open_.enter_context(eye) for port in (first, second)
                          for eye in line_to_each_worker(port, 2)])
            for _ in range(3)
        ]  # fmt: skip
        with watched(lines, told), ThreadPoolExecutor() as threads:
            working = [
                threads.submit(writers[0].readers, near, ONE, TALKS[0], pause),
                threads.submit(writers[1].readers, far, TWO, TALKS[1], pause),
                threads.submit(writers[2].staff, desk, staff, pause),
            ]
            time.sleep(seconds)
            for writer in writers:
                writer.is_over.set()
            for one in working:
                one.result()
            time.sleep(1)
    return told
