"""The cache in front of an application: what it answers by itself, and what it never keeps."""

import datetime
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.utils import timezone

from pagecache import changes_at, shows
from pagecache.pages import Rule
from pagecache.wsgi import PageCache
from tests.served import Served, Site, nowhere

FOR_LONG = time.monotonic() + 10_000
PUBLIC = {"Content-Type": "text/html", "Cache-Control": "public, max-age=0"}
RULES = {
    "/report/": Rule(frozenset({"articles"}), ("sort", "after")),
    "/talk/": Rule(htmx=True),
    "/own/": Rule(),
}


class Application:
    """Answers with what it was told of the request, and counts."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: Callable[[dict[str, Any]], tuple[str, dict[str, str], str]] = self.page

    @staticmethod
    def page(environ: dict[str, Any]) -> tuple[str, dict[str, str], str]:
        told = [f"{k}={v}" for k, v in sorted(environ.items()) if k.startswith("HTTP_")]
        return "200 OK", PUBLIC, f"{environ['PATH_INFO']}?{environ['QUERY_STRING']} {told}"

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ)
        status, headers, body = self.answer(environ)
        start_response(status, list(headers.items()))
        return [body.encode()]


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def cache(application: Application, monkeypatch: pytest.MonkeyPatch) -> PageCache:
    """A cache that hears: the test tells it what changes."""
    monkeypatch.setattr("pagecache.wsgi.rule_of", RULES.get)
    cache = PageCache(application, limit=10_000_000, connect=nowhere)
    cache._is_listening = True
    cache.listener.heard_until = FOR_LONG
    return cache


@pytest.fixture
def site(cache: PageCache) -> Site:
    return Site(cache)


def test_page_is_made_once_for_every_way_to_ask_for_it(
    site: Site, application: Application
) -> None:
    first = site.get("/report/")
    for headers in ({}, {"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip"}):
        assert site.get("/report/", headers).status_code == 200
    head = site.head("/report/")
    assert (head.content, head["Content-Length"]) == (b"", str(len(first.content)))
    assert site.get("/report/", {"If-None-Match": first["ETag"]}).status_code == 304
    assert len(application.asked) == 1
    assert first["Cache-Tag"] == "articles"


def test_head_alone_keeps_the_whole_page(site: Site, application: Application) -> None:
    assert site.head("/report/").content == b""
    assert site.get("/report/").content
    assert len(application.asked) == 1


def test_only_the_parameters_of_the_view_make_another_page(
    site: Site, application: Application
) -> None:
    plain = site.get("/report/")
    for query in ("utm_source=x", "x=1", "utm_source=y&fbclid=z", "SORT=top"):
        assert site.get(f"/report/?{query}").content == plain.content
    assert len(application.asked) == 1
    sorted_by_votes = site.get("/report/?sort=top")
    assert b"sort=top" in sorted_by_votes.content
    for query in ("utm_source=x&sort=top", "sort=new&sort=top", "sort=top&"):
        assert site.get(f"/report/?{query}").content == sorted_by_votes.content
    assert len(application.asked) == 2
    assert (
        site.get("/report/?after=b&sort=a").content == site.get("/report/?sort=a&after=b").content
    )
    assert len(application.asked) == 3


def test_nothing_about_who_asks_reaches_the_page(site: Site, application: Application) -> None:
    site.get(
        "/report/",
        {"Cookie": "sessionid=1", "Authorization": "Basic x", "User-Agent": "me", "HX-Request":
         "true", "Accept-Language": "de", "X-Forwarded-For": "192.0.2.1", "If-None-Match": '"x"'},
    )  # fmt: skip
    told = {name for name in application.asked[0] if name.startswith("HTTP_")}
    assert told <= {"HTTP_HOST"}


def test_htmx_gets_a_page_of_its_own_where_the_view_has_one(site: Site) -> None:
    whole = site.get("/talk/").content
    part = site.get("/talk/", {"HX-Request": "true"}).content
    boosted = site.get("/talk/", {"HX-Request": "true", "HX-Boosted": "true"}).content
    assert len({whole, part, boosted}) == 3
    assert site.get("/talk/", {"HX-Request": "made up"}).content == whole


def test_what_is_not_declared_is_passed_on_whole(site: Site, application: Application) -> None:
    for _ in range(2):
        site.get("/elsewhere/?x=1", {"Cookie": "sessionid=1"})
    assert [one["HTTP_COOKIE"] for one in application.asked] == ["sessionid=1"] * 2
    assert {one["QUERY_STRING"] for one in application.asked} == {"x=1"}


def personal(environ: dict[str, Any]) -> tuple[str, dict[str, str], str]:
    """What a view does that shows a waiting comment to its writer alone."""
    who = environ.get("HTTP_COOKIE")
    if not who:
        return "404 Not Found", {**PUBLIC, "Cache-Control": "private, no-store"}, "Not here."
    return "200 OK", {**PUBLIC, "Cache-Control": "private, no-store"}, f"For {who} alone."


def test_personal_page_goes_to_its_reader_alone(site: Site, application: Application) -> None:
    application.answer = personal
    for who in ("a=1", "a=2"):
        assert site.get("/own/", {"Cookie": who}).content == f"For {who} alone.".encode()
    assert site.get("/own/").status_code == 404
    assert "ETag" not in site.get("/own/", {"Cookie": "a=1"}).headers


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("200 OK", {**PUBLIC, "Set-Cookie": "a=1"}),
        ("200 OK", {**PUBLIC, "Vary": "Cookie"}),
        ("200 OK", {**PUBLIC, "Vary": "Accept-Encoding, Accept-Language"}),
        ("200 OK", {"Content-Type": "text/html"}),
        ("200 OK", {**PUBLIC, "Cache-Control": "private"}),
        ("200 OK", {**PUBLIC, "Cache-Control": "public, no-store"}),
        ("404 Not Found", PUBLIC),
        ("410 Gone", PUBLIC),
        ("301 Moved Permanently", {**PUBLIC, "Location": "/"}),
        ("500 Internal Server Error", PUBLIC),
        ("503 Service Unavailable", PUBLIC),
    ],
)
def test_what_is_not_a_page_for_everyone_is_not_kept(
    site: Site, cache: PageCache, application: Application, status: str, headers: dict[str, str]
) -> None:
    application.answer = lambda _environ: (status, headers, "text")
    for number in (1, 2):
        assert site.get("/report/").status_code == int(status[:3])
        assert len(application.asked) == number
    assert not cache.store.entries


def test_answer_that_is_no_page_is_asked_for_with_all_that_was_said(site: Site) -> None:
    """A redirect takes along what stood in the address."""

    def moved(environ: dict[str, Any]) -> tuple[str, dict[str, str], str]:
        target = f"/new/?{environ['QUERY_STRING']}"
        return "301 Moved Permanently", {**PUBLIC, "Location": target}, ""

    site.application.application.answer = moved  # type: ignore[attr-defined]
    assert site.get("/report/?utm_source=x")["Location"] == "/new/?utm_source=x"


def test_page_that_is_gone_is_not_kept_from_before(site: Site, application: Application) -> None:
    site.get("/report/")
    site.application.store.invalidate(["articles"])  # type: ignore[attr-defined]
    application.answer = lambda _environ: ("410 Gone", PUBLIC, "Withdrawn.")
    assert site.get("/report/").status_code == 410


def test_each_host_has_its_own_pages_and_others_go_to_django(
    site: Site, application: Application, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    for host in ("one.example", "two.example", "one.example"):
        assert host.encode() in site.get("/report/", {"Host": host}).content
    assert len(application.asked) == 2
    for number in (3, 4):
        site.get("/report/", {"Host": "evil.example"})
        assert len(application.asked) == number


def test_django_leads_to_https(site: Site, application: Application, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for number in (1, 2):
        site.get("/report/")
        assert len(application.asked) == number
    for _ in range(2):
        site.get("/report/", {"X-Forwarded-Proto": "https"})
    assert len(application.asked) == 3


def test_nothing_is_answered_from_memory_while_nothing_is_heard(
    site: Site, cache: PageCache, application: Application
) -> None:
    site.get("/report/")
    cache.listener.heard_until = 0.0
    for number in (2, 3):
        site.get("/report/")
        assert len(application.asked) == number
    cache.listener.heard_until = FOR_LONG
    site.get("/report/")
    assert len(application.asked) == 3


def test_change_makes_another_page_at_once(site: Site, application: Application) -> None:
    application.answer = lambda _environ: (shows("article:1"), ("200 OK", PUBLIC, "text"))[1]
    site.get("/report/")
    for number, changed in enumerate(("article:1", "articles", "*"), 2):
        site.application.store.invalidate([changed])  # type: ignore[attr-defined]
        site.get("/report/")
        assert len(application.asked) == number


def test_page_lives_until_the_clock_makes_it_another(site: Site, application: Application) -> None:
    def page(_environ: dict[str, Any]) -> tuple[str, dict[str, str], str]:
        changes_at(timezone.now() + datetime.timedelta(seconds=0.3))
        changes_at(lambda: timezone.now() + datetime.timedelta(days=1))
        changes_at(None)
        return "200 OK", PUBLIC, "text"

    application.answer = page
    for _ in range(3):
        site.get("/report/")
    assert len(application.asked) == 1
    time.sleep(0.3)
    site.get("/report/")
    assert len(application.asked) == 2


def test_last_known_page_stands_in_while_the_database_is_gone(
    site: Site, cache: PageCache, application: Application
) -> None:
    application.answer = lambda _environ: ("200 OK", PUBLIC, "text")
    site.get("/report/")
    application.answer = lambda _environ: ("503 Service Unavailable", {}, "gone")
    # While it hears, what it keeps is true; and what it does not keep, it does not have.
    cache.listener.heard_until = 0.0
    assert site.get("/report/").content == b"text"
    assert site.get("/report/?sort=top").status_code == 503
    asked = len(application.asked)
    assert site.get("/report/").content == b"text"
    assert len(application.asked) == asked  # a database that is gone is not asked each time
    cache.listener._on_start()  # it hears again, and so knows that it does not know
    assert site.get("/report/").status_code == 503


def test_page_that_is_known_to_be_gone_does_not_come_back(
    site: Site, cache: PageCache, application: Application
) -> None:
    site.get("/report/")
    cache.listener.heard_until = 0.0
    application.answer = lambda _environ: ("410 Gone", PUBLIC, "Withdrawn.")
    site.get("/report/")
    application.answer = lambda _environ: ("503 Service Unavailable", {}, "gone")
    assert site.get("/report/").status_code == 503


def test_write_is_answered_after_all_was_heard(
    site: Site, cache: PageCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    monkeypatch.setattr(cache.listener, "catch_up", lambda: order.append("heard"))
    site.get("/report/")
    assert not order
    assert site.post("/report/", {}).status_code == 200
    assert order == ["heard"]


@pytest.mark.parametrize(("status", "waits"), [("429 Slow", 0), ("503 Later", 0), ("400 No", 1)])
def test_refused_write_waits_for_no_news(
    site: Site,
    application: Application,
    cache: PageCache,
    monkeypatch: pytest.MonkeyPatch,
    status: str,
    waits: int,
) -> None:
    heard: list[None] = []
    monkeypatch.setattr(cache.listener, "catch_up", lambda: heard.append(None))
    application.answer = lambda _environ: (status, {"Content-Type": "text/html"}, "no")
    assert site.post("/report/", {}).status_code == int(status[:3])
    assert len(heard) == waits


def test_cache_without_room_still_answers_right(application: Application) -> None:
    site = Site(PageCache(application, limit=0, connect=nowhere))
    for number in (1, 2):
        assert site.get("/feed/", {"Accept-Encoding": "br"}).status_code == 200
        assert len(application.asked) == number


def test_public_answer_that_is_not_kept_is_compressed_all_the_same(
    site: Site, application: Application
) -> None:
    application.answer = lambda _environ: ("200 OK", PUBLIC, "words " * 100)
    found = site.get("/search/?q=words", {"Accept-Encoding": "br"})
    assert found["Content-Encoding"] == "br"
    assert site.get("/search/?q=words", {"If-None-Match": found["ETag"]}).status_code == 200
    again = {"If-None-Match": found["ETag"], "Accept-Encoding": "br"}
    assert site.get("/search/?q=words", again).status_code == 304


# Many at once ---------------------------------------------------------------------------------


class Slow(Application):
    """Makes a page only when it is let go, and says which one it is."""

    def __init__(self) -> None:
        super().__init__()
        self.has_begun = threading.Semaphore(0)
        self.may_end = threading.Semaphore(0)
        self.answer = self.slow

    def slow(self, _environ: dict[str, Any]) -> tuple[str, dict[str, str], str]:
        number = len(self.asked)
        self.has_begun.release()
        assert self.may_end.acquire(timeout=10)
        return "200 OK", PUBLIC, f"page {number}"


class Crowd:
    """Readers who ask at the same time, each in a thread."""

    def __init__(self, cache: PageCache) -> None:
        self.site = Site(cache)
        self.threads: list[threading.Thread] = []
        self.got: list[Served] = []
        self.arrived = threading.Semaphore(0)
        make = cache._made

        def made(*arguments: Any) -> Any:
            self.arrived.release()
            return make(*arguments)

        cache._made = made  # type: ignore[method-assign]

    def ask(self, readers: int = 1, headers: dict[str, str] | None = None) -> None:
        def one() -> None:
            self.got.append(self.site.get("/report/", headers))

        for _ in range(readers):
            self.threads.append(threading.Thread(target=one))
            self.threads[-1].start()
        for _ in range(readers):
            assert self.arrived.acquire(timeout=10)
        time.sleep(0.05)  # from there to the waiting it is a few steps

    def wait(self) -> list[bytes]:
        for thread in self.threads:
            thread.join(10)
            assert not thread.is_alive()
        return [served.content for served in self.got]


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.fixture
def crowd(slow: Slow, cache: PageCache) -> Crowd:
    cache.application = slow
    return Crowd(cache)


def test_page_that_many_ask_for_at_once_is_made_once(slow: Slow, crowd: Crowd) -> None:
    crowd.ask(20)
    slow.has_begun.acquire()
    crowd.ask(20, {"Accept-Encoding": "gzip", "Cookie": "a=1"})
    slow.may_end.release()
    assert len(crowd.wait()) == 40
    assert len(slow.asked) == 1


def test_who_comes_after_a_change_gets_a_page_that_was_begun_after_it(
    slow: Slow, crowd: Crowd, cache: PageCache
) -> None:
    crowd.ask()
    slow.has_begun.acquire()
    cache.store.invalidate(["articles"])
    crowd.ask(10)
    slow.may_end.release()  # the first page, which is not true any more
    slow.has_begun.acquire()
    slow.may_end.release()
    assert sorted(crowd.wait()) == [b"page 1"] + [b"page 2"] * 10
    assert len(slow.asked) == 2


def test_who_waits_while_nothing_is_heard_gets_a_page_begun_after_they_came(
    slow: Slow, crowd: Crowd, cache: PageCache
) -> None:
    cache.listener.heard_until = 0.0
    crowd.ask()
    slow.has_begun.acquire()
    crowd.ask(10)
    slow.may_end.release()
    slow.has_begun.acquire()
    time.sleep(0.2)  # until all wait for the second, which is not kept
    slow.may_end.release()
    assert sorted(crowd.wait()) == [b"page 1"] + [b"page 2"] * 10


def test_personal_answer_is_not_shared_with_who_waits(slow: Slow, crowd: Crowd) -> None:
    def own(environ: dict[str, Any]) -> tuple[str, dict[str, str], str]:
        if not environ.get("HTTP_COOKIE"):
            slow.slow(environ)
        return personal(environ)

    slow.answer = own
    crowd.ask(1, {"Cookie": "a=1"})
    slow.has_begun.acquire()
    crowd.ask(1, {"Cookie": "a=2"})
    slow.may_end.release()
    assert sorted(crowd.wait()) == [b"For a=1 alone.", b"For a=2 alone."]


def test_rendering_that_breaks_leaves_nobody_waiting(site: Site, application: Application) -> None:
    def broken(_environ: dict[str, Any]) -> tuple[str, dict[str, str], str]:
        raise RuntimeError("broken")

    application.answer = broken
    with pytest.raises(RuntimeError):
        site.get("/report/")
    application.answer = Application.page
    assert site.get("/report/").status_code == 200
