"""What a worker of the server loads before it is asked anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.own_site import PROJECT

CODE = """
import sys
import newsroom.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
print(*sys.modules)
"""
# Together they would be a sixth of what it takes of memory, on sites that have no use for them.
FOR_SOME_SITES = {"redis", "stripe", "cryptography.x509"}


@pytest.mark.process
def test_a_worker_does_without_what_only_some_sites_use(tmp_path: Path) -> None:
    environment = {**os.environ, "NEWSROOM_DATA": str(tmp_path), "REDIS_URL": ""}
    environment["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/nothing"  # is not asked
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=PROJECT, env=environment, check=True,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert "comments.limits.buckets" in loaded
    assert not FOR_SOME_SITES & loaded
