"""Isso: its own server, asked for a thread as its script asks."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.load import Target
from bench.machine import SERVER_CORE, on_core
from bench.peers.environment import installed
from bench.site import server
from tests.own_site import free_port

SIZES = (100, 1_000)
CONFIGURATION = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
[server]
listen = http://127.0.0.1:{port}
"""


@contextmanager
def pages(folder: Path) -> Iterator[dict[str, Target]]:
    python = installed(folder, "isso==0.14.0", "setuptools<81")
    port = free_port()
    configuration = folder / "isso.cfg"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port))
    address = f"http://127.0.0.1:{port}"
    command = [str(python.with_name("isso")), "-c", str(configuration), "run"]
    with server(on_core(SERVER_CORE, command), f"{address}/info", dict(os.environ), folder):
        _fill(folder / "comments.db")
        yield {
            f"Isso, {size:,} comments": Target(
                f"{address}/?uri=/load-{size}/", b"Words of a comment", connections=2
            )
            for size in SIZES
        }


def _fill(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for thread, size in enumerate(SIZES, start=1):
            database.execute(
                "INSERT INTO threads (id, uri, title) VALUES (?, ?, 'Load')",
                (thread, f"/load-{size}/"),
            )
            first = thread * 10_000
            database.executemany(
                "INSERT INTO comments (tid, id, parent, created, mode, remote_addr, text, author,"
                " likes, dislikes, voters) VALUES (?, ?, ?, ?, 1, '127.0.0.0', ?, 'Load', 0, 0, ?)",
                [
                    (thread, first + number, first + number - 1 if number % 2 else None,
                     1.7e9 + number, "Words of a comment of an ordinary length. " * 5, bytes(256))
                    for number in range(size)
                ],
            )  # fmt: skip
