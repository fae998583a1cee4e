"""``import_wordpress``: whole exports in, twice without doubling, or nothing at all."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections
from PIL import Image as PillowImage

from articles.models import (
    Article,
    Author,
    Image,
    ImportedItem,
    Page,
    Redirect,
    Section,
    Status,
    Tag,
)
from articles.redirects import remember_old_path
from articles.wordpress.importing import LOCK
from comments.models import Comment, CommentStatus, Discussion
from newsroom.management.commands.import_wordpress import ProgressLine
from tests.articles.factories import ArticleFactory

pytestmark = pytest.mark.django_db
OLD_SITE = Path(__file__).resolve().parent.parent / "data" / "old_site.xml"
MODELS = [Article, Author, Comment, Discussion, Image, ImportedItem, Page, Redirect, Section, Tag]


def run(path: Path, **options: Any) -> str:
    out = StringIO()
    call_command("import_wordpress", str(path), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def everything() -> dict[str, list[Any]]:
    return {
        model.__name__: list(model.objects.order_by("pk").values_list("pk", flat=True))
        for model in MODELS
    }


def stored_pictures() -> list[str]:
    return default_storage.listdir("images")[1] if default_storage.exists("images") else []


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    (folder / "2020" / "01").mkdir(parents=True)
    PillowImage.new("RGB", (30, 20), "green").save(folder / "2020" / "01" / "mill.png")
    return folder


def test_a_post_arrives_with_all_that_belongs_to_it() -> None:
    run(OLD_SITE)

    article = Article.objects.get(slug="drought")
    assert article.headline == "A long drought"  # what a reader of the old site saw of it
    assert article.lede == "In short."
    assert (article.status, article.language) == (Status.PUBLISHED, "en")
    assert article.published_at is not None
    assert article.published_at.isoformat() == "2020-01-02T03:04:05+00:00"
    assert article.section.name == "Rivers"  # the deepest of its categories
    assert article.section.parent is not None
    assert article.section.parent.name == "Water"
    assert {tag.name for tag in article.tags.all()} == {"Wells", "Farming"}
    assert [author.name for author in article.authors.all()] == ["Ann Archer"]
    assert article.lead_image is not None
    assert (article.lead_image.alt, article.lead_image.caption) == ("A mill", "The mill at noon")
    assert not article.lead_image.file
    assert article.body.count("missing-media") == 2  # in the gallery, and by itself
    assert 'class="alignleft missing-media"' in article.body
    for bad in ("<script", "javascript:", "old.example", "[gallery"):
        assert bad not in article.body
    assert article.search_vector is not None or Article.objects.matching("drought").exists()


def test_comments_keep_threads_states_dates_and_writers() -> None:
    report = run(OLD_SITE)

    comments = {
        comment.guest_name: comment
        for comment in Discussion.objects.get(article__slug="drought").comments.all()
    }
    assert set(comments) == {
        "Bo", "Cleo", "Dee", "Eve", "Fay", "Gus", "Another site « its title",
    }  # fmt: skip
    assert comments["Cleo"].parent == comments["Bo"]
    assert (comments["Cleo"].root, comments["Cleo"].depth) == (comments["Bo"], 1)
    assert comments["Bo"].created_at.isoformat() == "2020-01-03T00:00:00+00:00"
    assert comments["Bo"].guest_email == "bo@example.org"
    assert comments["Cleo"].guest_email == ""
    assert "<strong>Bold</strong>" in comments["Bo"].body_html
    assert 'href="https://example.org/"' in comments["Bo"].body_html
    assert "javascript" not in comments["Bo"].body_html
    assert "alert" not in comments["Bo"].body_html
    assert comments["Dee"].parent is None
    assert comments["Dee"].created_at.year == 2020  # dated like the article
    assert comments["Eve"].parent is None
    assert comments["Gus"].parent == comments["Fay"]
    assert comments["Fay"].parent is None
    assert {name: comment.status for name, comment in comments.items()} == {
        "Bo": CommentStatus.APPROVED, "Cleo": CommentStatus.APPROVED, "Dee": CommentStatus.HELD,
        "Eve": CommentStatus.SPAM, "Fay": CommentStatus.DELETED, "Gus": CommentStatus.APPROVED,
        "Another site « its title": CommentStatus.APPROVED,
    }  # fmt: skip
    ping = comments["Another site « its title"]
    assert "[...] about it [...]" in ping.body_html
    assert 'href="https://other.example/ping/"' in ping.body_html
    assert Discussion.objects.get(article__slug="drought").comment_count == 4
    assert Comment.objects.get(pk=comments["Bo"].pk).reply_count == 1
    assert "circle" in report
    assert "99" in report


def test_answers_are_counted_while_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.management.commands.import_wordpress.recount", dict)

    run(OLD_SITE)

    assert Comment.objects.filter(reply_count__gt=0).exists()
    for comment in Comment.objects.filter(parent=None):
        answers = Comment.objects.filter(root=comment, status=CommentStatus.APPROVED)
        assert comment.reply_count == answers.count()


def test_states_odd_items_and_pages_find_their_place() -> None:
    report = run(OLD_SITE)

    assert Article.objects.get(headline="").status == Status.DRAFT
    secret = Article.objects.get(headline="Secret")
    assert (secret.status, secret.published_at) == (Status.DRAFT, None)
    to_come = Article.objects.get(headline="To come")
    assert (to_come.status, to_come.slug, to_come.is_public) == (
        Status.SCHEDULED, "drought-2", False,
    )  # fmt: skip
    arabic = Article.objects.get(slug="عنوان")
    assert arabic.text_direction == "rtl"
    assert arabic.headline.endswith("😀")
    assert not Article.objects.filter(headline="In the bin").exists()
    team = Page.objects.get(slug="team")
    assert team.parent is not None
    assert team.parent.title == "About"
    guest_book = Article.objects.get(slug="guest-book")
    assert guest_book.section.slug == "pages"
    assert guest_book.discussion.state == Discussion.State.CLOSED
    assert [comment.guest_name for comment in guest_book.discussion.comments.all()] == ["Anonymous"]
    parents = {section.parent for section in Section.objects.filter(slug__startswith="loop")}
    assert parents == {None}
    for told in ("nav_menu_item", "recipe", "in the bin", "a second time", "password", "Sticky"):
        assert told in report


def test_a_second_import_adds_nothing_and_says_so() -> None:
    run(OLD_SITE)
    before = everything()

    report = run(OLD_SITE)

    assert everything() == before
    assert "Imported:\n  nothing" in report


def test_what_was_changed_or_removed_here_since_is_left_so() -> None:
    run(OLD_SITE)
    Article.objects.filter(slug="drought").update(headline="Rewritten")
    Article.objects.get(headline="To come").delete()
    Comment.objects.get(guest_name="Dee").delete()

    report = run(OLD_SITE)

    assert Article.objects.filter(headline="Rewritten").exists()
    assert not Article.objects.filter(headline="To come").exists()
    assert not Comment.objects.filter(guest_name="Dee").exists()
    assert "removed here" in report


def test_a_later_export_adds_only_what_is_new(tmp_path: Path) -> None:
    run(OLD_SITE)
    counts = Comment.objects.count(), Article.objects.count()
    reply = (
        "<wp:comment><wp:comment_id>50</wp:comment_id><wp:comment_parent>3</wp:comment_parent>"
        "<wp:comment_author>New</wp:comment_author><wp:comment_approved>1</wp:comment_approved>"
        "<wp:comment_date_gmt>2021-01-01 00:00:00</wp:comment_date_gmt></wp:comment>\n\t</item>"
    )
    later = tmp_path / "later.xml"
    later.write_text(OLD_SITE.read_text().replace("</item>", reply, 1))

    run(later)

    assert (Comment.objects.count() - 1, Article.objects.count()) == counts
    new = Comment.objects.get(guest_name="New")
    assert new.parent is not None
    assert (new.parent.guest_name, new.depth) == ("Cleo", 2)


def test_media_that_are_given_are_stored_and_shown(media: Path) -> None:
    run(OLD_SITE, media=media)

    article = Article.objects.get(slug="drought")
    assert article.lead_image is not None
    assert (article.lead_image.width, article.lead_image.height) == (30, 20)
    assert "missing-media" not in article.body
    assert f'src="{article.lead_image.file.url}"' in article.body
    assert Image.objects.count() == 1


def test_media_given_later_complete_the_library(media: Path) -> None:
    run(OLD_SITE)

    run(OLD_SITE, media=media)

    assert Image.objects.get().file


def test_files_that_a_killed_import_left_are_found_again(media: Path) -> None:
    run(OLD_SITE, media=media)
    before = stored_pictures()
    Image.objects.all().delete()
    ImportedItem.objects.filter(kind="attachment").delete()

    run(OLD_SITE, media=media)

    assert Image.objects.get().file
    assert stored_pictures() == before


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "%2e%2e/secret.png", "link.png"])
def test_no_file_outside_the_media_folder_is_taken(tmp_path: Path, media: Path, name: str) -> None:
    secret = tmp_path / "secret.png"
    PillowImage.new("RGB", (3, 2)).save(secret)
    (media / "link.png").symlink_to(secret)
    path = tmp_path / "export.xml"
    path.write_text(OLD_SITE.read_text().replace("2020/01/mill.png", name))

    run(path, media=media)

    assert not Image.objects.filter(width=3).exists()
    assert not Image.objects.filter(alt="A mill").exclude(file="").exists()


def test_a_file_that_is_no_picture_is_reported(media: Path) -> None:
    (media / "2020" / "01" / "mill.png").write_text("<svg onload='alert(1)'/>")

    report = run(OLD_SITE, media=media)

    assert not Image.objects.get().file
    assert "Pictures that cannot be used" in report


def test_a_dry_run_tells_everything_and_changes_nothing(media: Path) -> None:
    before = everything()

    report = run(OLD_SITE, media=media, dry_run=True)

    assert everything() == before
    assert "8 comments" in report
    assert "nothing was changed" in report
    assert not stored_pictures()


def test_old_addresses_lead_to_what_they_became() -> None:
    run(OLD_SITE)

    leads = {row.old_path: row.target for row in Redirect.objects.all()}
    article, image = Article.objects.get(slug="drought"), Image.objects.get()
    assert leads["/2020/01/drought/"] == leads["/?p=10"] == article
    # An attachment had a page of its own; what it belonged to is the nearest thing here.
    assert leads["/mill/"] == leads["/?attachment_id=20"] == article
    assert image.alt == "A mill"
    team = Page.objects.get(slug="team")
    assert leads[f"/?page_id={_number_of(team)}"] == team
    rivers = Section.objects.get(slug="rivers")
    assert leads["/category/water/rivers/"] == leads["/category/rivers/"] == rivers
    assert leads["/tag/wells/"] == leads["/?tag=wells"] == Tag.objects.get(slug="wells")
    assert leads["/author/ann/"] == Author.objects.get(name="Ann Archer")


def _number_of(page: Page) -> str:
    record = ImportedItem.objects.get(kind="page", object_id=page.pk)
    return record.external_id.partition(" ")[0]


def test_an_address_that_leads_somewhere_stays() -> None:
    other = ArticleFactory.create()
    remember_old_path("/2020/01/drought/", other)

    run(OLD_SITE)

    assert Redirect.objects.get(old_path="/2020/01/drought/").target == other


def test_the_report_is_written_for_programs_too(tmp_path: Path) -> None:
    file = tmp_path / "report.json"

    run(OLD_SITE, report=file)

    told = json.loads(file.read_text())
    assert told["imported"]["comments"] == 8
    assert any("in the bin" in one["reason"] for one in told["skipped"])
    assert "Sticky posts; choose them for the front page yourself" in told["notices"]
    with pytest.raises(CommandError, match="not a folder"):
        run(OLD_SITE, report=tmp_path / "nothing" / "report.json")


def test_progress_is_shown_on_a_terminal_only() -> None:
    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    watched, unwatched = Terminal(), StringIO()
    for out in (watched, unwatched):
        line = ProgressLine(out)
        line("Pictures", 0.25)
        line("Articles", 0.5)
        line.end()

    assert "Pictures: 25%, 1 things" in watched.getvalue()
    assert unwatched.getvalue() == ""


def test_an_attachment_that_stands_there_twice_is_one_picture(tmp_path: Path) -> None:
    text = OLD_SITE.read_text()
    start = text.rindex("<item>", 0, text.index("<title>The mill</title>"))
    item = text[start : text.index("</item>", start) + 7]
    path = tmp_path / "twice.xml"
    path.write_text(text.replace(item, item + item))

    report = run(path)

    assert Image.objects.count() == 1
    assert "attachment: stands in the file a second time" in report


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
def test_an_export_cut_off_in_the_middle_leaves_nothing(tmp_path: Path, cut: float) -> None:
    text = OLD_SITE.read_bytes()
    path = tmp_path / "cut.xml"
    path.write_bytes(text[: int(len(text) * cut)])
    before = everything()

    with pytest.raises(CommandError, match=r"Line \d+: .*Nothing was imported"):
        run(path)

    assert everything() == before


def test_a_failure_in_the_middle_leaves_nothing(
    media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("out of disk")

    monkeypatch.setattr("comments.wordpress_bodies.render", fail)
    before = everything()

    with pytest.raises(RuntimeError):
        run(OLD_SITE, media=media)

    assert everything() == before
    assert not stored_pictures()


@pytest.mark.parametrize("name", ["nothing.xml", ""])
def test_no_file_and_a_folder_are_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="Nothing was imported"):
        run(tmp_path / name)
    with pytest.raises(CommandError, match="not a folder"):
        run(OLD_SITE, media=tmp_path / "nothing")


def test_over_long_values_are_cut_and_told(tmp_path: Path) -> None:
    path = tmp_path / "long.xml"
    long = "x" * 3_000
    text = OLD_SITE.read_text()
    for short in ("<title>Secret", "<wp:post_name>secret", "<wp:comment_author>Cleo",
                  "<guid>g12", "<wp:cat_name>Rivers", "<title>About"):  # fmt: skip
        text = text.replace(short, short + long)
    path.write_text(text)

    report = run(path)

    assert "too long" in report
    assert len(Article.objects.get(headline__startswith="Secret").headline) == 500
    assert len(Comment.objects.get(guest_name__startswith="Cleo").guest_name) == 80
    assert len(Section.objects.get(slug="rivers").name) == 200
    before = everything()
    run(path)
    assert everything() == before


def test_a_thread_of_five_hundred_levels_keeps_every_reply(tmp_path: Path) -> None:
    comments = "".join(
        f"<wp:comment><wp:comment_id>{n}</wp:comment_id>"
        f"<wp:comment_parent>{n - 1 if n > 1000 else 0}</wp:comment_parent>"
        "<wp:comment_approved>1</wp:comment_approved>"
        "<wp:comment_content>x</wp:comment_content></wp:comment>"
        for n in range(1000, 1500)
    )
    path = tmp_path / "deep.xml"
    path.write_text(OLD_SITE.read_text().replace("\n\t</item>", f"{comments}</item>", 1))

    run(path)

    root = Comment.objects.get(depth=0, body="x")
    assert Comment.objects.filter(root=root).count() == 499


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_are_refused() -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            with pytest.raises(CommandError, match="Another import"):
                run(OLD_SITE)
    finally:
        other.close()
    assert connection.is_usable()
