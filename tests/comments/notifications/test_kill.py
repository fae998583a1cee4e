"""A worker that is killed: whatever it was doing, each reader gets each letter once."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.own_site import free_port, manage, own_site

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("kill")]

FOLLOWERS = 1_000
# At which letters the worker is killed: by the server that has just read all of the message and
# has not answered yet, which is the worst moment there is; and from outside, whenever it comes.
KILLED_WHILE_WAITING = {1, 2, 250, 251, 777}
KILLED_ANYWHEN = {100, 400, 600, 900}
MAKE = f"""
from django.utils import timezone
from articles.models import Article, Section
from comments.models import Discussion, Subscription
from comments.posting import post_comment
section = Section.objects.create(name="News", slug="news")
article = Article.objects.create(headline="News", slug="news", section=section, status="published",
                                 published_at=timezone.now(), body="<p>Text</p>")
discussion = Discussion.objects.create(article=article, policy="open")
now = timezone.now()
Subscription.objects.bulk_create(
    Subscription(discussion=discussion, email=f"reader{{n}}@example.org", confirmed_at=now)
    for n in range({FOLLOWERS}))
post_comment(discussion=discussion, body="Heard it?", guest_name="A", guest_email="a@example.org")
"""


class Mailbox:
    """Counts what arrives, and has the worker killed at its moments."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self.kill = lambda: None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.received[envelope.rcpt_tos[0]] += 1
        number = self.received.total()
        if number in KILLED_WHILE_WAITING:
            self.kill()
        elif number in KILLED_ANYWHEN:
            threading.Timer(0.003 * (number % 7), self.kill).start()
        return "250 taken"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    handler = Mailbox()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


@pytest.fixture
def site(
    tmp_path_factory: pytest.TempPathFactory, mailbox: tuple[Mailbox, int]
) -> Iterator[dict[str, str]]:
    """The environment of a site of its own, whose mail goes to the mailbox."""
    folder = tmp_path_factory.mktemp("kill")
    with own_site(folder, MAKE, EMAIL_URL=f"smtp://127.0.0.1:{mailbox[1]}") as environment:
        yield environment


def test_each_of_a_thousand_readers_has_one_letter_however_often_the_worker_dies(
    site: dict[str, str], mailbox: tuple[Mailbox, int]
) -> None:
    box, _port = mailbox
    deaths = 0
    worker = manage(
        site, "worker", "--queue-name", "*", "--interval", "0.1", "-v0", "--no-startup-delay"
    )

    def kill() -> None:
        worker.kill()

    box.kill = kill
    deadline = time.monotonic() + 240
    while len(box.received) < FOLLOWERS and time.monotonic() < deadline:
        if worker.poll() is not None:
            deaths += 1
            worker = manage(
                site,
                "worker",
                "--queue-name",
                "*",
                "--interval",
                "0.1",
                "-v0",
                "--no-startup-delay",
            )
        time.sleep(0.02)
    time.sleep(2)  # were there a letter too many, it would come now
    box.kill = lambda: None
    worker.terminate()
    worker.wait(20)
    assert deaths >= len(KILLED_WHILE_WAITING)
    assert len(box.received) == FOLLOWERS
    assert set(box.received.values()) == {1}
