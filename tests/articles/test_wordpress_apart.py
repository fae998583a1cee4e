"""A large export is read by another process, to the same end."""

from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import call_command
from django.db import transaction

from articles.models import Article
from articles.wordpress import apart
from articles.wordpress.apart import read_with_comments
from articles.wordpress.wxr import BadExport, Item
from comments.models import Comment
from comments.wordpress import read_comments

OLD_SITE = Path(__file__).resolve().parent.parent / "data" / "old_site.xml"
pytestmark = pytest.mark.process


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 0)
    monkeypatch.setattr(apart, "AT_ONCE", 3)


def readers() -> list[psutil.Process]:
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if any("spawn_main" in word for word in process.cmdline())
    ]


def test_it_reads_the_same(all_are_large: None, monkeypatch: pytest.MonkeyPatch) -> None:
    read = list(read_with_comments(OLD_SITE, read_comments))
    monkeypatch.undo()
    assert read == list(read_with_comments(OLD_SITE, read_comments))
    comments = [
        comment for thing, _share in read if isinstance(thing, Item) for comment in thing.comments
    ]
    assert comments
    assert all(comment.made.html for comment in comments if comment["content"].strip())
    assert not readers()


def test_what_breaks_off_says_where(all_are_large: None, tmp_path: Path) -> None:
    path = tmp_path / "broken.xml"
    text = OLD_SITE.read_text(encoding="utf-8")
    path.write_text(text[: text.rindex("</item>")], encoding="utf-8")
    with pytest.raises(BadExport, match=r"Line \d+"):
        list(read_with_comments(path, read_comments))


def test_process_ends_with_who_reads_and_its_death_is_told(
    all_are_large: None, tmp_path: Path
) -> None:
    path = tmp_path / "long.xml"  # so that it cannot all be on its way
    text = OLD_SITE.read_text(encoding="utf-8")
    begin, end = text.index("<item>"), text.rindex("</item>") + len("</item>")
    path.write_text(text[:begin] + text[begin:end] * 100 + text[end:], encoding="utf-8")
    with closing(read_with_comments(path, read_comments)) as told:
        next(told)
    assert not readers()
    with closing(read_with_comments(path, read_comments)) as told:
        next(told)
        for process in readers():
            process.kill()
        with pytest.raises(EOFError):
            list(told)


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
