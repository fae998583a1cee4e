"""Reading from a real streaming replica: whom it serves, and what happens when servers die."""

import http.client
import json
import subprocess
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any, Self

import pytest

from tests.own_site import STATIC, free_port, manage, own_site, serve
from tests.processes import kill_family
from tests.replica import Postgres, catch_up, replica_of

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("replicas")]
MAKE = """
from django.utils import timezone
from articles.models import Article, Section
from comments.models import Discussion
section = Section.objects.create(name="News", slug="news")
for number in range(40):
    article = Article.objects.create(headline=f"Ferry {number}", slug=f"ferry-{number}",
        section=section, status="published", published_at=timezone.now(),
        body="<p>Harbour</p>" if number else "<p>Lighthouse</p>")
    Discussion.objects.create(article=article, policy="open")
Article.objects.all().index_for_search()
import os, pathlib
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from accounts.models import User
reader = User.objects.create_user("reader@example.org", "a-password", display_name="Rosa")
session = SessionStore()
session["_auth_user_id"] = str(reader.pk)
session["_auth_user_hash"] = reader.get_session_auth_hash()
session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
session.create()
pathlib.Path(os.environ["NEWSROOM_DATA"], "session").write_text(session.session_key)
"""
REPORT = "/articles/ferry-0/"
SEARCH = "/search/?q=lighthouse"
# What may be read, besides what the readers of the load read all the time.
PAGES = [
    "/sections/news/", "/feed/", "/feed/atom/", "/sitemap.xml", "/news-sitemap.xml",
    "/corrections/", "/transparency/", "/donate/", "/donate/past/", "/articles/ferry-39/changes/",
    "/articles/ferry-39/comments/feed/", "/articles/ferry-39/comments/?sort=best", "/comments/1/",
    "/search/?q=lihgthouse", "/accounts/login/", "/healthz",
]  # fmt: skip


@dataclass
class Site:
    """A site that is served, with its two databases; asks it as a browser without scripts does."""

    port: int
    primary: Postgres
    replica: Postgres
    server: subprocess.Popen[bytes]
    article: int
    session: str  # of a reader with an account

    def ask(
        self, path: str, form: dict[str, Any] | None = None, cookies: str = ""
    ) -> tuple[int, str, list[str]]:
        """Return status, text and the cookies that are set."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": cookies} if cookies else {}
        body = urllib.parse.urlencode(form) if form else None
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if form else "GET", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        set_cookies = [line.split(";")[0] for line in answer.headers.get_all("Set-Cookie", [])]
        return answer.status, text, set_cookies

    def post(self, text: str) -> tuple[int, str, str]:
        """Post a guest's comment; return status, text, and what the reader's browser then sends."""
        form = {"body": text, "name": "Petra", "email": "petra@example.org", "key": uuid.uuid4()}
        status, answer, cookies = self.ask(f"{REPORT}comments/", form)
        return status, answer, "; ".join(cookies)

    def personal(self, cookies: str = "") -> dict[str, Any]:
        answer = json.loads(self.ask(f"/personal/?discussion={self.article}", cookies=cookies)[1])
        discussion: dict[str, Any] = answer["discussion"]
        return discussion

    def ready(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.ask("/readyz")[1])
        return told


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("replicas")
    with own_site(folder, MAKE) as environment:
        assert manage(environment, *STATIC).wait(120) == 0
        primary = Postgres(folder / "postgres")
        primary.start()
        with replica_of(primary, folder / "replica") as replica:
            port = free_port()
            environment |= {
                "DATABASE_URL": primary.url,
                "DATABASE_REPLICA_URLS": replica.url,
                "NEWSROOM_URL": f"http://127.0.0.1:{port}",
            }
            server = serve(environment, port)
            number = primary.ask("SELECT id FROM articles_article WHERE slug = 'ferry-0'")
            try:
                session = (folder / "session").read_text()
                yield Site(port, primary, replica, server, number, session)
            finally:
                kill_family(server)


@pytest.fixture(autouse=True)
def all_well(site: Site) -> None:
    """Begin with both servers up, and the site aware of it."""
    catch_up(site.primary, site.replica)
    until(lambda: is_well(site))


def is_well(site: Site) -> bool:
    told = site.ready()
    near = told["replicas"]["replica1"]["behind"]
    return bool(told["database"] and told["listener"] and near is not None and near < 5)


def until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def paused(site: Site) -> Iterator[None]:
    """Let the replica receive, but not show, what is written meanwhile."""
    site.replica.ask("SELECT pg_wal_replay_pause()")
    until(lambda: site.replica.ask("SELECT pg_get_wal_replay_pause_state()") == "paused")
    try:
        yield
    finally:
        site.replica.ask("SELECT pg_wal_replay_resume()")


def rename(site: Site, headline: str) -> None:
    statement = f"UPDATE articles_article SET headline = '{headline}' WHERE slug = 'ferry-0'"
    site.primary.ask(statement)


def test_strangers_read_the_replica_and_kept_pages_the_primary(site: Site) -> None:
    rename(site, "Before the pause")
    catch_up(site.primary, site.replica)
    assert "Before the pause" in site.ask(SEARCH)[1]
    assert "Before the pause" in site.ask(REPORT)[1]
    with paused(site):
        rename(site, "After the pause")
        assert "Before the pause" in site.ask(SEARCH)[1]
        until(lambda: "After the pause" in site.ask(REPORT)[1], 2)  # heard, and made anew
        assert "After the pause" in site.ask(SEARCH, cookies="sessionid=somebody")[1]
        assert "After the pause" in site.ask(SEARCH, cookies=f"written_at={2**62}")[1]
        assert "Before the pause" in site.ask(SEARCH, cookies="written_at=nonsense")[1]
    catch_up(site.primary, site.replica)
    assert "After the pause" in site.ask(SEARCH)[1]
    assert "After the pause" in site.ask(REPORT)[1]


def test_readers_see_what_they_wrote(site: Site) -> None:
    for path in (REPORT, SEARCH, "/personal/"):
        assert site.ask(path)[2] == []
    with paused(site):
        status, _, cookies = site.post("Written while the replica stood still.")
        assert status in {200, 303}
        assert "written_at=" in cookies
        assert len(site.personal(cookies)["own"]) == 1
        guest = "; ".join(one for one in cookies.split("; ") if "written_at" not in one)
        assert site.personal(guest)["own"] == []  # what the replica knows: so the mark it was
        for reader in (cookies, ""):
            assert "Written while the replica stood still." in site.ask(REPORT, cookies=reader)[1]
    catch_up(site.primary, site.replica)
    assert "Written while the replica stood still." in site.ask(REPORT)[1]
    until(lambda: len(site.personal(guest)["own"]) == 1)


def test_replica_that_lags_too_far_is_not_read(site: Site) -> None:
    rename(site, "Long ago")
    catch_up(site.primary, site.replica)
    with paused(site):
        rename(site, "Just now")
        until(lambda: "Just now" in site.ask(SEARCH)[1])
        assert site.ready()["replicas"]["replica1"]["answers"]
        behind = site.ready()["replicas"]["replica1"]["behind"]
        assert behind is None or behind > 5


@dataclass
class Load:
    """Readers who read all the time, and what went wrong for them."""

    site: Site
    failed: list[str] = field(default_factory=list)
    answered: int = 0

    def __enter__(self) -> Self:
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=[n]) for n in range(6)]
        for thread in self._threads:
            thread.start()
        time.sleep(1)
        return self

    def __exit__(self, *_error: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number: int) -> None:
        turn = number
        while not self._ends.is_set():
            turn += 1
            paths = (
                f"/articles/ferry-{turn % 40}/", SEARCH, f"/personal/?discussion={turn % 40 + 1}",
                "/", f"/articles/ferry-{turn % 40}/comments/?sort=top",
            )  # fmt: skip
            path = paths[turn % len(paths)]
            try:
                status = self.site.ask(path)[0]
            except OSError as error:
                self.failed.append(f"{path}: {error}")
            else:
                self.answered += 1
                if status != 200:
                    self.failed.append(f"{path}: {status}")
            time.sleep(0.01)


def test_dead_replica_fails_no_reader(site: Site) -> None:
    with Load(site) as load:
        site.replica.kill()
        time.sleep(3)
        answered = load.answered
        assert not site.ready()["replicas"]["replica1"]["answers"]
        site.replica.start()
        until(lambda: is_well(site))
        assert load.answered > answered
        time.sleep(1)
    assert load.failed == []


def test_dead_primary_fails_no_reader_and_loses_no_text(site: Site) -> None:
    assert site.post("Before it died.")[0] in {200, 303}
    catch_up(site.primary, site.replica)
    with Load(site) as load:
        site.primary.kill()
        text = "Typed <while> the database was gone."
        status, page, _ = site.post(text)
        assert status == 503
        assert escape(text) in page
        time.sleep(3)
        told = site.ready()
        assert (told["ready"], told["database"], told["listener"]) == (True, False, False)
        assert {path: site.ask(path)[0] for path in PAGES} == dict.fromkeys(PAGES, 200)
        # Her session was read, though that it is used could not be noted.
        assert '"name": "Rosa"' in site.ask("/personal/", cookies=f"sessionid={site.session}")[1]
        site.primary.start()
        until(lambda: site.post(text)[0] in {200, 303}, 5)
        until(lambda: site.ready()["listener"], 5)
    assert load.failed == []
    assert escape(text) in site.ask(REPORT)[1]
