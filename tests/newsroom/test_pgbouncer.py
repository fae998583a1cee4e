"""The site behind a real PgBouncer that gives each transaction another session."""

import http.client
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import missing
from tests.own_site import STATIC, free_port, manage, own_site, serve
from tests.processes import kill_family
from tests.replica import Postgres

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("replicas")]
MAKE = """
from django.utils import timezone
from articles.models import Article, Section
from comments.models import Discussion
section = Section.objects.create(name="News", slug="news")
article = Article.objects.create(headline="News", slug="news", section=section, status="published",
                                 published_at=timezone.now(), body="<p>Text</p>")
Discussion.objects.create(article=article, policy="open")
"""
REPORT = "/articles/news/"


@dataclass
class Site:
    port: int
    environment: dict[str, str]
    postgres: Postgres

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = urllib.parse.urlencode(form) if form else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        connection.request("POST" if form else "GET", path, body, headers)
        answer = connection.getresponse()
        told = answer.status, answer.read().decode()
        connection.close()
        return told

    def post(self, text: str, number: int = 0, notify: str = "none") -> int:
        form = {"body": text, "name": f"R{number}", "email": f"r{number}@example.org"}
        return self.ask(f"{REPORT}comments/", form | {"key": str(uuid.uuid4()), "notify": notify})[
            0
        ]


@contextmanager
def pgbouncer(postgres: Postgres, folder: Path) -> Iterator[str]:
    """Run a pooler of two sessions in front of a server; yield its address."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        missing("pgbouncer")
    port = free_port()
    folder.mkdir()
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\nnewsroom = host={postgres.embedded.socket_folder} user=postgres\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        "auth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n"
    )
    account = postgres.embedded._account  # it does not run as root either
    pooler = subprocess.Popen(
        [str(program), "--quiet", str(settings)],
        user=account.pw_uid if account else None, group=account.pw_gid if account else None,
        extra_groups=[] if account else None, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(lambda: is_open(port))
        yield f"postgres://postgres@127.0.0.1:{port}/newsroom"
    finally:
        pooler.terminate()
        pooler.wait(20)


def is_open(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("pooled")
    with own_site(folder, MAKE) as environment:
        assert manage(environment, *STATIC).wait(120) == 0
        postgres = Postgres(folder / "postgres")
        postgres.start()
        # Each connection has to ask for UTC then, and the pooler to remember it.
        postgres.ask("ALTER DATABASE newsroom SET timezone = 'Asia/Tokyo'")
        with pgbouncer(postgres, folder / "pgbouncer") as pooled:
            port = free_port()
            environment |= {
                "DATABASE_URL": pooled,
                "DATABASE_LISTEN_URL": postgres.url,
                "NEWSROOM_URL": f"http://127.0.0.1:{port}",
            }
            environment.pop("EMAIL_URL")  # letters lie in the data folder
            server = serve(environment, port)
            try:
                yield Site(port, environment, postgres)
            finally:
                kill_family(server)


def test_comments_stand_on_the_kept_page_at_once(site: Site) -> None:
    until(lambda: json.loads(site.ask("/readyz")[1])["listener"])

    def write(number: int) -> None:
        for turn in range(5):
            assert site.post(f"Reader {number}, turn {turn}.", number) in {200, 303}
            assert f"Reader {number}, turn {turn}." in site.ask(f"{REPORT}comments/?sort=newest")[1]
            done.append(number)

    done: list[int] = []
    writers = [threading.Thread(target=write, args=[number]) for number in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(done) == 30  # a failed assertion in a thread would be missing here
    sessions = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = 'newsroom'"
        " AND application_name = '' AND pid <> pg_backend_pid()"
    )
    assert site.postgres.ask(sessions) <= 2


def test_worker_sends_and_holds_its_lock_past_the_pooler(site: Site) -> None:
    assert site.post("Tell me more.", 100, "replies") in {200, 303}
    worker = manage(site.environment, "worker", "--queue-name", "*")
    try:
        mail = Path(site.environment["NEWSROOM_DATA"]) / "mail"
        until(lambda: any("r100@example.org" in one.read_text() for one in mail.glob("*")))
        locks = (
            "SELECT string_agg(a.application_name, ' ') FROM pg_locks l JOIN pg_stat_activity a"
            " USING (pid) WHERE l.locktype = 'advisory' AND l.granted"
        )
        until(lambda: site.postgres.ask(locks) == "newsroom-worker")
    finally:
        kill_family(worker)
    until(lambda: site.postgres.ask(locks) is None)


def test_commands_that_read_a_great_deal_share_the_sessions(site: Site, tmp_path: Path) -> None:
    assert site.post("To be exported as well.", 200) in {200, 303}
    exports = [manage(site.environment, "export_site", str(tmp_path / name)) for name in "ab"]
    assert [export.wait(120) for export in exports] == [0, 0]
    written = [len(list((tmp_path / name).rglob("*"))) for name in "ab"]
    assert written[0] == written[1] > 5
    assert manage(site.environment, "migrate", "-v0").wait(120) == 0
