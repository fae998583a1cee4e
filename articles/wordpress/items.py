"""Posts, pages and attachments of an export, saved as articles, pages and pictures."""

import datetime
import re

from django.utils import timezone

from articles.models import Article, Byline, Image, Kind, Page, Status
from articles.wordpress.body import body_of, caption_of
from articles.wordpress.library import Library, uploads_path
from articles.wordpress.records import Records
from articles.wordpress.report import Report
from articles.wordpress.taxonomy import Taxonomy
from articles.wordpress.values import free_slug, moment, plain_text, shortened, slug_of
from articles.wordpress.wxr import Item

HEADLINE_LENGTH, PAGE_TITLE_LENGTH = 500, 300
_HEBREW = re.compile(r"[\u0590-\u05ff]")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_PERSIAN = re.compile(r"[پچژگ]")


class Items:
    """Saves what WordPress keeps among its posts; each once, however often it is asked."""

    def __init__(
        self,
        *,
        records: Records,
        report: Report,
        library: Library,
        taxonomy: Taxonomy,
        language: str,
    ) -> None:
        self.records, self.report = records, report
        self.library, self.taxonomy = library, taxonomy
        self.language = language
        self.images: dict[str, int] = {}  # our pictures by attachment id
        self.pages: dict[str, int] = {}  # our pages by WordPress's id
        self.page_parents: dict[int, str] = {}

    def save_picture(self, item: Item) -> None:
        """Save an attachment as a picture of the media library, with its file if it was given."""
        attachment = self.library.register(item)
        if not attachment.is_picture:
            self._save_other(item, attachment.url)
            return
        key = key_of(item)
        pk = self.records.find("attachment", key)
        image = Image.objects.filter(pk=pk).first() if pk else None
        path = uploads_path(attachment.url)
        if image is not None:
            self.report.present["pictures"] += 1
            if not image.file and self.library.store_picture(image, attachment.url):
                self.report.imported["files of pictures that were there without"] += 1
        elif pk:
            self.report.skip("picture", "was removed here since the last import")
            return
        else:
            image = Image(alt=attachment.alt, caption=caption_of(attachment.caption))
            if not self.library.store_picture(image, attachment.url):
                image.save()
                self.report.note(
                    "Pictures of the media library without their file", path or item.label
                )
            self.records.remember("attachment", key, image, item["link"])
            self.report.imported["pictures"] += 1
        self.images.setdefault(item.id, image.pk)
        self.library.images.setdefault(path, image)

    def _save_other(self, item: Item, url: str) -> None:
        if self.library.other_file(url):
            self.report.imported["sounds, films and documents (files)"] += 1
        else:
            self.report.skip("attachment", "no picture, and its file was not given")
            self.report.note("Other media without their file", uploads_path(url) or item.label)

    def save_article(self, item: Item) -> Article | None:
        """Save a post, or anything else that was discussed, and return the article.

        Returns the one that is there from an earlier import as it is, None when it was removed.
        """
        key = key_of(item)
        if pk := self.records.find("post", key):
            article = Article.objects.filter(pk=pk).first()
            if article is None:
                self.report.skip("post", "was removed here since the last import")
            else:
                self.report.present["articles"] += 1
            return article
        status, published_at = self._status(item)
        section = self.taxonomy.section_of(item)
        headline = plain_text(item["title"])
        slug = slug_of(item["wp:post_name"], headline) or f"post-{slug_of(item.id) or 'x'}"
        body = self._body(item)
        if item.type == "attachment":
            url = self.library.register(item).url
            body = body_of(f'<figure><img src="{url}"></figure>', self.library, item.id)
        article = Article(
            headline=self._cut(headline, HEADLINE_LENGTH),
            slug=free_slug(slug, lambda one: Article.objects.filter(slug=one).exists()),
            lede=plain_text(item["excerpt:encoded"]) if item.type != "attachment" else "",
            body=body,
            kind=_kind(item),
            language=self._language(headline + body),
            section=section,
            status=status,
            published_at=published_at,
            lead_image_id=self._lead_image(item),
        )
        article.save()
        article.tags.set(self.taxonomy.tags_of(item, section))
        if author := self.taxonomy.author(item["dc:creator"]):
            Byline.objects.create(article=article, author=author)
        self.records.remember("post", key, article, item["link"])
        self.report.imported["articles"] += 1
        if item["wp:is_sticky"].strip() == "1":
            self.report.note("Sticky posts; choose them for the front page yourself", item.label)
        return article

    def save_page(self, item: Item) -> None:
        """Save a standing page; its parent is set in ``link_pages``, as it may come later."""
        key = key_of(item)
        pk = self.records.find("page", key)
        if pk is not None:
            if Page.objects.filter(pk=pk).exists():
                self.report.present["pages"] += 1
                self.pages.setdefault(item.id, pk)
            else:
                self.report.skip("page", "was removed here since the last import")
            return
        status, _published_at = self._status(item)
        title = plain_text(item["title"])
        slug = slug_of(item["wp:post_name"], title) or f"page-{slug_of(item.id) or 'x'}"
        page = Page.objects.create(
            title=self._cut(title, PAGE_TITLE_LENGTH),
            slug=free_slug(slug, lambda one: Page.objects.filter(slug=one).exists()),
            body=self._body(item),
            is_public=status == Status.PUBLISHED,
        )
        self.records.remember("page", key, page, item["link"])
        self.report.imported["pages"] += 1
        self.pages.setdefault(item.id, page.pk)
        if item.parent not in {"", "0"}:
            self.page_parents[page.pk] = item.parent

    def link_pages(self) -> None:
        """Set the parents of the pages saved now; no page becomes its own ancestor."""
        parents: dict[int, int] = {}
        for pk, number in self.page_parents.items():
            parent = self.pages.get(number)
            if parent is None:
                self.report.note(
                    "Pages whose parent is no page here; now at the top", f"page {number}"
                )
                continue
            above: int | None = parent
            while above is not None and above != pk:
                above = parents.get(above)
            if above == pk:
                self.report.note(
                    "Pages that are their own ancestor; now at the top", f"page {number}"
                )
                continue
            parents[pk] = parent
            Page.objects.filter(pk=pk).update(parent_id=parent)

    def _body(self, item: Item) -> str:
        return body_of(
            item["content:encoded"], self.library, item.id, item.meta.get("footnotes", "")
        )

    def _status(self, item: Item) -> tuple[Status, datetime.datetime | None]:
        """Return the state of an item and when it was or will be published."""
        if item["wp:post_password"].strip():
            self.report.note("Protected by a password; now drafts", item.label)
            return Status.DRAFT, None
        if item.status not in {"publish", "future", "inherit"}:
            if item.status not in {"draft", "auto-draft"}:
                self.report.note(f"Of the state “{item.status}”; now drafts", item.label)
            return Status.DRAFT, None
        when = moment(item["wp:post_date_gmt"], item["wp:post_date"], item["pubDate"])
        if when is None:
            self.report.note("Without a date that is one; dated today", item.label)
            when = timezone.now()
        return Status.SCHEDULED if when > timezone.now() else Status.PUBLISHED, when

    def _lead_image(self, item: Item) -> int | None:
        number = item.meta.get("_thumbnail_id", "").strip()
        if item.type == "attachment" or not number:
            return None
        if number not in self.images:
            self.report.note("Lead pictures that the export does not have", f"attachment {number}")
        return self.images.get(number)

    def _language(self, text: str) -> str:
        """Return the site's language, unless the letters are plainly of another direction."""
        if not _HEBREW.search(text) and not _ARABIC.search(text):
            return self.language
        letters = sum(character.isalpha() for character in text) or 1
        if len(_HEBREW.findall(text)) * 2 > letters:
            return "he"
        if len(_ARABIC.findall(text)) * 2 > letters:
            return "fa" if _PERSIAN.search(text) else "ar"
        return self.language

    def _cut(self, text: str, length: int) -> str:
        if len(text) > length:
            self.report.note("Values too long for their field, cut", text[:60])
        return shortened(text, length)


def key_of(item: Item) -> str:
    """Return what tells an item from every other of its site.

    Not the number alone: sites are exported after a new installation, and count from 1 again.
    """
    return f"{item.id} {item['guid'].strip()}"


def _kind(item: Item) -> Kind:
    formats = {term.slug for term in item.terms_of("post_format")}
    return Kind.VIDEO if "post-format-video" in formats else Kind.REPORT
