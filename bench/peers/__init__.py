"""What others need for the same work, measured in the same run."""

import sys
import tempfile
from pathlib import Path

from bench.load import RUNS, NothingServedError, compared
from bench.machine import NotMeasuredError
from bench.peers import isso, wagtail, xtd
from bench.results import Bar, Part

LONG = 4  # seconds: some need them for a few pages
PEERS = {"django-comments-xtd": xtd.pages, "Isso": isso.pages, "Wagtail": wagtail.pages}


def measure() -> Part:
    rows, bars = [], []
    for peer, pages in PEERS.items():
        with tempfile.TemporaryDirectory(prefix="newsroom-peer-") as name:
            folder = Path(name)
            folder.chmod(0o755)
            try:
                with pages(folder) as targets:
                    for label, target in targets.items():
                        try:
                            [load] = compared([target], seconds=LONG)
                        except NothingServedError:
                            rows.append(f"| {label} | none within {LONG} s | |")
                            continue
                        rows.append(f"| {label} | {load.rate:,.1f} | {1000 / load.rate:,.0f} |")
                        bars.append(Bar(label, load.rate, "others"))
            except NotMeasuredError as error:
                rows.append(f"| {peer} | not measured: {error} | |")
            except Exception as error:  # noqa: BLE001 (one peer's failure is no other's)
                sys.stderr.write(f"{peer}: {error}\n")
                rows.append(f"| {peer} | not measured: {type(error).__name__} | |")
    section = f"""
## Others

Installed by the bench into environments of their own, on the same core, with the same PostgreSQL
where they use one, and shown as they show it by themselves: django-comments-xtd draws the whole
thread (ours draws its first page, and leads on from there), Isso sends it as JSON, Wagtail has no
comments. None of them keeps pages. 2 connections, medians of {RUNS} runs of {LONG} s.

| page | requests/s | ms each |
| --- | --- | --- |
{chr(10).join(rows)}
"""
    return Part(section, [], bars)
