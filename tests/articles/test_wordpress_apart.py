"""A large export is read by another process, to the same end."""

import subprocess
import sys
import time
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from articles.models import Article
from articles.wordpress import apart
from articles.wordpress.apart import ReadingEnded, Told, read_apart
from articles.wordpress.wxr import BadExport, Item
from comments.markup import render
from comments.models import Comment
from comments.wordpress_bodies import read_comments

OLD_SITE = Path(__file__).resolve().parent.parent / "data" / "old_site.xml"
# Bytes; with the apps and their models it takes 105 MB.
MEMORY_OF_READER = 80_000_000
pytestmark = pytest.mark.process
# Begins to read a file and does not go on.
STANDS_STILL = """
import sys, time
from pathlib import Path
import django
django.setup()
from articles.wordpress import apart
from comments.wordpress_bodies import read_comments
apart.LARGE, apart.AHEAD = 0, 1
with apart.read_apart(Path(sys.argv[1]), read_comments) as told:
    next(iter(told))
    print("reads", flush=True)
    time.sleep(100)
"""


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 0)
    monkeypatch.setattr(apart, "AT_ONCE", 2_000)


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """An export that cannot all be on its way."""
    path = tmp_path / "long.xml"
    text = OLD_SITE.read_text(encoding="utf-8")
    begin, end = text.index("<item>"), text.rindex("</item>") + len("</item>")
    path.write_text(text[:begin] + text[begin:end] * 1_000 + text[end:], encoding="utf-8")
    return path


def read(path: Path) -> list[Told]:
    with read_apart(path, read_comments) as told:
        return list(told)


def readers(process: psutil.Process | None = None) -> list[psutil.Process]:
    found = []
    for child in (process or psutil.Process()).children(recursive=True):
        with suppress(psutil.Error):
            if any("spawn_main" in word for word in child.cmdline()):
                found.append(child)
    return found


def test_it_reads_the_same(all_are_large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    by_another = read(OLD_SITE)
    items = [thing for thing, _share in by_another if isinstance(thing, Item)]
    made = [comment for item in items for comment in item.comments if comment.made]
    assert made
    assert all(comment.made.html for comment in made if comment["content"].strip())
    for comment in made:
        comment.made = None
    monkeypatch.undo()
    assert by_another == read(OLD_SITE)
    assert not readers()


def test_reader_translates_as_this_process_would(all_are_large: None, tmp_path: Path) -> None:
    path = tmp_path / "spoiler.xml"
    text = OLD_SITE.read_text(encoding="utf-8")
    path.write_text(text.replace("To itself", "It was ||the butler||"), encoding="utf-8")
    items = [thing for thing, _share in read(path) if isinstance(thing, Item)]
    [made] = [one.made for item in items for one in item.comments if "butler" in one["content"]]
    assert made.html == render(made.text)
    assert "<summary>Spoiler</summary>" in made.html


def test_what_breaks_off_says_where(all_are_large: None, tmp_path: Path) -> None:
    path = tmp_path / "broken.xml"
    text = OLD_SITE.read_text(encoding="utf-8")
    path.write_text(text[: text.rindex("</item>")], encoding="utf-8")
    with pytest.raises(BadExport, match=r"Line \d+"):
        read(path)


def test_process_ends_with_who_reads(all_are_large: None, long: Path) -> None:
    with read_apart(long, read_comments) as told:
        next(iter(told))
        [reader] = readers()
        assert reader.memory_info().rss < MEMORY_OF_READER
    assert not readers()


def test_process_ends_with_its_killed_parent(long: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STANDS_STILL, str(long)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "reads\n"
        [reader] = readers(psutil.Process(parent.pid))
        parent.kill()
    deadline = time.monotonic() + 20
    while reader.is_running() and reader.status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.django_db
def test_death_of_the_process_is_told_and_changes_nothing(
    all_are_large: None, long: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "AHEAD", 1)
    with read_apart(long, read_comments) as told:
        things = iter(told)
        next(things)
        for process in readers():
            process.kill()
        with pytest.raises(ReadingEnded):
            list(things)
    send = apart._PROCESSES.Process.start

    def start(process: Any) -> None:
        send(process)
        process.kill()

    monkeypatch.setattr(apart._PROCESSES.Process, "start", start)
    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_wordpress", str(OLD_SITE), stdout=StringIO())
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_import_by_two_processes_is_whole(
    all_are_large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def imported() -> dict[str, Any]:
        with transaction.atomic():
            call_command("import_wordpress", str(OLD_SITE), stdout=StringIO())
            comments = Comment.objects.order_by("discussion__article__slug", "created_at", "body")
            found = {
                "articles": list(Article.objects.order_by("slug").values_list("slug", "headline")),
                "comments": list(comments.values_list("body", "body_html", "status", "depth")),
            }
            transaction.set_rollback(True)
        return found

    by_two = imported()
    assert by_two["comments"]
    monkeypatch.undo()
    assert imported() == by_two
