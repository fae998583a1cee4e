"""Ten thousand events while server and worker are killed: none lost, none counted twice."""

import contextlib
import http.client
import json
import os
import queue
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from tests.donations.deliveries import STRIPE_SECRET, payload, stripe_headers
from tests.own_site import PROJECT, free_port, manage, own_site, serve

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("kill")]
EVENTS = int(os.environ.get("KILL_EVENTS", "10000"))
CONNECTIONS = 16
DRIVE = """
import datetime
from donations.models import Campaign
Campaign.objects.create(label="July", goal_minor=10**9, starts_on=datetime.date(2026, 7, 1),
                        ends_on=datetime.date(2026, 7, 31))
"""
WAIT_AND_COUNT = """
import json, time
from django.db.models import Sum
from donations.campaigns import past_drives
from donations.models import Entry, Gift, Movement, WebhookEvent
deadline = time.monotonic() + 300
while WebhookEvent.objects.filter(status="waiting").exists() and time.monotonic() < deadline:
    time.sleep(0.2)
print(json.dumps({
    "states": sorted(set(WebhookEvent.objects.values_list("status", flat=True))),
    "events": WebhookEvent.objects.count(), "gifts": Gift.objects.count(),
    "movements": Movement.objects.count(),
    "ledger": Entry.objects.aggregate(total=Sum("amount_minor"))["total"],
    "meter": past_drives()[0].raised_minor,
}))
"""


def events() -> tuple[list[bytes], dict[str, int]]:
    """Return the events in the order of their delivery, some twice, and what they come to."""
    chance = random.Random(6)
    base = {
        kind: json.dumps(payload(f"stripe_{kind}"))
        for kind in ("charge_succeeded", "refund_created", "dispute_created", "dispute_lost")
    }

    def event(kind: str, number: int, amount: int) -> bytes:
        said = json.loads(base[kind].replace("_example_1", f"_{number}"))
        said["id"] = f"evt_{kind}_{number}"
        thing = said["data"]["object"]
        thing["amount"] = amount
        if "amount_captured" in thing:
            thing["amount_captured"] = amount
            thing["billing_details"]["email"] = None  # receipts have their own tests
        return json.dumps(said).encode()

    made: list[bytes] = []
    counts = {"events": 0, "gifts": 0, "movements": 0, "ledger": 0}
    number = 0
    while len(made) < EVENTS * 9 // 10:
        number += 1
        amount = chance.randrange(500, 5000)
        story = [event("charge_succeeded", number, amount)]
        kept = amount
        match number % 5:
            case 0:
                back = amount // 3
                story.append(event("refund_created", number, back))
                kept = amount - back
            case 1:
                story.append(event("dispute_created", number, amount))
                story.append(event("dispute_lost", number, amount))
                kept = 0
        made += story
        counts["events"] += len(story)
        counts["movements"] += len(story)
        counts["gifts"] += 1
        counts["ledger"] += kept
    made += chance.choices(made, k=EVENTS - len(made))  # told twice
    chance.shuffle(made)
    return made, counts


class Provider:
    """Delivers events by many connections, and again until each was answered with 200."""

    def __init__(self, port: int, bodies: list[bytes]) -> None:
        self.port, self.answered, self.again, self.is_stopped = port, 0, 0, False
        self.waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        for body in bodies:
            self.waiting.put(body)
        self.total = len(bodies)
        self.lock = threading.Lock()
        self.threads = [
            threading.Thread(target=self._deliver, daemon=True) for _number in range(CONNECTIONS)
        ]
        for thread in self.threads:
            thread.start()

    def _deliver(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while self.answered < self.total and not self.is_stopped:
            try:
                body = self.waiting.get(timeout=0.2)
            except queue.Empty:
                continue
            try:
                headers = {**stripe_headers(body), "Content-Type": "application/json"}
                connection.request("POST", "/webhooks/stripe/", body, headers)
                answer = connection.getresponse()
                answer.read()
                is_kept = answer.status == 200
            except (OSError, http.client.HTTPException):
                connection.close()
                is_kept = False
                time.sleep(0.1)
            with self.lock:
                self.answered += is_kept
                self.again += not is_kept
            if not is_kept:
                self.waiting.put(body)
        connection.close()

    def stop(self) -> None:
        self.is_stopped = True
        for thread in self.threads:
            thread.join(60)

    def wait_for(self, share: float) -> None:
        deadline = time.monotonic() + 300
        while self.answered < self.total * share:
            assert time.monotonic() < deadline, f"{self.answered} of {self.total} were answered"
            time.sleep(0.02)


def kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        for member in (*psutil.Process(process.pid).children(recursive=True), process):
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
    process.wait(10)


def test_ten_thousand_events_survive_two_kills(tmp_path_factory: pytest.TempPathFactory) -> None:
    bodies, counts = events()
    assert len(bodies) == EVENTS
    folder: Path = tmp_path_factory.mktemp("events")
    port = free_port()
    with own_site(folder, DRIVE, STRIPE_WEBHOOK_SECRET=STRIPE_SECRET) as site:
        worker = ["worker", "--interval", "0.1", "-v0"]
        running = [serve(site, port), manage(site, *worker)]
        provider = Provider(port, bodies)
        try:
            for share in (0.3, 0.6):
                provider.wait_for(share)
                for process in running:
                    kill(process)
                running = [serve(site, port), manage(site, *worker), manage(site, *worker)]
            provider.wait_for(1)
            counted = result_of(site, "shell", "--no-imports", "-v0", "-c", WAIT_AND_COUNT)
        finally:
            provider.stop()
            for process in running:
                kill(process)
        assert json.loads(counted) == {
            **counts, "states": ["done"], "meter": counts["ledger"],
        }  # fmt: skip
        assert "All agree." in result_of(site, "reconcile")
    assert provider.again, "the kills were not felt"


def result_of(site: dict[str, str], *command: str) -> str:
    run = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=PROJECT, env=site, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    return run.stdout
