"""An export of 300 MB: in bounded memory, and the same site after an import that was killed."""

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests.memory import peak_of

pytestmark = [pytest.mark.process, pytest.mark.django_db]
PROJECT = Path(__file__).resolve().parent.parent.parent
OLD_SITE = PROJECT / "tests" / "data" / "old_site.xml"
SIZE = 300_000_000
MOST_MEMORY = 300_000_000  # bytes
PATIENCE = 900  # seconds for one import, on whatever machine
# Beside the real items, the made-up ones are so small that less of them is as much work.
SIZE_OF_MADE_UP_ITEMS = 5_000_000
# What is the same in every copy of the items, and how often it is there.
PRINTS = """
    SELECT 'article', md5(headline || lede || body || status || language), count(*)
    FROM articles_article GROUP BY 2
    UNION ALL SELECT 'page', md5(title || body || is_public::text), count(*)
    FROM articles_page GROUP BY 2
    UNION ALL SELECT 'picture', md5(alt || caption), count(*) FROM articles_image GROUP BY 2
    UNION ALL SELECT 'comment', md5(body || guest_name || status || depth || told), count(*)
    FROM (SELECT *, least(created_at, '2025-01-01') AS told FROM comments_comment) c GROUP BY 2
    UNION ALL SELECT 'section', md5(name || slug), count(*) FROM articles_section GROUP BY 2
"""
SHELL = f"""
import json
from django.db import connection
cursor = connection.cursor()
cursor.execute('''{PRINTS}''')
print('answer', json.dumps(cursor.fetchall()))
"""


def sources() -> tuple[list[Path], int]:
    """The real exports, or what stands for them where they are not here; how much to make."""
    real = sorted((PROJECT.parent / "shared" / "data" / "wordpress").glob("*.xml"))
    return (real, SIZE) if real else ([OLD_SITE], SIZE_OF_MADE_UP_ITEMS)


def repeated(paths: list[Path], target: Path, *, size: int) -> int:
    """Write an export of at least size bytes of the items of paths; return how many copies.

    Each copy has numbers and addresses of its own, as if it were another part of one site.
    """
    texts = [path.read_bytes() for path in paths]
    head = texts[-1][: texts[-1].index(b"<item>")]
    items = b"\n".join(
        text[text.index(b"<item>") : text.rindex(b"</item>") + len(b"</item>\n")] for text in texts
    )
    copies = 0
    with target.open("wb") as stream:
        stream.write(head)
        while not copies or stream.tell() < size:
            number = b"%06d" % copies
            copy = re.sub(
                rb"(<guid[^>]*>)((?:<!\[CDATA\[)?)", rb"\g<1>\g<2>" + number + b"-", items
            )
            for name in (b"post_id", b"post_parent"):
                copy = re.sub(
                    rb"(<wp:%s>)((?:<!\[CDATA\[)?)(?=[1-9])" % name, rb"\g<1>\g<2>1" + number, copy
                )
            stream.write(copy)
            copies += 1
        stream.write(b"</channel></rss>")
    return copies


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """The environment of processes that have a data folder and a database of their own."""
    folder = Path(tempfile.mkdtemp(prefix="newsroom-large-"))
    folder.chmod(0o755)
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "DEBUG"}}
    yield {**kept, "NEWSROOM_DATA": str(folder)}
    for pid_file in folder.rglob("postmaster.pid"):
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(PROJECT / "manage.py"), *arguments]


def prints_of(environment: dict[str, str]) -> dict[tuple[str, str], int]:
    done = subprocess.run(
        command("shell", "-v", "0", "-c", SHELL), env=environment, capture_output=True, text=True,
        check=True, timeout=PATIENCE,
    )  # fmt: skip
    answer = done.stdout.partition("answer ")[2]
    return {(kind, digest): count for kind, digest, count in json.loads(answer)}


def prints_here() -> dict[tuple[str, str], int]:
    with connection.cursor() as cursor:
        cursor.execute(PRINTS)
        return {(kind, digest): count for kind, digest, count in cursor.fetchall()}


def kill_half_way(path: Path, environment: dict[str, str]) -> None:
    """Start an import on a terminal, and kill it when half of the file is saved."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("import_wordpress", str(path)), env=environment, stdout=theirs, stderr=theirs,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    said = ""
    while not re.search(r"Articles and comments: (?:4[5-9]|[5-9]\d)%", said[-400:]):
        said += os.read(ours, 4096).decode()
    process.kill()
    process.wait()
    os.close(ours)


def run_whole(path: Path, environment: dict[str, str], report: Path) -> int:
    """Import, waiting for what is left of a killed import; return the peak of memory in bytes."""
    importing = command("import_wordpress", str(path), "--report", str(report))
    for _attempt in range(60):
        with (
            tempfile.TemporaryFile("w+") as errors,
            subprocess.Popen(
                importing, env=environment, stdout=subprocess.DEVNULL, stderr=errors, text=True
            ) as process,
        ):
            peak = peak_of(process, PATIENCE)
            errors.seek(0)
            said = errors.read()
        if "Another import" not in said:
            assert process.returncode == 0, said
            return peak
        time.sleep(0.5)
    pytest.fail("The killed import never let go of its lock.")


def test_a_large_export_needs_little_memory_and_survives_a_kill(
    environment: dict[str, str], tmp_path: Path
) -> None:
    paths, size = sources()
    once, large = tmp_path / "once.xml", tmp_path / "large.xml"
    assert repeated(paths, once, size=0) == 1
    call_command("import_wordpress", str(once), stdout=StringIO())
    expected = prints_here()
    copies = repeated(paths, large, size=size)
    subprocess.run(command("migrate", "-v", "0"), env=environment, check=True, timeout=PATIENCE)

    kill_half_way(large, environment)

    assert sum(prints_of(environment).values()) == 0  # nothing half done

    memory = run_whole(large, environment, tmp_path / "report.json")

    assert memory < MOST_MEMORY
    assert prints_of(environment) == {
        (kind, digest): count * (1 if kind == "section" else copies)
        for (kind, digest), count in expected.items()
    }
    told: Any = json.loads((tmp_path / "report.json").read_text())
    assert not told["present"].get("articles")
