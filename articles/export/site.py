"""Writes the whole site out: ``site.xml`` for WordPress and for us, and a JSON Lines file a kind.

Both hold the same facts. Passwords, sessions and accounts are never written; addresses of people
only with leave, and then what accounts did is named by their address.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, TextIO

from django.conf import settings
from django.db import models, transaction
from django.db.models import F

from articles.export.kinds import (
    AFTER,
    ARTICLE,
    BEFORE,
    IMAGE,
    PAGE,
    REVISION,
    Facts,
    Kind,
    email_of,
    nobody,
)  # fmt: skip
from articles.export.media import copy_media
from articles.export.wxr import WxrWriter, as_json, is_writable
from articles.models import (
    Article,
    Author,
    Image,
    Page,
    Publication,
    Redirect,
    Section,
    Status,
    Tag,
)  # fmt: skip

BATCH = 300
# WordPress numbers all its posts in one row, while each kind of ours counts from one.
NUMBERS = {"article": 0, "page": 1, "image": 2}
# How WordPress calls the states; what it has no word for is a draft there.
_STATES = {Status.PUBLISHED: "publish", Status.SCHEDULED: "future", Status.IN_REVIEW: "pending"}

# Writes an article's comments and returns the meta of its discussion; called within its item.
type WriteComments = Callable[["SiteWriter", Article], None]
type DiscussionMeta = Callable[["SiteWriter", Article], dict[str, str]]


def number_of(kind: str, pk: int) -> str:
    """Return the number that a thing has among all posts of the export."""
    return str(len(NUMBERS) * pk + NUMBERS[kind])


class SiteWriter:
    """One export into one folder. Use it as a context; ``write`` does all."""

    def __init__(self, folder: Path, *, with_emails: bool) -> None:
        self.folder, self.with_emails = folder, with_emails
        self.user: Callable[[Any], str] = email_of if with_emails else nobody
        self.counts: Counter[str] = Counter()
        self._files: dict[str, TextIO] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        stream = (self.folder / "site.xml").open("w", encoding="utf-8", newline="\n")
        self.xml = WxrWriter(self._open.enter_context(stream))
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def line(self, kind: str, facts: Facts) -> None:
        """Write a thing to the JSON Lines of its kind."""
        if kind not in self._files:
            path = self.folder / f"{kind}.jsonl"
            stream = path.open("w", encoding="utf-8", newline="\n")
            self._files[kind] = self._open.enter_context(stream)
        self._files[kind].write(f"{as_json(facts)}\n")
        self.counts[kind] += 1

    def record(self, kind: str, facts: Facts) -> None:
        """Write a thing that is no item."""
        self.line(kind, facts)
        self.xml.record(kind, facts)


def export_site(
    folder: Path,
    *,
    discussion_meta: DiscussionMeta,
    write_comments: WriteComments,
    with_emails: bool = False,
    with_media: bool = True,
) -> Counter[str]:
    """Write the site to folder; return how many things of each kind were written.

    discussion_meta: returns an article's meta about its discussion. write_comments: writes its
    comments. with_emails: see above. with_media: whether pictures and other files are copied.
    """
    with transaction.atomic(), SiteWriter(folder, with_emails=with_emails) as site:
        publication = Publication.current()
        site.xml.begin(
            title=publication.name, url=settings.NEWSROOM_URL, language=publication.language,
            description=publication.tagline,
        )  # fmt: skip
        _write_wordpress_terms(site)
        for kind in BEFORE:
            for row in _rows(kind):
                site.record(kind.name, kind.facts_of(row, site.user))
        _write_pictures(site)
        _write_pages(site)
        _write_articles(site, discussion_meta, write_comments)
        for kind in AFTER:
            for row in _rows(kind):
                site.record(kind.name, kind.facts_of(row, site.user))
        _write_links(site)
        _write_revisions(site)
        site.xml.end()
        if with_media:
            site.counts["file"] = copy_media(folder / "media")
        return site.counts


def _rows(kind: Kind) -> Iterator[models.Model]:
    rows = kind.model._default_manager.order_by("pk")  # noqa: SLF001 (documented in Django)
    if kind.users:
        rows = rows.select_related(*kind.users)
    return rows.iterator(chunk_size=BATCH)


def _write_wordpress_terms(site: SiteWriter) -> None:
    """Authors, sections and tags as WordPress knows them."""
    for author in Author.objects.order_by("pk").iterator(chunk_size=BATCH):
        site.xml.group(
            "wp:author",
            {
                "wp:author_id": str(author.pk), "wp:author_login": author.slug,
                "wp:author_email": "", "wp:author_display_name": author.name,
            },
        )  # fmt: skip
    for section in Section.objects.select_related("parent").order_by("pk").iterator():
        site.xml.group(
            "wp:category",
            {
                "wp:term_id": str(section.pk), "wp:category_nicename": section.slug,
                "wp:category_parent": section.parent.slug if section.parent else "",
                "wp:cat_name": section.name, "wp:category_description": section.description,
            },
        )  # fmt: skip
    for tag in Tag.objects.order_by("pk").iterator(chunk_size=BATCH):
        values = {"wp:term_id": str(tag.pk), "wp:tag_slug": tag.slug, "wp:tag_name": tag.name}
        site.xml.group("wp:tag", values)


def _write_pictures(site: SiteWriter) -> None:
    for image in Image.objects.order_by("pk").iterator(chunk_size=BATCH):
        facts = IMAGE.facts_of(image, site.user)
        site.line("image", facts)
        url = f"{settings.NEWSROOM_URL}{image.file.url}" if image.file else ""
        values = {
            **_item("image", image.pk, image.alt, url or settings.NEWSROOM_URL, image.created_at),
            "excerpt:encoded": image.caption, "wp:status": "inherit",
            "wp:post_type": "attachment", "wp:attachment_url": url,
        }  # fmt: skip
        meta = {"_wp_attachment_image_alt": image.alt, "_newsroom_image": as_json(facts)}
        site.xml.begin_item(values, meta=meta)
        site.xml.end_item()


def _write_pages(site: SiteWriter) -> None:
    for page in Page.objects.order_by("pk").iterator(chunk_size=BATCH):
        facts = PAGE.facts_of(page, site.user)
        site.line("page", {**facts, "body": page.body})
        values = {
            **_item("page", page.pk, page.title, _address(page), page.modified_at),
            "content:encoded": page.body, "wp:post_name": page.slug, "wp:post_type": "page",
            "wp:status": "publish" if page.is_public else "draft",
            "wp:post_parent": number_of("page", page.parent_id) if page.parent_id else "0",
        }  # fmt: skip
        site.xml.begin_item(values, meta={"_newsroom_page": as_json(_with_body(facts, page.body))})
        site.xml.end_item()


def _write_articles(
    site: SiteWriter, discussion_meta: DiscussionMeta, write_comments: WriteComments
) -> None:
    articles = Article.objects.select_related("section", "lead_image", *ARTICLE.users)
    articles = articles.defer("search_vector").order_by("pk")
    articles = articles.prefetch_related("tags", "bylines__author", "related")
    for article in articles.iterator(chunk_size=BATCH):
        facts = ARTICLE.facts_of(article, site.user)
        bylines = list(article.bylines.all())
        tags = list(article.tags.all())
        facts["bylines"] = [[byline.author_id, byline.position] for byline in bylines]
        facts["tags"] = sorted(tag.pk for tag in tags)
        facts["related"] = sorted(other.pk for other in article.related.all())
        site.line("article", {**facts, "body": article.body})
        when = article.published_at or article.created_at
        values = {
            **_item("article", article.pk, article.headline, _address(article), when),
            "dc:creator": bylines[0].author.slug if bylines else "",
            "content:encoded": article.body, "excerpt:encoded": article.lede,
            "wp:post_name": article.slug, "wp:post_type": "post", "wp:post_parent": "0",
            "wp:status": _STATES.get(Status(article.status), "draft"), "wp:is_sticky": "0",
        }  # fmt: skip
        meta = {"_newsroom_article": as_json(_with_body(facts, article.body))}
        if article.lead_image_id:
            meta["_thumbnail_id"] = number_of("image", article.lead_image_id)
        discussion = discussion_meta(site, article)
        is_open = bool(discussion) and '"state":"open"' in discussion.get(
            "_newsroom_discussion", ""
        )
        values["wp:comment_status"] = "open" if is_open else "closed"
        terms = [("category", article.section.slug, article.section.name)]
        terms += [("post_tag", tag.slug, tag.name) for tag in tags]
        site.xml.begin_item(values, terms=terms, meta=meta | discussion)
        write_comments(site, article)
        site.xml.end_item()


def _item(kind: str, pk: int, title: str, link: str, when: Any) -> dict[str, str]:
    """Return what every item has."""
    written = f"{when:%Y-%m-%d %H:%M:%S}"
    return {
        "title": title, "link": link, "pubDate": f"{when:%a, %d %b %Y %H:%M:%S +0000}",
        "guid": f"{settings.NEWSROOM_URL}/#{kind}-{pk}", "wp:post_id": number_of(kind, pk),
        "wp:post_date": written, "wp:post_date_gmt": written,
    }  # fmt: skip


def _address(row: Any) -> str:
    return f"{settings.NEWSROOM_URL}{row.get_absolute_url()}"


def _with_body(facts: Facts, body: str) -> Facts:
    """Return facts with the body, where XML would not give it back as it is."""
    return facts if is_writable(body) else {**facts, "body": body}


def _write_links(site: SiteWriter) -> None:
    """Old addresses, by the kind and number of what they lead to."""
    rows = Redirect.objects.annotate(model=F("content_type__model")).order_by("pk")
    for row in rows.iterator(chunk_size=BATCH):
        facts = {"old_path": row.old_path, "kind": row.model, "target": row.object_id}
        site.record("redirect", {"id": row.pk, **facts})


def _write_revisions(site: SiteWriter) -> None:
    rows = REVISION.model._default_manager.order_by("history_id").select_related(*REVISION.users)  # noqa: SLF001 (documented in Django)
    rows = rows.prefetch_related("revisionbyline_set", "revisiontag_set", "revisionrelated_set")
    for row in rows.iterator(chunk_size=BATCH):
        revision: Any = row
        facts = REVISION.facts_of(revision, site.user)
        facts["article"] = revision.id
        facts["authors"] = [
            [one.author_id, one.position] for one in revision.revisionbyline_set.all()
        ]
        facts["tags"] = [one.tag_id for one in revision.revisiontag_set.all()]
        facts["related"] = [one.to_article_id for one in revision.revisionrelated_set.all()]
        site.record("revision", facts)
