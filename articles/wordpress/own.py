"""An export of a site like this one: read back field by field, nothing interpreted.

``export_site`` puts our own facts beside what WordPress understands (see ``articles.export``).
Where an item carries them, they count, and the rest of the item is not looked at.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import User
from articles.export.kinds import (
    AFTER,
    ARTICLE,
    BEFORE,
    IMAGE,
    MENU_ITEM,
    PAGE,
    PUBLICATION,
    REVISION,
    Facts,
    Kind,
)
from articles.export.site import NUMBERS, number_of
from articles.html import clean_html
from articles.models import PUBLIC, Article, FrontSlot, Image, ImportedItem, Page, Publication
from articles.redirects import remember_old_paths
from articles.wordpress.own_files import OwnFiles
from articles.wordpress.records import Records
from articles.wordpress.report import Report
from articles.wordpress.values import Slugs
from articles.wordpress.wxr import Item, Record

BATCH = 300
# What the import calls those of our kinds that are items, or that it makes itself.
_RECORDED_AS = {"article": "post", "page": "page", "image": "attachment"}
BEFORE_POSTS = frozenset(kind.name for kind in BEFORE)
_AFTER_POSTS = frozenset({*(kind.name for kind in AFTER), "redirect", "revision"})
_KINDS = {kind.name: kind for kind in (*BEFORE, *AFTER, ARTICLE, PAGE, IMAGE, REVISION)}
_UNREADABLE = "Facts of our own that cannot be read"


def facts_in(text: str) -> Facts | None:
    """Return the facts written in text, None when they are none."""
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return facts if isinstance(facts, dict) else None


class Accounts:
    """Finds the accounts here by the addresses that an export names; none is made."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._found: dict[str, int | None] = {}

    def __call__(self, email: Any) -> int | None:
        """Return the account's number, None when there is none or none is named."""
        if not isinstance(email, str) or not email or "\x00" in email:
            return None
        key = email.casefold()
        if key not in self._found:
            row = User.objects.filter(email__iexact=email).first()
            self._found[key] = row.pk if row else None
            if row is None:
                self.report.note("Accounts that are not here; what they wrote keeps a name", email)
        return self._found[key]


class OwnSite:
    """Restores the things of one export. All but articles, pages and pictures come as records."""

    def __init__(self, url: str, records: Records, report: Report, files: OwnFiles) -> None:
        """url: of the site that was exported."""
        self.url, self.records, self.report, self.files = url, records, report, files
        self._there: dict[str, set[int]] = {}
        self.account = Accounts(report)
        self._waiting: dict[str, list[Facts]] = {}
        self._related: list[tuple[int, list[Any]]] = []

    # References

    def find(self, kind: str, number: Any) -> int | None:
        """Return our row for a thing of the export, if it is there."""
        if not isinstance(number, int) or kind not in _KINDS:
            return None
        pk = self.records.find(_RECORDED_AS.get(kind, kind), self._key(kind, number))
        if pk is None:
            return None
        if kind not in self._there:
            rows = _KINDS[kind].model._default_manager.values_list("pk", flat=True)  # noqa: SLF001 (documented in Django)
            self._there[kind] = set(rows)
        return pk if pk in self._there[kind] else None

    def note_row(self, kind: str, pk: int) -> None:
        """Take note of a row that was saved after its kind had been asked for."""
        if kind in self._there:
            self._there[kind].add(pk)

    def _key(self, kind: str, number: int) -> str:
        if kind in NUMBERS:
            return f"{number_of(kind, number)} {self.url}/#{kind}-{number}"
        return str(number)

    def _values(self, kind: Kind, facts: Facts) -> Facts:
        """Return the values of a row. Raises ValidationError."""
        if not isinstance(facts.get("id"), int) or isinstance(facts["id"], bool):
            raise ValidationError("id: not a number")
        values = kind.values_of(facts)
        for name, other in (kind.refs or {}).items():
            if name != "parent":
                values[f"{name}_id"] = self.find(other, facts.get(name))
        for name in kind.users:
            values[f"{name}_id"] = self.account(facts.get(name))
        return values

    def _refuse(self, kind: str, error: ValidationError) -> None:
        self.report.note(_UNREADABLE, f"{kind}: {error.messages[0]}"[:200])

    # Items

    def article(self, item: Item, slugs: Slugs) -> Article | None:
        """Return the article of an item, not saved; None when its facts cannot be read."""
        facts = facts_in(item.meta["_newsroom_article"]) or {}
        try:
            values = self._values(ARTICLE, facts)
            article = Article(**values)
            _check_article(article)
        except ValidationError as error:
            self._refuse(item.label, error)
            return None
        article.body = clean_html(self._body(facts, item))
        article.slug = slugs.free(article.slug)
        return article

    def filed(self, item: Item) -> tuple[list[int], list[tuple[int, int]]]:
        """Return an article's tags, and its authors with their positions."""
        facts = facts_in(item.meta["_newsroom_article"]) or {}
        return self._tags(facts.get("tags")), self._bylines(facts.get("bylines"))

    def _tags(self, numbers: Any) -> list[int]:
        found = [self.find("tag", number) for number in _listed(numbers)]
        return list(dict.fromkeys(pk for pk in found if pk is not None))

    def _bylines(self, pairs: Any) -> list[tuple[int, int]]:
        bylines: dict[int, int] = {}
        for pair in _listed(pairs):
            number, position = pair if isinstance(pair, list) and len(pair) == 2 else (None, 0)
            pk = self.find("author", number)
            if pk is not None and isinstance(position, int) and 0 <= position < 2**15:
                bylines.setdefault(pk, position)
        return list(bylines.items())

    def saved_article(self, item: Item, article: Article) -> None:
        """Take note of an article that was saved; what it is related to may come later."""
        self.note_row("article", article.pk)
        facts = facts_in(item.meta["_newsroom_article"]) or {}
        if related := _listed(facts.get("related")):
            self._related.append((article.pk, related))

    def page(self, item: Item, slugs: Slugs) -> Page | None:
        """Return the page of an item, not saved; its parent is the item's."""
        facts = facts_in(item.meta["_newsroom_page"]) or {}
        try:
            page = Page(**self._values(PAGE, facts))
            _check_slug(page.slug)
        except ValidationError as error:
            self._refuse(item.label, error)
            return None
        page.body = clean_html(self._body(facts, item))
        page.slug = slugs.free(page.slug)
        return page

    def image(self, item: Item) -> Image | None:
        """Return the picture of an item with its file, not saved."""
        facts = facts_in(item.meta["_newsroom_image"]) or {}
        try:
            values = self._values(IMAGE, facts)
        except ValidationError as error:
            self._refuse(item.label, error)
            return None
        name = str(values.pop("file", "") or "")
        image = Image(**values)
        if name:
            self.files.give(image, name)
        return image

    def _body(self, facts: Facts, item: Item) -> str:
        body = facts.get("body")
        return body if isinstance(body, str) else item["content:encoded"]

    # Records

    def restore_before(self, rows: list[Record]) -> None:
        """Restore what articles name: the publication, menus, sections, series, tags, authors."""
        by_kind: dict[str, list[Facts]] = {}
        for row in rows:
            if facts := facts_in(row.text):
                by_kind.setdefault(row.kind, []).append(facts)
        for kind in BEFORE:
            self._restore(kind, by_kind.get(kind.name, []))
        self.files.store_others()

    def take(self, record: Record) -> None:
        """Take a record that names articles; it is saved with its batch, or by ``finish``."""
        if record.kind in BEFORE_POSTS:
            return
        facts = facts_in(record.text)
        if facts is None or record.kind not in _AFTER_POSTS:
            self.report.note(_UNREADABLE, f"a record of the kind “{record.kind[:60]}”")
            return
        waiting = self._waiting.setdefault(record.kind, [])
        waiting.append(facts)
        if len(waiting) >= BATCH:
            self._save(record.kind)

    def finish(self) -> None:
        """Save what waits, and link related articles."""
        for kind in list(self._waiting):
            self._save(kind)
        links = Article.related.through
        for start in range(0, len(self._related), BATCH):
            links.objects.bulk_create(
                [
                    links(from_article_id=pk, to_article_id=other)
                    for pk, numbers in self._related[start : start + BATCH]
                    for other in (self.find("article", number) for number in numbers)
                    if other is not None and other != pk
                ],
                ignore_conflicts=True,
            )

    def _save(self, kind: str) -> None:
        rows = self._waiting.pop(kind, [])
        if kind == "redirect":
            self._redirect(rows)
        elif kind == "revision":
            self._revise(rows)
        else:
            self._restore(_KINDS[kind], rows)

    def _restore(self, kind: Kind, rows: list[Facts]) -> None:
        """Save the rows that are not there yet, in batches; then who belongs to whom."""
        new: list[tuple[Facts, models.Model]] = []
        known: list[tuple[Facts, int]] = []
        is_taken = _taken(kind, rows)
        for facts in rows:
            try:
                values = self._values(kind, facts)
                if any(values[f"{n}_id"] is None for n in kind.refs or {} if n == "article"):
                    self.report.skip(kind.name, "belongs to an article that is not here")
                    continue
            except ValidationError as error:
                self._refuse(kind.name, error)
                continue
            if self.records.find(kind.name, str(facts["id"])) is not None:
                self.report.present[_plural(kind)] += 1
            elif (pk := is_taken(values)) is not None:
                self.report.present[_plural(kind)] += 1
                known.append((facts, pk))
            else:
                new.append((facts, self._made(kind, values)))
        save_as_told(kind, [row for _facts, row in new])
        pairs = [*known, *((facts, row.pk) for facts, row in new)]
        self.records.remember_all(
            ImportedItem(kind=kind.name, external_id=str(facts["id"]), object_id=pk)
            for facts, pk in pairs
        )
        self._there.pop(kind.name, None)
        if new:
            self.report.imported[_plural(kind)] += len(new)
        if "parent" in (kind.refs or {}):
            self._link(kind, new)

    def _made(self, kind: Kind, values: Facts) -> models.Model:
        if kind is PUBLICATION:
            logo = str(values.get("logo") or "")
            values["logo"] = logo if self.files.store(logo) else ""
            return Publication(pk=1, **values)
        return kind.model(**values)

    def _link(self, kind: Kind, new: list[tuple[Facts, models.Model]]) -> None:
        """Set the parents of what was saved now; nothing becomes its own ancestor."""
        rows: dict[int, Any] = {row.pk: row for _facts, row in new}
        for facts, row in new:
            parent = self.find(kind.name, facts.get("parent"))
            above, seen = parent, {row.pk}
            while above is not None and above not in seen:
                seen.add(above)
                above = rows[above].parent_id if above in rows else None
            if above is None:
                rows[row.pk].parent_id = parent
        kind.model._default_manager.bulk_update(rows.values(), ["parent"], batch_size=BATCH)  # noqa: SLF001 (documented in Django)

    def _redirect(self, rows: list[Facts]) -> None:
        targets: dict[str, models.Model] = {}
        for facts in rows:
            path, kind = facts.get("old_path"), str(facts.get("kind"))
            pk = self.find(kind, facts.get("target"))
            if isinstance(path, str) and pk is not None:
                # It is kept decoded, and a sign of percent in it is one.
                targets[path.replace("%", "%25")] = _KINDS[kind].model(pk=pk)
            else:
                self.report.skip("redirect", "leads to what is not here")
        remember_old_paths(targets)

    def _revise(self, rows: list[Facts]) -> None:
        """Restore revisions, which hold their article's bylines, tags and relations of then."""
        model: Any = REVISION.model
        new: list[tuple[Facts, Any]] = []
        for facts in rows:
            article = self.find("article", facts.get("article"))
            try:
                values = self._values(REVISION, {**facts, "id": 0})
            except ValidationError as error:
                self._refuse("revision", error)
                continue
            if article is None:
                self.report.skip("revision", "belongs to an article that is not here")
            elif self.records.find("revision", str(facts.get("id"))) is not None:
                self.report.present["revisions"] += 1
            else:
                new.append((facts, model(id=article, **values)))
        revisions = [row for _facts, row in new]
        model.objects.bulk_create(revisions)
        self.records.remember_all(
            ImportedItem(
                kind="revision", external_id=str(facts["id"]), object_id=row.history_id
            )
            for facts, row in new
        )  # fmt: skip
        authors, tags, related = (
            apps.get_model("articles", f"Revision{name}") for name in ("Byline", "Tag", "Related")
        )
        authors.objects.bulk_create(
            authors(history=row, article_id=row.id, author_id=pk, position=position, id=0)
            for facts, row in new
            for pk, position in self._bylines(facts.get("authors"))
        )
        tags.objects.bulk_create(
            tags(history=row, article_id=row.id, tag_id=pk, id=0)
            for facts, row in new
            for pk in self._tags(facts.get("tags"))
        )
        related.objects.bulk_create(
            related(history=row, from_article_id=row.id, to_article_id=pk, id=0)
            for facts, row in new
            for pk in (self.find("article", n) for n in _listed(facts.get("related")))
            if pk is not None
        )
        if new:
            self.report.imported["revisions"] += len(new)


def save_as_told(kind: Kind, rows: Iterable[models.Model]) -> None:
    """Save new rows with the times they were given, also where Django would write now."""
    saved = list(rows)
    automatic = [
        name
        for name in kind.fields
        if getattr(field := kind.model._meta.get_field(name), "auto_now", False)  # noqa: SLF001 (documented in Django)
        or getattr(field, "auto_now_add", False)
    ]
    told = [[getattr(row, name) for name in automatic] for row in saved]
    kind.model._default_manager.bulk_create(saved, batch_size=BATCH)  # noqa: SLF001 (documented in Django)
    if all(value is None for values in told for value in values):
        return
    for row, values in zip(saved, told, strict=True):
        for name, value in zip(automatic, values, strict=True):
            if value is not None:
                setattr(row, name, value)
    kind.model._default_manager.bulk_update(saved, automatic, batch_size=BATCH)  # noqa: SLF001 (documented in Django)


def _taken(kind: Kind, rows: list[Facts]) -> Callable[[Facts], int | None]:
    """Return what finds the row that is there already in place of a new one."""
    if kind is PUBLICATION:
        there = Publication.objects.filter(pk=1).exists()
        return lambda _values: 1 if there else None
    if kind.model is FrontSlot:
        slots = dict(FrontSlot.objects.values_list("article_id", "pk"))
        return lambda values: slots.get(values["article_id"])
    if kind is MENU_ITEM:
        items = {
            (menu, label, url): pk
            for menu, label, url, pk in MENU_ITEM.model._default_manager.values_list(  # noqa: SLF001 (documented in Django)
                "menu", "label", "url", "pk"
            )
        }
        return lambda values: items.get((values["menu"], values["label"], values["url"]))
    if "slug" not in kind.fields:
        return lambda _values: None
    wanted = [facts["slug"] for facts in rows if isinstance(facts.get("slug"), str)]
    found = kind.model._default_manager.filter(Q(slug__in=wanted))  # noqa: SLF001 (documented in Django)
    slugs = dict(found.values_list("slug", "pk"))
    return lambda values: slugs.get(values["slug"])


def _check_article(article: Article) -> None:
    """Raise ValidationError where the database would refuse."""
    if article.section_id is None:
        raise ValidationError("section: not here")
    _check_slug(article.slug)
    if article.status in PUBLIC and (
        article.published_at is None
        or (article.embargo_until and article.published_at < article.embargo_until)
    ):
        raise ValidationError("published_at: not a time it can be public from")


def _check_slug(slug: str) -> None:
    if not slug:
        raise ValidationError("slug: nothing")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _plural(kind: Kind) -> str:
    names = {"publication": "publication", "series": "series", "tag": "tags"}
    return names.get(kind.name, str(kind.model._meta.verbose_name_plural))  # noqa: SLF001 (documented in Django)
