"""Which database a request reads from, and which ones after it; no server is asked."""

import time
from collections.abc import Iterable
from typing import Any

import psycopg
import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, ProgrammingError, transaction

from articles.models import Article
from newsroom.replicas import serving
from newsroom.replicas.routing import ReplicaRouter, note_failure, reading_from
from newsroom.replicas.serving import Readers
from newsroom.replicas.watching import Server, Servers
from pagecache.pages import Page, made
from tests.served import Site


def server(alias: str, position: int, *, answers: bool = True) -> Server:
    def nowhere() -> Any:
        raise AssertionError("Nothing is asked here.")

    one = Server(alias, nowhere)
    one.position = position
    one._answers_until = time.monotonic() + 1_000 if answers else 0.0
    one.samples.append((time.monotonic(), position))
    return one


@pytest.fixture
def servers() -> Servers:
    return Servers(server(DEFAULT_DB_ALIAS, 100), [server("near", 100), server("far", 99)])


def names(chosen: list[Server]) -> list[str]:
    return [one.alias for one in chosen]


def test_replicas_take_turns_and_the_primary_is_last(servers: Servers) -> None:
    servers.replicas[1].position = 100
    first = [names(servers.to_read(0, exactly=False)) for _ in range(2)]
    assert sorted(first) == [["far", "near", "default"], ["near", "far", "default"]]


def test_replica_of_which_it_is_not_known_how_far_it_is_behind_is_only_a_spare(
    servers: Servers,
) -> None:
    assert names(servers.to_read(0, exactly=False)) == ["near", "default", "far"]
    servers.primary.samples.appendleft((time.monotonic() - 60, 99))
    assert names(servers.to_read(0, exactly=False)) == ["near", "default", "far"]
    assert servers.report()["far"] == {"answers": True, "behind": 60.0}


def test_replica_without_what_a_reader_wrote_is_only_a_spare(servers: Servers) -> None:
    assert names(servers.to_read(101, exactly=False)) == ["default", "near", "far"]
    assert names(servers.to_read(100, exactly=False))[0] == "near"


def test_without_a_primary_the_replica_that_knows_most_is_read(servers: Servers) -> None:
    servers.primary.fail()
    assert names(servers.to_read(10**9, exactly=True)) == ["near", "far", "default"]
    servers.replicas[0].fail()
    assert names(servers.to_read(0, exactly=False)) == ["far", "default"]
    servers.replicas[1].fail()
    assert names(servers.to_read(0, exactly=False)) == ["default"]


class Application:
    """Answers with the database it reads from; some of them fail."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failing: dict[str, Exception] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        database = ReplicaRouter().db_for_read(Article)
        self.asked.append(database)
        if database in self.failing:
            note_failure(self.failing[database])
            start_response("503 Service Unavailable", [])
            return [b"Nothing."]
        start_response("200 OK", [])
        return [database.encode()]


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def site(
    application: Application, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> Iterable[Site]:
    # The aliases lead nowhere: what is said of their connections stands here.
    broken = dict.fromkeys(("near", "far", "default"), type("Closed", (), {"connection": None}))
    alone = type("Alone", (), {"connection": None, "in_atomic_block": False})
    monkeypatch.setattr("newsroom.replicas.routing.connections", {**broken, "default": alone})
    monkeypatch.setattr(servers, "watch", lambda: None)
    monkeypatch.setattr(serving, "_mark", lambda: "written_at=100")
    return Site(Readers(application, lambda: servers))


def test_who_is_logged_in_and_pages_to_be_kept_read_the_primary(site: Site) -> None:
    assert site.get("/").content == b"near"
    assert site.get("/", {"Cookie": "sessionid=1"}).content == b"default"
    page = Page()
    with made(page):
        assert site.get("/").content == b"default"
    assert not page.may_lag


@pytest.mark.parametrize("mark", ["-5", "1e9", "", "9" * 30, "%31", "٣"])
def test_mark_that_is_none_is_no_error(site: Site, mark: str) -> None:
    header = f"written_at={mark}".encode().decode("latin-1")
    assert site.get("/", {"Cookie": header}).content == b"near"


@pytest.mark.parametrize("error", [OperationalError, psycopg.OperationalError])
def test_read_that_fails_is_asked_of_the_next_database(
    site: Site, application: Application, error: type[Exception]
) -> None:
    application.failing["near"] = error("gone")
    assert site.get("/").content == b"default"
    assert application.asked == ["near", "default"]
    assert site.get("/").content == b"default"
    assert application.asked[2:] == ["default"]  # the dead one was not tried again


def test_replica_behind_a_migration_fails_nobody_and_is_not_taken_for_dead(
    site: Site, application: Application, servers: Servers
) -> None:
    application.failing["near"] = ProgrammingError("no such column")
    assert site.get("/").content == b"default"
    assert servers.replicas[0].answers


def test_page_made_from_a_replica_is_not_to_be_kept(
    site: Site, application: Application, servers: Servers
) -> None:
    application.failing["default"] = OperationalError("gone")
    page = Page()
    with made(page):
        assert site.get("/").content == b"near"
    assert page.may_lag


def test_when_all_fail_the_last_answer_is_given(site: Site, application: Application) -> None:
    application.failing = dict.fromkeys(("near", "far", "default"), OperationalError("gone"))
    assert site.get("/").status_code == 503
    assert application.asked == ["near", "default", "far"]


def test_only_the_answer_to_a_write_marks_its_reader(site: Site) -> None:
    assert "set-cookie" not in site.get("/").headers
    answer = site.post("/", {"body": "text"})
    assert (answer.content, answer["Set-Cookie"]) == (b"default", "written_at=100")


def test_refused_write_marks_nobody(site: Site, application: Application) -> None:
    application.failing["default"] = OperationalError("gone")
    site.application._application = lambda _environ, start: start("503 Away", []) or [b""]
    assert "set-cookie" not in site.post("/", {"body": "text"}).headers


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_and_after_a_write_the_primary_is_read() -> None:
    router = ReplicaRouter()
    assert router.db_for_read(Article) == DEFAULT_DB_ALIAS
    with reading_from("near"):
        assert router.db_for_read(Article) == "near"
        with transaction.atomic():
            assert router.db_for_read(Article) == DEFAULT_DB_ALIAS
        assert router.db_for_read(Article) == "near"
        assert router.db_for_write(Article) == DEFAULT_DB_ALIAS
        assert router.db_for_read(Article) == DEFAULT_DB_ALIAS


@pytest.mark.parametrize(("database", "migrates"), [("default", True), ("replica1", False)])
def test_only_the_primary_is_migrated(database: str, migrates: bool) -> None:
    assert ReplicaRouter().allow_migrate(database, "articles") is migrates
