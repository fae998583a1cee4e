"""What is posted while things die: no comment twice, none lost, no text lost."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from collections.abc import Iterator
from html import escape
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from tests.own_site import PROJECT, STATIC, free_port, manage, own_site, serve
from tests.processes import kill_family

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("kill")]
MAKE = """
from django.utils import timezone
from articles.models import Article, Section
from comments.models import Discussion
section = Section.objects.create(name="News", slug="news")
article = Article.objects.create(headline="News", slug="news", section=section, status="published",
                                 published_at=timezone.now(), body="<p>Text</p>")
Discussion.objects.create(article=article, policy="open")
"""
COUNT = """
from comments.models import Comment
print(*Comment.objects.values_list("body", flat=True), sep="\\n")
"""


def comments_of(environment: dict[str, str]) -> list[str]:
    shell = ["manage.py", "shell", "--no-imports", "-v0", "-c", COUNT]
    run = subprocess.run(
        [sys.executable, *shell], cwd=PROJECT, env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return run.stdout.split("\n")[:-1]


class Between:
    """Stands before the server; told to, it waits for the answer to a post, kills the server, and
    lets the browser hear nothing of it.
    """

    def __init__(self, port: int, server_port: int) -> None:
        self.server_port = server_port
        self.server: subprocess.Popen[bytes] | None = None
        self.is_deadly = False
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self.listener.accept()
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            upstream = socket.create_connection(("127.0.0.1", self.server_port))
        except OSError:
            client.close()
            return
        seen = {"post": False}

        def up() -> None:
            with contextlib.suppress(OSError):
                while data := client.recv(65536):
                    if data.startswith((b"GET ", b"POST ")):
                        seen["post"] = data.startswith(b"POST /articles/")
                    upstream.sendall(data)

        threading.Thread(target=up, daemon=True).start()
        with contextlib.suppress(OSError):
            while data := upstream.recv(65536):
                if seen["post"] and self.is_deadly and self.server:
                    kill_family(self.server)
                    break
                client.sendall(data)
        for end in (client, upstream):
            # Closing alone would wait for the other thread, which reads.
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with own_site(tmp_path_factory.mktemp("posts"), MAKE) as environment:
        assert manage(environment, *STATIC).wait(120) == 0
        yield environment


def test_answer_lost_with_the_server_makes_one_comment(
    site: dict[str, str], browser: Browser
) -> None:
    port, server_port = free_port(), free_port()
    site = {**site, "NEWSROOM_URL": f"http://127.0.0.1:{port}"}
    between = Between(port, server_port)
    between.server = serve(site, server_port)
    page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
    page.goto("/articles/news/")
    form = page.locator("#comments form[data-comment-form]")
    form.get_by_label("Your comment").fill("Only once, please.")
    form.get_by_label("Name").fill("Petra")
    form.get_by_label("Email").fill("petra@example.org")
    between.is_deadly = True
    form.get_by_role("button", name="Post the comment").click()
    expect(form.get_by_role("alert")).to_be_visible()
    expect(form.get_by_label("Your comment")).to_have_value("Only once, please.")
    assert between.server.poll() is not None
    assert comments_of(site) == ["Only once, please."]  # it had been committed
    between.is_deadly = False
    between.server = serve(site, server_port)
    form.get_by_role("button", name="Post the comment").click()
    posted = page.locator("#comment-list article")
    expect(posted).to_have_count(1)
    expect(posted).to_contain_text("Only once, please.")
    expect(posted).to_be_focused()
    assert comments_of(site) == ["Only once, please."]

    # Also when the page was loaded anew in between: the draft keeps its key.
    page.reload()
    form.get_by_label("Your comment").fill("And this.")
    between.is_deadly = True
    form.get_by_role("button", name="Post the comment").click()
    expect(form.get_by_role("alert")).to_be_visible()
    between.is_deadly = False
    between.server = serve(site, server_port)
    page.reload()
    expect(form.get_by_label("Your comment")).to_have_value("And this.")
    form.get_by_role("button", name="Post the comment").click()
    expect(page.locator("#comment-list article", has_text="And this.")).to_have_count(1)
    assert sorted(comments_of(site)) == ["And this.", "Only once, please."]
    page.close()
    kill_family(between.server)


def test_database_restarted_while_twenty_readers_post(site: dict[str, str]) -> None:
    port = free_port()
    site = {**site, "NEWSROOM_URL": f"http://127.0.0.1:{port}"}
    server = serve(site, port)
    accepted: list[str] = []
    refused: list[tuple[str, int, str]] = []
    end = time.monotonic() + 12

    def reader(number: int) -> None:
        turn = 0
        while time.monotonic() < end:
            turn += 1
            text = f"Reader {number}, <turn> {turn}."
            status, page = post(port, text, number)
            if status in {200, 303}:
                accepted.append(text)
            else:
                refused.append((text, status, page))
                time.sleep(0.1)

    threads = [threading.Thread(target=reader, args=[number]) for number in range(20)]
    for thread in threads:
        thread.start()
    for pause in (3, 3):
        time.sleep(pause)
        kill_postgres(Path(site["NEWSROOM_DATA"]) / "postgres")
    for thread in threads:
        thread.join()
    there = comments_of(site)
    kill_family(server)
    assert refused, "the restart was not felt at all"
    assert set(accepted) <= set(there)
    assert len(there) == len(set(there))
    for text, status, page in refused:
        assert status == 503, page[:500]
        assert escape(text) in page


def post(port: int, text: str, number: int) -> tuple[int, str]:
    data = urllib.parse.urlencode(
        {"body": text, "name": f"R{number}", "email": f"r{number}@example.org", "key": uuid.uuid4()}
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/articles/news/comments/", data, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page


def kill_postgres(folder: Path) -> None:
    """Stop the server at once, as a crash or a fail-over does; the next connection starts it."""
    number = int((folder / "postmaster.pid").read_text().split()[0])
    os.kill(number, signal.SIGQUIT)
    deadline = time.monotonic() + 20
    while psutil.pid_exists(number) and time.monotonic() < deadline:
        time.sleep(0.02)
