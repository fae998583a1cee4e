"""What a worker hears of changes, and how it knows when it hears nothing."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import Connection

from newsroom.listening import listening_connection
from pagecache import listener as module
from pagecache.line import Line
from pagecache.listener import BEAT, CHANNEL, PATIENCE, Listener
from tests.pagecache.proxy import proxy_to

pytestmark = pytest.mark.django_db(transaction=True)


class Heard:
    """A listener, and what it was told in order; ``start`` where it began to hear."""

    def __init__(self, connect: Callable[[], Connection[Any]]) -> None:
        self.told: list[str] = []
        self.listener = Listener(
            connect, on_start=lambda: self.told.append("start"), on_change=self.told.extend
        )
        self.listener.start()
        self.wait(lambda: self.listener.hears)

    @staticmethod
    def wait(condition: Callable[[], bool], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.005)


@pytest.fixture
def heard() -> Iterator[Heard]:
    one = Heard(listening_connection)
    yield one
    one.listener.stop()


def tell(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, text])


def terminate() -> int:
    """End the connections of this database's listeners; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'newsroom-page-cache' AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def test_everything_committed_before_is_heard_once_it_has_caught_up(heard: Heard) -> None:
    assert heard.told == ["start"]
    for number in range(50):
        tell(f"article:{number} articles")
        heard.listener.catch_up()
        assert heard.told[-2:] == [f"article:{number}", "articles"]


@pytest.fixture
def may_go_on(heard: Heard, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Have the thread stand still, with a question on its way and a proof that lasts, until set."""
    stands_still, may_go_on = threading.Event(), threading.Event()
    wait = Line.wait

    def late(line: Line, seconds: float) -> None:
        stands_still.set()
        assert may_go_on.wait(60)
        wait(line, seconds)

    monkeypatch.setattr(module, "PATIENCE", 60)
    heard.wait(lambda: heard.listener.heard_until > time.monotonic() + 50)
    monkeypatch.setattr(Line, "wait", late)
    assert stands_still.wait(20)
    yield may_go_on
    may_go_on.set()


def test_who_asks_takes_in_what_the_thread_has_not_come_to(
    heard: Heard, may_go_on: threading.Event
) -> None:
    until = heard.listener.heard_until
    tell("article:1")
    heard.wait(lambda: heard.listener.hears and heard.told == ["start", "article:1"])
    assert heard.listener.heard_until == until  # who takes in proves nothing for later
    may_go_on.set()
    heard.wait(lambda: heard.listener.heard_until > until)
    assert heard.told == ["start", "article:1"]


def test_who_asks_finds_that_the_connection_has_broken(
    heard: Heard, may_go_on: threading.Event
) -> None:
    assert terminate() == 1
    heard.wait(lambda: not heard.listener.hears)
    assert time.monotonic() < heard.listener.heard_until  # and is not believed all the same
    may_go_on.set()
    heard.wait(lambda: heard.listener.hears)
    assert heard.told == ["start", "start"]


@pytest.mark.parametrize("is_by_thread", [True, False])
def test_what_cannot_be_taken_in_has_everything_begin_anew(
    heard: Heard, request: pytest.FixtureRequest, *, is_by_thread: bool
) -> None:
    may_go_on = threading.Event() if is_by_thread else request.getfixturevalue("may_go_on")
    broken: list[object] = []

    def refuse(tags: object) -> None:
        broken.append(tags)
        raise ValueError(tags)

    heard.listener._on_change = refuse
    tell("article:1")
    if not is_by_thread:
        heard.wait(lambda: not heard.listener.hears)
        assert broken == [["article:1"]]
        may_go_on.set()
    heard.wait(lambda: heard.told == ["start", "start"])
    heard.wait(lambda: heard.listener.hears)
    assert broken == [["article:1"]]


def test_nothing_is_heard_of_what_was_taken_back(heard: Heard) -> None:
    with transaction.atomic():
        tell("article:1")
        transaction.set_rollback(True)
    heard.listener.catch_up()
    assert heard.told == ["start"]


def test_connection_that_is_cut_is_noticed_and_made_anew(heard: Heard) -> None:
    assert terminate() == 1
    heard.wait(lambda: heard.told == ["start", "start"])
    heard.wait(lambda: heard.listener.hears)
    tell("article:1")
    heard.listener.catch_up()
    assert heard.told == ["start", "start", "article:1"]


def test_nothing_counts_as_heard_between_two_connections(
    heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.5)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.5)
    terminate()
    heard.wait(lambda: not heard.listener.hears)
    heard.listener.catch_up()  # does not wait for what cannot come
    heard.wait(lambda: heard.listener.hears)
    assert heard.told == ["start", "start"]


@pytest.fixture
def socket_file() -> Path:
    host = connection.get_connection_params()["host"]
    return Path(host) / ".s.PGSQL.5432"


@pytest.mark.slow
def test_connection_that_goes_silent_is_believed_for_a_second_and_a_half_at_most(
    socket_file: Path,
) -> None:
    with proxy_to(socket_file) as proxy:

        def connect() -> Connection[Any]:
            own = {**connection.get_connection_params(), "host": "127.0.0.1"}
            own |= {"port": proxy.port, "connect_timeout": 3}
            own |= {"autocommit": True, "application_name": "newsroom-page-cache"}
            return Connection.connect(**own)

        heard = Heard(connect)
        proxy.is_silent = True
        silent_at = time.monotonic()
        time.sleep(0.1)  # what was on its way is through
        tell("article:1")
        assert heard.listener.heard_until < silent_at + 0.1 + BEAT + PATIENCE
        heard.wait(lambda: not heard.listener.hears)
        assert heard.told == ["start"]
        # It speaks again soon enough: what was told meanwhile comes first, and nothing was missed.
        proxy.is_silent = False
        heard.wait(lambda: heard.listener.hears)
        assert heard.told == ["start", "article:1"]
        # It stays silent: another connection is tried, and everything may have changed.
        proxy.is_silent = True
        heard.wait(lambda: not heard.listener.hears)
        time.sleep(module.GIVE_UP)
        proxy.is_silent = False
        heard.wait(lambda: heard.listener.hears)
        assert heard.told == ["start", "article:1", "start"]
        heard.listener.stop()


def test_write_whose_news_do_not_come_leaves_nothing_believed(socket_file: Path) -> None:
    with proxy_to(socket_file) as proxy:
        own = {**connection.get_connection_params(), "host": "127.0.0.1", "port": proxy.port}
        heard = Heard(lambda: Connection.connect(**own, autocommit=True, connect_timeout=3))
        proxy.is_silent = True
        heard.listener.catch_up()
        assert not heard.listener.hears
        proxy.is_silent = False
        heard.wait(lambda: heard.listener.hears)
        heard.listener.stop()


def test_database_that_cannot_be_reached_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    def connect() -> Connection[Any]:
        nonlocal tries
        tries += 1
        if tries < 3:
            return Connection.connect("host=127.0.0.1 port=1")
        return listening_connection()

    heard = Heard(connect)
    assert heard.told == ["start"]
    heard.listener.stop()
    assert not heard.listener.hears
