"""Lanes: few write at a time, and some threads take no part in it."""

import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client

from comments.limits.middleware import TO_REFUSE
from newsroom.lanes import Lanes

WAIT = 10  # seconds, at most, for another thread


class Work:
    """An application that works until it may end, and knows how many are at it."""

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.at_it = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get(TO_REFUSE):
            start_response("503 Service Unavailable", [])
            return [b"busy"]
        with self.lock:
            self.at_it += 1
            self.most = max(self.most, self.at_it)
        if environ["REQUEST_METHOD"] == "POST":
            assert self.may_end.wait(WAIT)
        with self.lock:
            self.at_it -= 1
        if environ["PATH_INFO"] == "/broken/":
            raise RuntimeError
        start_response("200 OK", [])
        return [b"done"]


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def lanes(work: Work) -> Lanes:
    return Lanes(work, at_once=2, waiting=3)


def ask(
    lanes: Lanes, method: str = "POST", path: str = "/articles/a/comments/"
) -> tuple[str, bytes]:
    told: list[str] = []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path}
    body = b"".join(lanes(environ, lambda status, _headers: told.append(status)))
    return told[0][:3], body


def until(is_so: Any) -> None:
    deadline = time.monotonic() + WAIT
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_two_write_the_others_wait_and_what_is_too_much_is_refused(
    work: Work, lanes: Lanes
) -> None:
    with ThreadPoolExecutor(5) as threads:
        writing = [threads.submit(ask, lanes) for _ in range(5)]
        until(lambda: work.at_it == 2 and not lanes._places._value)
        assert ask(lanes) == ("503", b"busy")
        assert ask(lanes, "GET") == ("200", b"done")
        work.may_end.set()
        assert [one.result(WAIT) for one in writing] == [("200", b"done")] * 5
    assert work.most == 3  # two who wrote, and the reader
    assert ask(lanes) == ("200", b"done")


def test_desk_does_not_stand_in_line(work: Work, lanes: Lanes) -> None:
    with ThreadPoolExecutor(6) as threads:
        writing = [threads.submit(ask, lanes) for _ in range(5)]
        until(lambda: work.at_it == 2)
        upload = threads.submit(ask, lanes, "POST", "/admin/articles/image/add/")
        until(lambda: work.at_it == 3)
        work.may_end.set()
        assert upload.result(WAIT) == ("200", b"done")
        assert {one.result(WAIT)[0] for one in writing} == {"200"}


def test_one_that_breaks_gives_its_place_back(work: Work, lanes: Lanes) -> None:
    work.may_end.set()
    for _ in range(10):
        with pytest.raises(RuntimeError):
            ask(lanes, "POST", "/broken/")
    assert ask(lanes) == ("200", b"done")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/articles/a/comments/", "/comments/1/edit/"])
def test_text_comes_back_from_a_busy_server(path: str, django_assert_num_queries: Any) -> None:
    typed = {"body": "My <b>words</b>.", "name": "Ann"}
    with django_assert_num_queries(0):
        answer = Client().post(path, typed, **{TO_REFUSE: True})
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "no-store" in answer["Cache-Control"]
    assert "My &lt;b&gt;words&lt;/b&gt;." in answer.content.decode()
    answer = Client().post(path, typed, headers={"HX-Request": "true"}, **{TO_REFUSE: True})
    assert answer.status_code == 503
    assert "still here" in answer.content.decode()


@pytest.mark.django_db
def test_password_does_not_come_back_from_a_busy_server() -> None:
    typed = {"login": "ann@example.org", "password": "secret words"}
    answer = Client().post("/accounts/login/", typed, **{TO_REFUSE: True})
    assert answer.status_code == 503
    assert "secret words" not in answer.content.decode()
