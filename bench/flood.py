"""A flood of spam while a reader reads: does the reader notice, and can moderators still work?

Two hundred comments a second from five hundred networks (told by a trusted proxy's header), for a
minute, all on this machine, against the server as ``make demo`` runs it. Of each answer status
and content are looked at.
"""

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import NoReturn

from bench.log_in import LOG_IN
from bench.machine import PROJECT
from bench.results import Part
from bench.site import site

RATE, NETWORKS, SECONDS, CALM = 200, 500, 60, 15
CLIENTS = 20
PAUSE = 0.1  # seconds between a reader's requests
ARTICLE = "/articles/flooded/"
DESK = "/admin/moderation/?queue=waiting"
LOAD = """
from django.utils import timezone
from accounts.models import User
from articles.models import Article, Section
from comments.counts import recount
from comments.markup import render
from comments.models import Comment, Discussion
section = Section.objects.create(name="Load", slug="load")
article = Article.objects.create(headline="Flooded", slug="flooded", section=section,
    status="published", published_at=timezone.now(),
    body="<p>" + "Some words of a report. " * 300 + "</p>")
discussion = Discussion.objects.create(article=article)
body = "A comment of an ordinary length, with *some* emphasis in it. " * 3
Comment.objects.bulk_create(Comment(discussion=discussion, guest_name="Load", body=body,
    body_html=render(body), status=status) for status in ["approved"] * 50 + ["held"] * 100)
recount()
user = User.objects.create_superuser("moderator@example.org", "bench")
"""
KEPT = """
from comments.models import Comment
print("answer", *Comment.objects.filter(body__startswith="Flood ").values_list("pk", flat=True))
"""


def measure() -> Part:
    """Return the section for docs/performance.md."""
    with site(TRUSTED_PROXIES="127.0.0.1", STAFF_SECOND_FACTOR="off", LOG_LEVEL="ERROR") as made:
        session = made.run(LOAD + LOG_IN)
        with made.served_as_demo():
            calm = watch(CALM, made.port, session)
            flood = subprocess.Popen(
                [sys.executable, "-m", "bench.flood", str(made.port)],
                cwd=PROJECT, stdout=subprocess.PIPE,
            )  # fmt: skip
            flooded = watch(SECONDS, made.port, session)
            told = json.loads(flood.communicate(timeout=120)[0])
            kept = {int(number) for number in made.run(KEPT).split()}
    lost = set(told["accepted"]) - kept
    if lost:
        raise SystemExit(f"{len(lost)} accepted comments are gone.")
    return Part(section(calm, flooded, told))


def section(
    calm: dict[str, list[float]], flooded: dict[str, list[float]], told: dict[str, object]
) -> str:
    rows = []
    for what, kind in (("the report, 50 comments", "article"), ("the queue of waiting", "desk")):
        for label, share in (("median", 50), ("p95", 95)):
            before, during = percentile(calm[kind], share), percentile(flooded[kind], share)
            rows.append(
                f"| {what}, {label} | {before:.1f} | {during:.1f} | {during / before:.2f} |"
            )
    table = "\n".join(rows)
    statuses = ", ".join(f"{status}: {number:,}" for status, number in told["statuses"].items())
    return f"""
## A flood of spam while a reader reads

{told["sent"]:,} comments in {told["took"]:.0f} s ({told["rate"]:.0f} a second) from {NETWORKS}
networks, against two workers, everything on this machine's {os.cpu_count()} cores:
{statuses}. {len(told["accepted"])} were accepted, and all of them are in the database. An answer
to one of the flood took {told["median"]:.0f} ms (median), {told["p95"]:.0f} ms (p95). The reader
asks every {PAUSE * 1000:.0f} ms, the moderator every second, in the calm before as well; 100
comments wait from the beginning, so that the queue's page is as long in both.

| page | ms, calm | ms, in the flood | ratio |
| --- | --- | --- | --- |
{table}
"""


def percentile(times: list[float], share: int) -> float:
    return 1000 * statistics.quantiles(times, n=100)[share - 1]


def watch(seconds: float, port: int, session: str) -> dict[str, list[float]]:
    """Read the report as a reader, and the desk as a moderator; return how long each took."""
    times: dict[str, list[float]] = {"article": [], "desk": []}
    wrong: list[str] = []
    end = time.monotonic() + seconds

    def look(kind: str, address: str, holds: bytes, headers: dict[str, str], pause: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < end:
            begun = time.perf_counter()
            connection.request("GET", address, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or holds not in body:
                wrong.append(f"{address} answered {answer.status}")
                return
            times[kind].append(time.perf_counter() - begun)
            time.sleep(pause)

    cookie = {"Cookie": f"sessionid={session}"}
    threads = [
        threading.Thread(target=look, args=("article", ARTICLE, b"comment-body", {}, PAUSE)),
        threading.Thread(target=look, args=("desk", DESK, b"moderation", cookie, 1)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise SystemExit(wrong[0])
    return times


def flood(port: int) -> dict[str, object]:
    """Send the flood at its own pace, whatever the answers; return what came of it."""
    begun, statuses, accepted, times = time.monotonic(), Counter(), [], []
    each = RATE * SECONDS // CLIENTS

    def send(client: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            for turn in range(each):
                number = turn * CLIENTS + client
                asked = comment(number, port)
                time.sleep(max(0, begun + number / RATE - time.monotonic()))
                start = time.perf_counter()
                line.sendall(asked)
                status, location, body = answer_on(line)
                times.append(time.perf_counter() - start)
                statuses[status] += 1
                if status == 303:
                    accepted.append(int(re.findall(r"\d+", location)[0]))
                elif status == 429 and b"data-challenge" not in body:
                    statuses["429 without a way on"] += 1

    threads = [threading.Thread(target=send, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begun
    return {
        "sent": sum(n for s, n in statuses.items() if isinstance(s, int)), "took": took,
        "rate": len(times) / took, "statuses": statuses, "accepted": accepted,
        "median": percentile(times, 50), "p95": percentile(times, 95),
    }  # fmt: skip


def comment(number: int, port: int) -> bytes:
    """Return one of the flood's requests, whole: its senders should cost this machine little."""
    body = f"body=Flood+{number}%3A+buy+pills.&name=Spam&email=spam{number}%40example.org"
    network = number % NETWORKS
    return (
        f"POST {ARTICLE}comments/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        f"X-Forwarded-For: 203.{network // 256}.{network % 256}.9\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def answer_on(line: socket.socket) -> tuple[int, str, bytes]:
    """Return the status, where it leads, and the body of the answer that comes next."""
    told = b""
    while b"\r\n\r\n" not in told:
        told += line.recv(65_536) or fail("The server hung up.")
    head, _, body = told.partition(b"\r\n\r\n")
    headers = dict(part.lower().split(b": ", 1) for part in head.split(b"\r\n")[1:])
    while len(body) < int(headers[b"content-length"]):
        body += line.recv(65_536) or fail("The server hung up.")
    return int(head.split()[1]), headers.get(b"location", b"").decode(), body


def fail(why: str) -> NoReturn:
    raise SystemExit(why)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(flood(int(sys.argv[1]))))
