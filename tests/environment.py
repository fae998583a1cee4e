"""Sets the environment of the tests before Django reads its settings (a pytest plugin).

The data folder, and with it the embedded Postgres, is a throwaway: made by the first process,
shared with its xdist workers, and removed at the end.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

if "PYTEST_XDIST_WORKER" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="newsroom-test-")
    Path(_folder).chmod(0o755)  # as root the server runs as another account
    (Path(_folder) / "static").mkdir()  # WhiteNoise warns of a folder that is not there
    (Path(_folder) / "log").mkdir()  # of all processes of the run: see private_logs
    os.environ |= {
        "NEWSROOM_DATA": _folder,
        "NEWSROOM_URL": "http://testserver",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "EMAIL_URL": "memorymail://",
        "LOG_FILE": f"{_folder}/log/all.log",
        # Nothing here outlives the run, so nothing needs to reach the disk.
        "NEWSROOM_POSTGRES_OPTIONS": "-c fsync=off -c synchronous_commit=off"
        " -c full_page_writes=off -c max_connections=200",
        # Playwright's event loop lives in the thread that also asks the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove the folder, once all workers are done."""
    if not hasattr(config, "workerinput"):
        from newsroom.embedded_postgres.server import EmbeddedPostgres

        folder = Path(os.environ["NEWSROOM_DATA"])
        EmbeddedPostgres.at(folder / "postgres").release()
        shutil.rmtree(folder, ignore_errors=True)


def pytest_configure(config: pytest.Config) -> None:
    """Start the server in the first process, so that it outlives every worker."""
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        from newsroom.embedded_postgres.server import EmbeddedPostgres

        EmbeddedPostgres.at(Path(os.environ["NEWSROOM_DATA"]) / "postgres").ensure_running()
