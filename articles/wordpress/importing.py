"""One import of an export, from its first line to its last, or not at all."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from django.db import connection, transaction

from articles.wordpress.addresses import Addresses
from articles.wordpress.apart import ReadComments, Told, read_apart
from articles.wordpress.items import Items, key_of
from articles.wordpress.library import Library
from articles.wordpress.own import BEFORE_POSTS, OwnSite
from articles.wordpress.own_files import OwnFiles
from articles.wordpress.posts import Posts, TakeComments
from articles.wordpress.records import Records
from articles.wordpress.report import Report
from articles.wordpress.taxonomy import Taxonomy
from articles.wordpress.wxr import WRITTEN, Item, Record, Site, Term, Writer, read_export

# Any number of our own: who holds it imports, everyone else is refused.
LOCK = 7_305_118
# What WordPress keeps among its posts for its own working.
_FURNITURE = {
    "nav_menu_item": "an entry of a menu; menus are made in the admin",
    "wp_navigation": "a menu; menus are made in the admin",
    "revision": "an earlier version of a post",
    "wp_block": "a reusable block; it stands in the posts that use it",
    "wp_template": "part of the old site's theme",
    "wp_template_part": "part of the old site's theme",
    "wp_global_styles": "part of the old site's theme",
    "wp_font_family": "part of the old site's theme",
    "wp_font_face": "part of the old site's theme",
    "custom_css": "part of the old site's theme",
    "customize_changeset": "part of the old site's theme",
    "oembed_cache": "a copy kept by the old site",
    "user_request": "a request about somebody's data",
}


# Is told, for each thing in the file, the phase and which share of the file (0 to 1) is read.
type Progress = Callable[[str, float], None]


class ImportRunning(Exception):  # noqa: N818 (a state, like the built-in StopIteration)
    """Another import is going on."""


def import_export(
    path: Path,
    *,
    report: Report,
    read_comments: ReadComments,
    take_comments: TakeComments,
    progress: Progress,
    media_folder: Path | None = None,
    is_dry_run: bool = False,
) -> None:
    """Import an export whole, or change nothing.

    report: is filled. read_comments: see ``apart``. take_comments: saves the comments of articles.
    progress: is told of every item. media_folder: where the uploads were copied to.
    Raises BadExport when the file is none, ImportRunning when another import holds the lock,
    ReadingEnded when the process that reads it dies.
    """
    head = _Head(
        path, report, progress
    )  # reads to the end, so a broken file is refused before anything
    library = Library(report=report, folder=media_folder, reusable=head.reusable)
    try:
        with transaction.atomic():
            _lock()
            records = Records(head.site.url or head.site.title or "unknown")
            own = OwnSite(head.site.url, records, report, OwnFiles(library))
            addresses = Addresses(head.site.url)
            taxonomy = Taxonomy(records, report)
            if head.records:
                own.restore_before(head.records)
            else:
                taxonomy.save(head.terms, head.tags, head.writers, addresses)
            items = Items(
                records=records, report=report, library=library, taxonomy=taxonomy, own=own,
                language=_language(head.site.language),
            )  # fmt: skip
            posts = Posts(items, own, addresses, take_comments)
            if head.has_attachments:  # before the posts that show them
                _save_pictures(path, items, progress)
            _save_items(path, items, posts, progress, read_comments)
            if is_dry_run:
                transaction.set_rollback(True)
    except BaseException:
        library.discard_files()
        raise
    if is_dry_run:
        library.discard_files()


class _Head:
    """What has to be known before the first post: the site, its terms and writers."""

    def __init__(self, path: Path, report: Report, progress: Progress) -> None:
        self.terms: list[Term] = []
        self.tags: list[Term] = []
        self.writers: dict[str, Writer] = {}
        self.reusable: dict[str, str] = {}
        self.records: list[Record] = []
        self.site = Site("", "", "")
        self.has_attachments = False
        types = {"wp_block", "attachment"}
        for thing in read_export(path, partial(progress, "Reading"), types):
            if isinstance(thing, Site):
                self.site = thing
            elif isinstance(thing, Writer):
                self.writers.setdefault(thing.login, thing)
            elif isinstance(thing, Term):
                if thing.taxonomy == "category":
                    self.terms.append(thing)
                elif thing.taxonomy == "post_tag":
                    self.tags.append(thing)
                else:
                    report.skip("term", f"of the taxonomy “{thing.taxonomy[:60]}”")
            elif isinstance(thing, Record):
                if thing.kind in BEFORE_POSTS:
                    self.records.append(thing)
            elif thing.type == "attachment":
                self.has_attachments = True
            else:
                self.reusable[thing.id] = thing["content:encoded"]


def _save_pictures(path: Path, items: Items, progress: Progress) -> None:
    for thing in read_export(path, partial(progress, "Pictures"), {"attachment"}):
        if isinstance(thing, Item) and thing.status != "trash":
            items.add_picture(thing)
    items.save_pictures()


def _save_items(
    path: Path, items: Items, posts: Posts, progress: Progress, read_comments: ReadComments
) -> None:
    with read_apart(path, read_comments) as told:
        _save_things(told, items, posts, progress)
    posts.save()
    items.save_pages(posts.addresses)
    posts.own.finish()
    items.link_pages()
    items.link_attachments(posts.articles, posts.addresses)


def _save_things(told: Iterable[Told], items: Items, posts: Posts, progress: Progress) -> None:
    seen: set[str] = set()
    for thing, share in told:
        progress("Articles and comments", share)
        if isinstance(thing, Record) and thing.kind not in BEFORE_POSTS:
            posts.save()  # what it names
            items.save_pages(posts.addresses)
            posts.own.take(thing)
        if not isinstance(thing, Item):
            continue
        if thing.type in WRITTEN:
            key = key_of(thing)
            if key in seen:
                if thing.type != "attachment":  # of those it was told before
                    items.report.skip(thing.type, "stands in the file a second time")
                continue
            seen.add(key)
        _take(thing, items, posts)


def _take(item: Item, items: Items, posts: Posts) -> None:
    """Have one item saved, or say why not.

    A page that was discussed becomes an article of the section “Pages”, and so does an attachment:
    its text and its discussion stay together, while our standing pages have none.
    """
    report = items.report
    if item.status == "trash":
        report.skip(item.type, "was in the bin")
    elif item.type == "post":
        posts.add(item)
        return
    elif item.type == "page":
        if item.comments and items.records.find("page", key_of(item)) is None:
            report.note("Pages with a discussion; now articles of the section “Pages”", item.label)
            posts.add(item)
            return
        items.add_page(item, posts.addresses)
    elif item.type == "attachment":
        if item.comments:
            report.note("Attachments with a discussion; now articles of “Pages”", item.label)
            posts.add(item)
        return
    else:
        reason = _FURNITURE.get(item.type, "of a kind that a plugin of the old site added")
        report.skip(item.type[:60], reason)
    if item.comments:
        report.skipped["comment", f"on a {item.type[:60]} that was not imported as an article"] += (
            len(item.comments)
        )


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise ImportRunning


def _language(tag: str) -> str:
    """Return the language of a tag like en-US, English when it is none."""
    match = re.match(r"[a-z]{2,3}(?![a-z])", tag.strip().lower())
    return match[0] if match else "en"
