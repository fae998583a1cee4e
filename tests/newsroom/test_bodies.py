"""Bodies: bounded, whole or not at all, and no wait for them keeps anybody from reading."""

import http.client
import io
import os
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from newsroom.bodies import Bodies, content_length
from tests.own_site import STATIC, free_port, manage, own_site, serve

LARGE = 20_000_000


class Slow(io.RawIOBase):
    """A body that waits to be let go."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def read(self, size: int = -1) -> bytes:
        self.begun.set()
        self.may_end.wait(30)
        return b"x" * size


def ask(application: Bodies, body: Any = b"", length: str | None = None, path: str = "/") -> Any:
    """Return the status and the answer."""
    told: list[str] = []
    stream = io.BytesIO(body) if isinstance(body, bytes) else body
    environ = {"PATH_INFO": path, "wsgi.input": stream}
    environ["CONTENT_LENGTH"] = str(len(body)) if length is None else length
    answer = application(environ, lambda status, _headers: told.append(status))
    return told[0][:3], b"".join(answer)


@pytest.fixture
def echo() -> Bodies:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["PATH_INFO"].encode() + environ["wsgi.input"].read()[:9]]

    return Bodies(application, limit=lambda path: 10 if path == "/small" else 3_000_000, at_once=1)


@pytest.mark.parametrize("size", [0, 1, 70_000, 2_000_000])
def test_body_arrives_as_it_was_sent(size: int) -> None:
    body = os.urandom(size)

    def application(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    assert ask(Bodies(application, limit=lambda _path: size, at_once=1), body) == ("200", body)


def test_half_a_body_is_none(echo: Bodies) -> None:
    assert ask(echo, b"body=Half a com", length="1000")[0] == "400"


@pytest.mark.parametrize("length", ["", "x", "-5", "1e3", "٣", "9" * 30])
def test_length_that_is_none_announces_nothing(echo: Bodies, length: str) -> None:
    assert content_length({"CONTENT_LENGTH": length}) == 0
    assert ask(echo, b"", length=length)[0] == "200"


def test_what_is_too_large_is_thrown_away_after_the_answer(echo: Bodies) -> None:
    body = io.BytesIO(b"y" * 1_000_000)
    body.read = (read := body.read) and (lambda size=-1: order.append("read") or read(size))
    order: list[str] = []

    def application(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("413 Too Large", [])
        yield b"no"

    small = Bodies(application, limit=lambda _path: 10, at_once=1)
    environ = {"PATH_INFO": "/", "wsgi.input": body, "CONTENT_LENGTH": "1000000"}
    answer = iter(small(environ, lambda *_told: None))
    assert next(answer) == b"no"
    assert order == []
    assert list(answer) == []
    assert body.tell() == 1_000_000
    assert ask(echo, b"next")[0] == "200"


def test_one_that_waits_for_a_body_leaves_the_rest_to_readers(echo: Bodies) -> None:
    slow = Slow()
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.append(ask(echo, slow, length="5")))
    waiting.start()
    assert slow.begun.wait(10)
    assert ask(echo) == ("200", b"/")
    status, told = ask(echo, b"body=words")
    assert status == "503"
    assert b"still in the form" in told
    slow.may_end.set()
    waiting.join(10)
    assert answers == [("200", b"/xxxxx")]
    assert ask(echo, b"words") == ("200", b"/words")


def test_many_whose_bodies_arrive_wait_for_each_other(echo: Bodies) -> None:
    """Together they take far longer than one waits for a place that nobody gives back."""

    class Arriving(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            time.sleep(0.02)
            return b"y" * size

    with ThreadPoolExecutor(12) as readers:
        answers = list(readers.map(lambda _n: ask(echo, Arriving(), length="5"), range(12)))
    assert answers == [("200", b"/yyyyy")] * 12


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("address", ["/articles/x/comments/", "/comments/1/vote/", "/personal/"])
def test_what_is_too_large_is_refused_in_words(address: str, kind: str) -> None:
    body = b"body=" + b"x" * 3_000_000
    answer = Client().post(address, body, content_type=f"{kind}; boundary=b")
    assert answer.status_code == 413
    assert b"10,000 characters" in answer.content
    assert b"still in the form" in answer.content
    assert answer["Content-Security-Policy"]
    answer = Client().post(address, body, content_type=kind, headers={"HX-Request": "true"})
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("text/plain")


@pytest.mark.django_db
def test_desk_takes_larger_ones(settings: Any) -> None:
    body = b"x" * 3_000_000
    kind = "multipart/form-data; boundary=b"
    assert Client().post("/admin/login/", body, content_type=kind).status_code != 413
    settings.LARGEST_UPLOAD = 2_900_000
    assert Client().post("/admin/login/", body, content_type=kind).status_code == 413


# With the server the site runs with -----------------------------------------------------------

SITE = """
from tests.comments.factories import DiscussionFactory
from tests.articles.factories import ArticleFactory
DiscussionFactory(article=ArticleFactory(slug="report"), policy="open")
"""
ADDRESS = "/articles/report/comments/"


def begin(port: int, announced: int, body: bytes) -> socket.socket:
    """Send the beginning of a comment, and keep the line."""
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    head = (
        f"POST {ADDRESS} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {announced}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    )
    line.sendall(head.encode() + body)
    return line


def get(port: int, address: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", address)
        answer = connection.getresponse()
        return answer.status, answer.read()


@pytest.mark.process
def test_server_refuses_early_reads_on_beside_slow_bodies_and_takes_no_half_ones(
    tmp_path: Path,
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with own_site(tmp_path, SITE, NEWSROOM_URL=url) as site:
        assert manage(site, *STATIC).wait(120) == 0
        server = serve(site, port)
        try:
            # At once, while the client still sends; and to one that sends all of it first.
            with closing(begin(port, LARGE, b"body=x")) as line:
                assert line.recv(100).startswith(b"HTTP/1.1 413")
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                connection.request("POST", ADDRESS, body=b"x" * LARGE)
                answer = connection.getresponse()
                assert answer.status == 413
                assert b"10,000 characters" in answer.read()
            # More of them than the server has threads.
            slow = [begin(port, 1_000, b"body=Never+ending&name=A") for _ in range(8)]
            time.sleep(0.5)
            status, page = get(port, "/articles/report/")
            assert status == 200
            assert b"data-comment-form" in page
            for line in slow:  # their senders are gone
                line.close()
            half = begin(port, 1_000, b"name=Ada&email=ada%40example.org&body=Half+a+com")
            time.sleep(0.3)
            half.close()
            whole = b"name=Ada&email=ada%40example.org&body=A+whole+comment"
            deadline, told = time.monotonic() + 60, b"503"
            while b"503" in told and time.monotonic() < deadline:  # until those who went are missed
                with closing(begin(port, len(whole), whole)) as line:
                    told = line.recv(20)
            assert told.startswith(b"HTTP/1.1 303")
            page = get(port, ADDRESS)[1]
            assert b"A whole comment" in page
            assert b"Half a com" not in page
        finally:
            server.terminate()
            server.wait(20)
