"""Buckets: the same in Postgres and in Redis, for all workers, also when many ask at once."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from redis import Redis

from comments.limits import buckets
from comments.limits.buckets import FullBuckets, fill, seconds_to_wait
from comments.limits.in_redis import PREFIX
from comments.limits.rate import Rate
from comments.models import Bucket
from tests.comments.limits.conftest import redis_at
from tests.own_site import free_port


@pytest.fixture(params=["postgres", pytest.param("redis", marks=pytest.mark.process)])
def store(request: pytest.FixtureRequest, settings: Any) -> str:
    if request.param == "redis":
        settings.REDIS_URL = request.getfixturevalue("redis_url")
        with Redis.from_url(settings.REDIS_URL) as client:
            client.flushall()
    return str(request.param)


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """As another worker, which has not been told that a bucket is full."""
    monkeypatch.setattr(FullBuckets, "note", lambda _self, _waits: None)


def let_pass(store: str, seconds: int, url: str) -> None:
    """Make every bucket as empty as it will be then."""
    if store == "postgres":
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE comments_bucket SET empty_at = empty_at - make_interval(secs => %s)",
                [seconds],
            )
        return
    with Redis.from_url(url) as client:
        for key in client.keys(f"{PREFIX}*"):
            client.set(key, int(client.get(key)) - seconds * 1_000_000)


@pytest.mark.django_db
def test_bucket_empties_by_itself(store: str, forgetful: None, settings: Any) -> None:
    rates = {"k": Rate(3, 10)}
    assert [seconds_to_wait(rates) for _ in range(4)] == [0, 0, 0, 10]
    let_pass(store, 10, settings.REDIS_URL)
    assert [seconds_to_wait(rates) for _ in range(2)] == [0, 10]
    let_pass(store, 86_400, settings.REDIS_URL)
    assert [seconds_to_wait(rates) for _ in range(4)] == [0, 0, 0, 10]
    # Of two buckets the fuller one is waited for.
    assert seconds_to_wait({"k": Rate(3, 10), "other": Rate(1, 1)}) == 10
    assert seconds_to_wait({"once": Rate(1, 600)}) == 0
    assert set(fill({"once": Rate(1, 600), "k": Rate(3, 10), "new": Rate(1, 1)})) == {"once", "k"}


@pytest.mark.django_db
def test_kept_where_it_is_told(store: str) -> None:
    seconds_to_wait({"k": Rate(3, 10)})
    assert Bucket.objects.exists() is (store == "postgres")


@pytest.mark.process
def test_redis_forgets_what_is_empty(redis_url: str, settings: Any) -> None:
    settings.REDIS_URL = redis_url
    seconds_to_wait({"soon": Rate(3, 10), "later": Rate(3, 1000)})
    with Redis.from_url(redis_url) as client:
        assert 0 < client.pttl(f"{PREFIX}soon") <= 10_000
        assert 990_000 < client.pttl(f"{PREFIX}later") <= 1_000_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("burst", [1, 10])
def test_many_at_once_get_no_more_than_there_is(store: str, forgetful: None, burst: int) -> None:
    """Also of a bucket that nobody has used yet: it is made once."""
    passed: list[set[str]] = []
    rounds, threads_at_once = 15, 12
    together = threading.Barrier(threads_at_once)

    def ask() -> None:
        try:
            for number in range(rounds):
                rates = {f"{number} a": Rate(burst, 100), f"{number} b": Rate(50, 100)}
                together.wait(30)
                passed.append(rates.keys() - fill(rates).keys())
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(threads_at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [key for one in passed for key in one]
    for number in range(rounds):
        assert keys.count(f"{number} a") == burst
        assert keys.count(f"{number} b") == threads_at_once


@pytest.mark.django_db
def test_what_is_known_to_be_full_is_not_asked_again(
    store: str, settings: Any, django_assert_num_queries: Any
) -> None:
    rates = {"full": Rate(1, 100), "other": Rate(5, 100)}
    assert [seconds_to_wait(rates) for _ in range(2)] == [0, 100]
    let_pass(store, 1000, settings.REDIS_URL)  # which this process cannot know
    with django_assert_num_queries(0):
        assert seconds_to_wait(rates) == 100
    assert seconds_to_wait({"other": Rate(5, 100)}) == 0


def test_only_so_much_is_remembered_and_only_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "REMEMBERED", 10)
    full = FullBuckets()
    full.note({"short": 0.02} | {f"k{number}": 100.0 for number in range(4)})
    assert set(full.waits(["short", "k0", "never"])) == {"short", "k0"}
    time.sleep(0.03)
    assert full.waits(["short"]) == {}
    full.note({f"m{number}": 100.0 for number in range(6)})  # the one that is over makes room
    assert set(full.waits(["k0", "m0"])) == {"k0", "m0"}
    full.note({"last": 100.0})  # no room at all: begun anew
    assert set(full.waits(["k0", "m0", "last"])) == {"last"}


@pytest.mark.process
@pytest.mark.django_db
def test_redis_that_is_down_stops_nobody_and_is_used_again(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    port = free_port()
    monkeypatch.setattr(buckets, "REDIS_PAUSE", 0)
    monkeypatch.setattr(buckets, "_redis_rests_until", 0.0)
    settings.REDIS_URL = f"redis://:not-for-the-log@127.0.0.1:{port}/0"
    assert seconds_to_wait({"k": Rate(1, 60)}) == 0
    assert Bucket.objects.count() == 1
    assert "Redis does not answer (ConnectionError)" in caplog.text
    assert "not-for-the-log" not in caplog.text
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
    for number in range(2):  # up, down and up again, with the connection of before
        with redis_at(port, tmp_path):
            assert seconds_to_wait({f"up {number}": Rate(1, 60)}) == 0
        assert Bucket.objects.count() == 1 + number
        assert seconds_to_wait({f"down {number}": Rate(1, 60)}) == 0
        assert Bucket.objects.count() == 2 + number


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "no address"])
def test_redis_that_is_down_is_left_alone_for_a_while(
    address: str, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(buckets, "_redis_rests_until", 0.0)
    settings.REDIS_URL = address
    for number in range(3):
        assert seconds_to_wait({f"k{number}": Rate(1, 60)}) == 0
    assert caplog.text.count("Redis does not answer") == 1
