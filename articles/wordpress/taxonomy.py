"""Sections, tags and authors of an export."""

import re

from django.utils.translation import gettext as _

from articles.models import Author, Section, Tag
from articles.wordpress.addresses import Addresses
from articles.wordpress.records import Records
from articles.wordpress.report import Report
from articles.wordpress.values import Slugs, plain_text, shortened, slug_of
from articles.wordpress.wxr import Item, Term, Writer

NAME_LENGTH = 200
UNCATEGORISED = "uncategorized"
PAGES = "pages"
# WordPress lets nothing else into a log-in name; what else is there is a slip in the file.
_NOT_LOGIN = re.compile(r"^[^\w@.-]+|[^\w@. -]+$")


class Taxonomy:
    """Finds or makes the section, the tags and the authors that an item names."""

    def __init__(self, records: Records, report: Report) -> None:
        self.records, self.report = records, report
        self.terms: dict[str, Term] = {}  # categories by slug
        self.writers: dict[str, Writer] = {}
        self._sections: dict[str, Section] = {}
        self._tags: dict[str, Tag] = {}
        self._authors: dict[str, Author] = {}
        self._author_slugs = Slugs(Author.objects.values_list("slug", flat=True))

    def save(
        self, terms: list[Term], tags: list[Term], writers: dict[str, Writer], addresses: Addresses
    ) -> None:
        """Save all that the export declares: categories (the first of one slug), tags, authors."""
        for term in terms:
            self.terms.setdefault(_key(term), term)
        self.writers = writers
        self._save_sections()
        for term in tags:
            self.tag(term)
        for login in writers:
            self.author(login)
        self._note_archives(addresses, tags)

    def _save_sections(self) -> None:
        """Save every declared category, then who belongs to whom."""
        for term in self.terms.values():
            self.section(term)
        for key, term in self.terms.items():
            parent = self.terms.get(_key_of(term.parent)) if term.parent.strip() else None
            section = self._sections[key]
            if not term.parent.strip() or section.parent_id is not None:
                continue
            if parent is None:
                self.report.note("Categories whose parent is not in the export", term.name)
            elif self._is_circular(term):
                self.report.note(
                    "Categories that are their own ancestor; now at the top", term.name
                )
            else:
                section.parent = self._sections[_key(parent)]
                section.save(update_fields=["parent"])

    def _is_circular(self, term: Term) -> bool:
        seen = {_key(term)}
        current: Term | None = term
        while current is not None and current.parent.strip():
            key = _key_of(current.parent)
            if key in seen:
                return True
            seen.add(key)
            current = self.terms.get(key)
        return False

    def depth(self, term: Term) -> int:
        depth, current = 0, self.terms.get(_key(term), term)
        seen = {_key(current)}
        while current.parent.strip():
            key = _key_of(current.parent)
            if key in seen or key not in self.terms:
                break
            seen.add(key)
            current, depth = self.terms[key], depth + 1
        return depth

    def section(self, term: Term) -> Section:
        """Return the section of a category; one that is there by that slug is taken as it is."""
        key = _key(term)
        if key in self._sections:
            return self._sections[key]
        section = Section.objects.filter(pk=self.records.find("category", key) or 0).first()
        if section:
            self.report.present["sections"] += 1
        else:
            slug = slug_of(term.slug, term.name) or "section"
            section = Section.objects.filter(slug=slug).first()
            if section:
                self.report.present["sections"] += 1
            else:
                section = Section.objects.create(
                    name=self._name(term.name, slug), slug=slug,
                    description=plain_text(term.description),
                )  # fmt: skip
                self.report.imported["sections"] += 1
            self.records.remember("category", key, section)
        self._sections[key] = section
        return section

    def section_of(self, item: Item) -> Section:
        """Return the section of a post: its main category, else the first of the deepest ones."""
        categories = item.terms_of("category")
        if item.type != "post":
            return self.section(Term("category", PAGES, str(_("Pages"))))
        if not categories:
            return self.section(Term("category", UNCATEGORISED, str(_("Uncategorized"))))
        main = item.meta.get("_yoast_wpseo_primary_category", "")
        for term in categories:
            if main and self.terms.get(_key(term), term).term_id == main:
                return self.section(term)
        # Among equally deep ones min() takes the first, so the export's own order decides.
        return self.section(
            min(categories, key=lambda term: (_key(term) == UNCATEGORISED, -self.depth(term)))
        )

    def tags_of(self, item: Item, section: Section) -> list[Tag]:
        """Return a post's tags, and its further categories as tags, so that none is lost."""
        ancestors = set()
        current: Section | None = section
        while current is not None and current.pk not in ancestors:
            ancestors.add(current.pk)
            current = current.parent
        tags = {tag.pk: tag for tag in map(self.tag, item.terms_of("post_tag"))}
        names = {tag.name.casefold() for tag in tags.values()}
        for term in item.terms_of("category"):
            is_told = _key(term) == UNCATEGORISED or self.section(term).pk in ancestors
            if not is_told and plain_text(term.name).casefold() not in names:
                tag = self.tag(term)
                tags[tag.pk] = tag
        return list(tags.values())

    def tag(self, term: Term) -> Tag:
        key = _key(term)
        if key in self._tags:
            return self._tags[key]
        tag = Tag.objects.filter(pk=self.records.find("tag", key) or 0).first()
        if tag is None:
            slug = slug_of(term.slug, term.name) or "tag"
            tag, is_new = Tag.objects.get_or_create(
                slug=slug, defaults={"name": self._name(term.name, slug)}
            )
            self.records.remember("tag", key, tag)
            (self.report.imported if is_new else self.report.present)["tags"] += 1
        else:
            self.report.present["tags"] += 1
        self._tags[key] = tag
        return tag

    def author(self, login: str) -> Author | None:
        """Return the author of a log-in name, declared or not; None for an empty one."""
        clean = _NOT_LOGIN.sub("", login.strip())
        if clean != login.strip():
            self.report.note("Names of authors with stray characters, mended", login.strip())
        if not clean:
            return None
        if clean in self._authors:
            return self._authors[clean]
        author = Author.objects.filter(pk=self.records.find("author", clean) or 0).first()
        if author is None:
            writer = self.writers.get(clean, Writer(clean, clean))
            slug = slug_of(clean, writer.name) or "author"
            author = Author.objects.create(
                name=self._name(writer.name, clean),
                slug=self._author_slugs.free(slug),
            )
            self.records.remember("author", clean, author)
            self.report.imported["authors"] += 1
        else:
            self.report.present["authors"] += 1
        self._authors[clean] = author
        return author

    def _note_archives(self, addresses: Addresses, tags: list[Term]) -> None:
        """Note the old pages of all declared categories, tags and authors."""
        for key, term in self.terms.items():
            path, seen, above = [key], {key}, term.parent
            while (parent := self.terms.get(_key_of(above))) and _key(parent) not in seen:
                seen.add(_key(parent))
                path.insert(0, _key(parent))
                above = parent.parent
            section = self._sections[key]
            addresses.note_archive(f"category/{'/'.join(path)}", section, ("cat", term.term_id))
            addresses.note_archive(f"category/{key}", section, ("category_name", key))
        for term in tags:
            tag = self.tag(term)
            addresses.note_archive(f"tag/{_key(term)}", tag, ("tag", _key(term)))
        for login, author in self._authors.items():
            number = self.writers[login].id if login in self.writers else ""
            addresses.note_archive(f"author/{slug_of(login) or login}", author, ("author", number))
        addresses.save()

    def _name(self, markup: str, fallback: str) -> str:
        name = plain_text(markup) or fallback
        if len(name) > NAME_LENGTH:
            self.report.note("Values too long for their field, cut", name[:60])
        return shortened(name, NAME_LENGTH)


def _key(term: Term) -> str:
    return _key_of(term.slug or term.name)


def _key_of(slug: str) -> str:
    return slug_of(slug) or slug.strip()
