"""A site in several server processes, each of whose workers can be asked by itself."""

import http.client
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

from tests.own_site import free_port, manage, serve

START = 60  # seconds until all workers of a server answer
# Does what its lines say, and answers each when it is done.
TELLER = """
import sys
names = {}
for line in sys.stdin:
    exec(line, names)
    print("done", flush=True)
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a worker answered, and between which moments (``time.monotonic``)."""

    page: str
    sent_at: float
    arrived_at: float
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def worker(self) -> int:
        return int(self.headers["X-Worker"])

    @property
    def hears(self) -> bool:
        return self.headers["X-Hears"] == "True"

    @property
    def made(self) -> int:
        return int(self.headers["X-Made"])


class Line:
    """A connection that is kept, and so stays with one worker."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.port = port
        self.worker = self.get("/healthz").worker

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def get(self, page: str) -> Seen:
        return self._ask(page, "GET")

    def post(self, page: str, fields: dict[str, str]) -> Seen:
        return self._ask(page, "POST", urlencode(fields))

    def _ask(self, page: str, method: str, body: str | None = None) -> Seen:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        sent_at = time.monotonic()
        self._connection.request(method, page, body, kind)
        answer = self._connection.getresponse()
        content = answer.read()
        return Seen(page, sent_at, time.monotonic(), answer.status, answer.headers, content)


def line_to_each_worker(port: int, workers: int) -> Iterator[Line]:
    """Yield a connection to each worker of a server, once they all serve.

    Connections fall to them by chance.
    """
    found: set[int] = set()
    deadline = time.monotonic() + START
    while len(found) < workers:
        assert time.monotonic() < deadline, f"Only {len(found)} of {workers} workers answer."
        line = Line(port)
        if line.worker in found:
            line.__exit__()
            time.sleep(0.02)
        else:
            found.add(line.worker)
            yield line


@contextmanager
def served(site: dict[str, str], *, servers: int, workers: int) -> Iterator[list[Line]]:
    """Serve a site; yield a line to each worker once its page cache hears."""
    with ExitStack() as running:
        lines = []
        for _ in range(servers):
            port = free_port()
            server = serve(
                site, port, workers=workers, application="tests.named_worker:application"
            )
            running.callback(server.wait, 20)
            running.callback(server.terminate)
            lines += map(running.enter_context, line_to_each_worker(port, workers))
        for line in lines:
            wait_until_heard(line)
        yield lines


def wait_until_heard(line: Line, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not line.get("/healthz").hears:
        assert time.monotonic() < deadline, "The page cache of a worker does not hear."
        time.sleep(0.02)


class Desk:
    """A process of its own that runs what it is told in the project's code, as a worker would."""

    def __init__(self, site: dict[str, str]) -> None:
        self._process = manage(
            site, "shell", "--no-imports", "-v0", "-c", TELLER,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def run(self, statement: str) -> float:
        """Run a statement; return when it had begun (``time.monotonic``)."""
        assert self._process.stdin
        assert self._process.stdout
        began = time.monotonic()
        self._process.stdin.write(statement.strip().replace("\n", "; ").encode() + b"\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == b"done\n", statement
        return began

    def close(self) -> None:
        self._process.communicate(timeout=20)


@contextmanager
def desk_of(site: dict[str, str]) -> Iterator[Desk]:
    desk = Desk(site)
    try:
        yield desk
    finally:
        desk.close()
