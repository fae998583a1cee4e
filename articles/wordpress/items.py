"""Pictures and pages of an export, and what is read alike of pages and posts."""

import datetime
import re
from typing import NamedTuple

from django.utils import timezone

from articles.export.kinds import IMAGE, PAGE
from articles.models import Article, Image, ImportedItem, Page, Status
from articles.wordpress.addresses import Addresses
from articles.wordpress.body import body_of, caption_of
from articles.wordpress.library import Library, uploads_path
from articles.wordpress.own import OwnSite, save_as_told
from articles.wordpress.records import Records
from articles.wordpress.report import Report
from articles.wordpress.taxonomy import Taxonomy
from articles.wordpress.values import Slugs, moment, plain_text, shortened, slug_of
from articles.wordpress.wxr import Item

HEADLINE_LENGTH, PAGE_TITLE_LENGTH = 500, 300
BATCH = 300
_HEBREW = re.compile(r"[\u0590-\u05ff]")
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]")
_PERSIAN = re.compile(r"[پچژگ]")


class Attached(NamedTuple):
    """What is kept of an attachment: its old addresses lead to what it belonged to, or to it."""

    id: str
    parent: str
    link: str


class Items:
    """Saves pictures and pages; each once, however often it is asked."""

    def __init__(
        self,
        *,
        records: Records,
        report: Report,
        library: Library,
        taxonomy: Taxonomy,
        own: OwnSite,
        language: str,
    ) -> None:
        self.records, self.report, self.own = records, report, own
        self.library, self.taxonomy = library, taxonomy
        self.language = language
        self.images: dict[str, int] = {}  # our pictures by attachment id
        self.pages: dict[str, int] = {}  # our pages by WordPress's id
        self.page_parents: dict[int, str] = {}
        self.attached: list[Attached] = []
        self._taken: set[str] = set()
        self._pictures: list[tuple[Item, Image]] = []
        self._new_pages: list[tuple[Item, Page]] = []
        self._page_slugs = Slugs(Page.objects.values_list("slug", flat=True))

    def add_picture(self, item: Item) -> None:
        """Take an attachment; ``save_pictures`` must follow before a text shows it."""
        key = key_of(item)
        if key in self._taken:
            self.report.skip("attachment", "stands in the file a second time")
            return
        self._taken.add(key)
        if "_newsroom_image" in item.meta:
            self._add_own_picture(item)
            return
        attachment = self.library.register(item)
        self.attached.append(Attached(item.id, item.parent, item["link"]))
        if not attachment.is_picture:
            self._save_other(item, attachment.url)
            return
        pk = self.records.find("attachment", key)
        image = Image.objects.filter(pk=pk).first() if pk else None
        if image is not None:
            self.report.present["pictures"] += 1
            if not image.file and self.library.store_picture(image, attachment.url):
                self.report.imported["files of pictures that were there without"] += 1
            self._show(item, image, attachment.url)
        elif pk:
            self.report.skip("picture", "was removed here since the last import")
            return
        else:
            image = Image(alt=attachment.alt, caption=caption_of(attachment.caption))
            self.library.store_picture(image, attachment.url)
            self._pictures.append((item, image))
        if len(self._pictures) >= BATCH:
            self.save_pictures()

    def _add_own_picture(self, item: Item) -> None:
        """Take a picture that a site like this one exported."""
        pk = self.records.find("attachment", key_of(item))
        if pk is not None:
            self.images.setdefault(item.id, pk)
            self.report.present["pictures"] += 1
        elif image := self.own.image(item):
            self._pictures.append((item, image))
        else:
            self.report.skip("attachment", "cannot be read")
        if len(self._pictures) >= BATCH:
            self.save_pictures()

    def save_pictures(self) -> None:
        """Save the pictures taken so far; the import of a file saves its own row."""
        save_as_told(IMAGE, [image for _item, image in self._pictures if image.pk is None])
        self.records.remember_all(
            ImportedItem(
                kind="attachment", external_id=key_of(item), object_id=image.pk,
                old_url=item["link"],
            )
            for item, image in self._pictures
        )  # fmt: skip
        for item, image in self._pictures:
            url = item["wp:attachment_url"].strip() or item["guid"].strip()
            if not image.file:
                self.report.note(
                    "Pictures of the media library without their file",
                    uploads_path(url) or item.label,
                )
            self._show(item, image, url)
        if self._pictures:
            self.report.imported["pictures"] += len(self._pictures)
        self._pictures = []

    def _show(self, item: Item, image: Image, url: str) -> None:
        """Have texts and lead pictures find image."""
        self.images.setdefault(item.id, image.pk)
        self.library.add_picture(uploads_path(url), image)

    def _save_other(self, item: Item, url: str) -> None:
        if self.library.other_file(url):
            self.report.imported["sounds, films and documents (files)"] += 1
        else:
            self.report.skip("attachment", "no picture, and its file was not given")
            self.report.note("Other media without their file", uploads_path(url) or item.label)

    def add_page(self, item: Item, addresses: Addresses) -> None:
        """Take a standing page; its parent is set in ``link_pages``, as it may come later."""
        key = key_of(item)
        pk = self.records.find("page", key)
        if pk is not None:
            page = Page.objects.filter(pk=pk).first()
            if page is not None:
                self.report.present["pages"] += 1
                self.pages.setdefault(item.id, pk)
                addresses.note(item, page)
            else:
                self.report.skip("page", "was removed here since the last import")
            return
        if "_newsroom_page" in item.meta:
            own = self.own.page(item, self._page_slugs)
            if own is None:
                self.report.skip("page", "cannot be read")
            else:
                self._new_pages.append((item, own))
            return
        status, _when = self.status_of(item)
        title = plain_text(item["title"])
        slug = slug_of(item["wp:post_name"], title) or f"page-{slug_of(item.id) or 'x'}"
        page = Page(
            title=self.cut(title, PAGE_TITLE_LENGTH),
            slug=self._page_slugs.free(slug),
            body=self.body_of(item),
            is_public=status == Status.PUBLISHED,
        )
        self._new_pages.append((item, page))
        if len(self._new_pages) >= BATCH:
            self.save_pages(addresses)

    def save_pages(self, addresses: Addresses) -> None:
        """Save the pages taken so far."""
        save_as_told(PAGE, [page for _item, page in self._new_pages])
        self.records.remember_all(
            ImportedItem(
                kind="page", external_id=key_of(item), object_id=page.pk, old_url=item["link"]
            )
            for item, page in self._new_pages
        )
        for item, page in self._new_pages:
            self.report.imported["pages"] += 1
            self.pages.setdefault(item.id, page.pk)
            addresses.note(item, page)
            if item.parent not in {"", "0"}:
                self.page_parents[page.pk] = item.parent
        self._new_pages = []

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
        rows = Page.objects.only("parent").in_bulk(list(parents))
        for pk, parent in parents.items():
            rows[pk].parent_id = parent
        Page.objects.bulk_update(rows.values(), ["parent"], batch_size=BATCH)

    def link_attachments(self, articles: dict[str, int], addresses: Addresses) -> None:
        """Lead attachments' old addresses to what they belonged to, or else to their picture.

        articles: ours by WordPress's id.
        """
        for start in range(0, len(self.attached), BATCH):
            batch = self.attached[start : start + BATCH]
            parents = [one.parent for one in batch]
            posts = Article.objects.only("slug").in_bulk(
                [articles[parent] for parent in parents if parent in articles]
            )
            pages = Page.objects.only("slug").in_bulk(
                [self.pages[parent] for parent in parents if parent in self.pages]
            )
            images = Image.objects.in_bulk(
                [self.images[one.id] for one in batch if one.id in self.images]
            )
            for one in batch:
                target = (
                    posts.get(articles.get(one.parent, 0))
                    or pages.get(self.pages.get(one.parent, 0))
                    or images.get(self.images.get(one.id, 0))
                )
                if target is not None:
                    addresses.note(_stub(one), target)
        addresses.save()

    def body_of(self, item: Item) -> str:
        """Return the text of a page or post as ours."""
        return body_of(
            item["content:encoded"], self.library, item.id, item.meta.get("footnotes", "")
        )

    def status_of(self, item: Item) -> tuple[Status, datetime.datetime | None]:
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

    def lead_image_of(self, item: Item) -> int | None:
        number = item.meta.get("_thumbnail_id", "").strip()
        if item.type == "attachment" or not number:
            return None
        if number not in self.images:
            self.report.note("Lead pictures that the export does not have", f"attachment {number}")
        return self.images.get(number)

    def language_of(self, text: str) -> str:
        """Return the site's language, unless the letters are plainly of another direction."""
        if not _HEBREW.search(text) and not _ARABIC.search(text):
            return self.language
        letters = sum(character.isalpha() for character in text) or 1
        if len(_HEBREW.findall(text)) * 2 > letters:
            return "he"
        if len(_ARABIC.findall(text)) * 2 > letters:
            return "fa" if _PERSIAN.search(text) else "ar"
        return self.language

    def cut(self, text: str, length: int) -> str:
        if len(text) > length:
            self.report.note("Values too long for their field, cut", text[:60])
        return shortened(text, length)


def _stub(one: Attached) -> Item:
    return Item({"wp:post_id": one.id, "wp:post_type": "attachment", "link": one.link})


def key_of(item: Item) -> str:
    """Return what tells an item from every other of its site.

    Not the number alone: sites are exported after a new installation, and count from 1 again.
    """
    return f"{item.id} {item['guid'].strip()}"
