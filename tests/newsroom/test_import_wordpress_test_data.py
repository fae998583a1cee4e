"""The WordPress project's own test exports come in whole, counted against the files themselves."""

import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from articles.models import Article, Author, Image, ImportedItem, Page, Section, Tag
from comments.models import Comment, CommentStatus
from tests.newsroom.test_import_wordpress import everything, run

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FILES = ["themeunittestdata.wordpress.xml", "64-block-test-data.xml"]


class Counted:
    """What a file holds, by the simplest reading of it."""

    def __init__(self, path: Path) -> None:
        self.root = etree.parse(path).getroot()
        self.wp = "{" + self.root.nsmap["wp"] + "}"
        self.items = self.root.findall("channel/item")
        self.types = Counter(item.findtext(f"{self.wp}post_type") for item in self.items)
        self.comments = [
            (item, comment) for item in self.items for comment in item.findall(f"{self.wp}comment")
        ]
        self.replies = [
            (item, one) for item, one in self.comments
            if one.findtext(f"{self.wp}comment_parent") != "0"
        ]  # fmt: skip

    def slugs(self, tag: str, name: str) -> set[str]:
        return {
            str(one.findtext(f"{self.wp}{name}"))
            for one in self.root.findall(f"channel/{self.wp}{tag}")
        }


@pytest.mark.parametrize("name", FILES)
def test_everything_of_the_file_is_there_once(shared_data: Path, name: str) -> None:
    path = shared_data / "wordpress" / name
    counted = Counted(path)

    run(path)

    discussed_pages = len(
        {
            item for item, _comment in counted.comments
            if item.findtext(f"{counted.wp}post_type") == "page"
        }
    )  # fmt: skip
    assert Article.objects.count() == counted.types["post"] + discussed_pages
    assert Page.objects.count() == counted.types["page"] - discussed_pages
    assert Comment.objects.count() == len(counted.comments)
    assert Comment.objects.exclude(parent=None).count() == len(counted.replies)
    pictures = [
        item for item in counted.items
        if re.search(r"\.(jpe?g|png|gif)$", item.findtext(f"{counted.wp}attachment_url") or "")
    ]  # fmt: skip
    assert Image.objects.count() == len(pictures)
    assert counted.slugs("category", "category_nicename") <= set(
        Section.objects.values_list("slug", flat=True)
    )
    assert counted.slugs("tag", "tag_slug") <= set(Tag.objects.values_list("slug", flat=True))
    assert counted.slugs("author", "author_login") <= set(
        Author.objects.values_list("slug", flat=True)
    )
    if name == FILES[0]:
        assert (len(counted.comments), len(counted.replies)) == (33, 10)

    check_threads(counted)
    before = everything()
    report = run(path)
    assert everything() == before
    assert "Imported:\n  nothing" in report


def check_threads(counted: Counted) -> None:
    """Every reply under its parent; every comment in its state and of its date."""
    ours = {
        tuple(item.external_id.split(" ")[:3:2]): Comment.objects.get(pk=item.object_id)
        for item in ImportedItem.objects.filter(kind="comment")
    }

    for item, reply in counted.replies:
        post = item.findtext(f"{counted.wp}post_id")
        number = reply.findtext(f"{counted.wp}comment_id")
        parent = reply.findtext(f"{counted.wp}comment_parent")

        assert ours[number, post].parent == ours[parent, post]
        assert ours[number, post].depth == ours[parent, post].depth + 1

    states = Counter(
        one.findtext(f"{counted.wp}comment_approved") for _item, one in counted.comments
    )
    assert Comment.objects.filter(status=CommentStatus.APPROVED).count() == states["1"]
    assert Comment.objects.filter(status=CommentStatus.HELD).count() == states["0"]
    for item, one in counted.comments:
        key = one.findtext(f"{counted.wp}comment_id"), item.findtext(f"{counted.wp}post_id")
        assert ours[key].created_at.strftime("%Y-%m-%d %H:%M:%S") == one.findtext(
            f"{counted.wp}comment_date_gmt"
        )


def test_both_files_share_a_site_and_still_come_in_whole(shared_data: Path) -> None:
    """They have the same address and some of the same numbers, for different things."""
    counts = [Counted(shared_data / "wordpress" / name) for name in FILES]
    for name in FILES:
        run(shared_data / "wordpress" / name)

    assert Comment.objects.count() == sum(len(one.comments) for one in counts)
    assert Article.objects.count() == sum(one.types["post"] for one in counts) + 2
    assert Page.objects.count() == sum(one.types["page"] for one in counts) - 2
    check_texts()
    check_titles()


def check_texts() -> None:
    """Nothing of WordPress is left in them, and nothing is loaded from elsewhere."""
    for text in [*Article.objects.all(), *Page.objects.all()]:
        shown = re.sub(r"<(pre|code)\b.*?</\1>", "", text.body, flags=re.DOTALL)
        assert not re.search(
            r"<!--|\[/?(?:caption|gallery|embed|audio|video)\b|wp-block|<p></p>", shown
        )
        assert "<img" not in shown  # no file was given, and nothing is loaded from elsewhere
        assert "style=" not in re.sub(r">[^<]*<", "><", shown)


def check_titles() -> None:
    """Odd titles are what a reader saw."""
    titles = dict(Article.objects.values_list("slug", "headline"))
    assert titles["markup-title-with-markup"] == "Markup: Title With Markup"
    assert titles["edge-case-no-title"] == ""
    assert titles["title-with-special-characters"].endswith("~`!@#$%^&*()-_=+{}[]/\\;:'\"?,.>")
    assert len(titles["title-should-not-overflow-the-content-area"]) > 80
    assert Page.objects.filter(title="Επίπεδο 3", slug="επίπεδο-3").exists()
