"""Load by ``wrk`` from a core of its own, and proof of what was served under it."""

import http.client
import json
import re
import statistics
import subprocess
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import brotli

from bench.machine import CLIENT_CORE, on_core, program

RUNS = 3
SECONDS = 3
WARM_UP = 2
PAUSE = 0.5  # seconds before a run: what the last one did not wait for is still being answered
# At the end wrk says in a form of ours what it has counted.
SUMMARY = """
done = function(summary, latency, requests)
  if report then report() end
  io.write(string.format(
    'summary {"requests":%d,"seconds":%f,"bytes":%d,"wrong":%d,"broken":%d,"p99":%f}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(99) / 1e3))
end
"""


class NothingServedError(Exception):
    """No answer came within the time of a run."""


@dataclass
class Load:
    """What came of one run. p99: milliseconds. output: what wrk and its script said."""

    rate: float
    p99: float
    requests: int
    output: str


@dataclass
class Target:
    """An address, and what its answers must be.

    holds: what must stand in the body. connections: at once. script: Lua for wrk, which then says
    itself what it asks for, so that only statuses are looked at.
    """

    url: str
    holds: bytes
    headers: dict[str, str] = field(default_factory=dict)
    connections: int = 16
    script: str = ""
    threads: int = 1


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers by small names, and the body as it came."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=120)
    try:
        query = f"?{parts.query}" if parts.query else ""
        connection.request("GET", f"{parts.path}{query}", headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
    finally:
        connection.close()


def proved(target: Target) -> bytes:
    """Return the body as it travels. Raises SystemExit where it is not what it must be."""
    status, headers, body = get(target.url, target.headers)
    if status != 200 or int(headers.get("content-length", len(body))) != len(body):
        raise SystemExit(f"{target.url} answered {status}, {len(body)} bytes")
    encoding = headers.get("content-encoding", "")
    asked = target.headers.get("Accept-Encoding", "")
    if asked and encoding != asked:
        raise SystemExit(f"{target.url} came as {encoding or 'plain text'} instead of {asked}")
    if target.holds not in opened(body, encoding):
        raise SystemExit(f"{target.url} does not hold {target.holds!r}")
    return body


def opened(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.decompress(body))
    return zlib.decompress(body, wbits=31) if encoding == "gzip" else body


def run(target: Target, seconds: float) -> Load:
    """Ask as fast as it answers. Raises SystemExit where an answer was not what it must be."""
    time.sleep(PAUSE)
    length = 0 if target.script else len(proved(target))
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(target.script + SUMMARY)
        script.flush()
        command = [
            program("wrk", "wrk"), f"-t{target.threads}", f"-c{target.connections}",
            f"-d{seconds}s", "--timeout", "20s", "-s", script.name,
            *(f"-H{name}: {value}" for name, value in target.headers.items()), target.url,
        ]  # fmt: skip
        done = subprocess.run(
            on_core(CLIENT_CORE, command), check=True, stdout=subprocess.PIPE, text=True,
            cwd=Path(script.name).parent,
        )  # fmt: skip
    summary = re.search(r"^summary (.*)$", done.stdout, re.MULTILINE)
    if summary is None:
        raise SystemExit(done.stdout)
    told = json.loads(summary[1])
    if not told["requests"]:
        raise NothingServedError(f"{target.url} answered nothing in {seconds} s")
    if told["wrong"] or told["broken"]:
        raise SystemExit(f"{target.url}: {summary[1]}")
    each = told["bytes"] / told["requests"]
    if length and not length < each < length + 3_000:  # headers are smaller than that
        raise SystemExit(f"{target.url}: {each:.0f} bytes each instead of {length} and headers")
    if length:
        proved(target)
    return Load(told["requests"] / told["seconds"], told["p99"], told["requests"], done.stdout)


def compared(
    targets: Sequence[Target], *, seconds: float = SECONDS, runs: int = RUNS,
    before: Callable[[], None] | None = None,
) -> list[Load]:  # fmt: skip
    """Return each target's median run, after a warm-up.

    The targets by turns, so that what else the machine does falls on all. before: called before
    each run.
    """
    for target in targets:
        run(target, min(WARM_UP, seconds))
    found: list[list[Load]] = [[] for _ in targets]
    for _ in range(runs):
        for place, target in enumerate(targets):
            if before:
                before()
            found[place].append(run(target, seconds))
    return [middle(loads) for loads in found]


def middle(loads: list[Load]) -> Load:
    rate = statistics.median_low(load.rate for load in loads)
    return next(load for load in loads if load.rate == rate)
