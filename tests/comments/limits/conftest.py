"""A Redis of the tests' own."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from redis import Redis, RedisError

from tests.conftest import missing
from tests.own_site import free_port


@contextmanager
def redis_at(port: int, folder: Path) -> Iterator[str]:
    """Run a server that keeps nothing on disk; yield its address."""
    if shutil.which("redis-server") is None:
        missing("redis-server")
    server = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "",
         "--appendonly", "no", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with Redis(port=port) as client:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                with suppress(RedisError):
                    client.ping()
                    break
                time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_at(free_port(), tmp_path_factory.mktemp("redis")) as url:
        yield url
