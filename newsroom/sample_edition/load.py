"""Loads the sample edition: identity, people, reports, discussions and the drive."""

import datetime
import tomllib
from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import slugify

from accounts.models import User
from articles.models import (
    Article,
    Author,
    Byline,
    Image,
    MenuItem,
    Page,
    Publication,
    Section,
    Series,
    Status,
    Tag,
)  # fmt: skip
from articles.pictures import content_digest
from articles.search.vocabulary import refresh_vocabulary
from comments.counts import recount
from comments.models import Rule
from newsroom.sample_edition.bodies import FIGURE, render_body
from newsroom.sample_edition.discussions import add_discussion
from newsroom.sample_edition.drive import add_drives
from newsroom.sample_edition.manuscripts import FOLDER, Manuscript, read_manuscripts
from newsroom.sample_edition.pictures import draw_pictures
from newsroom.sample_edition.record import add_record

PASSWORD = "demo"  # noqa: S105 (said aloud: the demo's log-in)
CREDIT = "Illustration: The Meridian Ledger"
RELATED = 3


def load_sample_edition(say: Callable[[str], None] = lambda _line: None) -> bool:
    """Fill a site that has no reports, whole or not at all; return whether it did.

    Times are relative to now: the newest report is always twenty minutes old.
    say: is told what goes on, a line at a time.
    """
    if Article.objects.exists():
        return False
    edition = tomllib.loads((FOLDER / "edition.toml").read_text(encoding="utf-8"))
    manuscripts = read_manuscripts("reports")
    say("Drawing the illustrations …")
    pictures = draw_pictures(_pictures_of(manuscripts))
    say("Writing the reports and their discussions …")
    with transaction.atomic(), translation.override("en"):
        _add_identity(edition)
        Rule.objects.bulk_create(
            Rule(**{name: _stripped(value) for name, value in row.items()})
            for row in edition["rules"]
        )
        staff = _add_people(edition)
        images = {name: _add_image(name, data) for name, data in pictures.items()}
        sections = _add_sections(edition)
        series = {row["name"]: Series.objects.create(**row) for row in edition["series"]}
        now = timezone.now()
        articles = {}
        for manuscript in sorted(manuscripts, key=lambda m: m.hours, reverse=True):
            article = _add_article(manuscript, now, images, sections, series)
            articles[manuscript.slug] = article
            add_discussion(article, manuscript.comments, staff, now)
        _relate(list(articles.values()))
        Article.objects.index_for_search()
        refresh_vocabulary()
        add_record(edition["record"], articles, now)
        recount()
        add_drives(edition["drive"], timezone.localdate())
    return True


def _pictures_of(manuscripts: list[Manuscript]) -> list[str]:
    """Return the names of the pictures that lead a report or stand in one."""
    leading = {m.head["picture"] for m in manuscripts if "picture" in m.head}
    inside = {found["name"] for m in manuscripts for found in FIGURE.finditer(m.body)}
    return sorted(leading | inside)


def _add_identity(edition: dict[str, Any]) -> None:
    Publication.objects.update_or_create(
        pk=1, defaults={name: _stripped(v) for name, v in edition["publication"].items()}
    )
    for position, section in enumerate(edition["sections"]):
        MenuItem.objects.create(
            menu="header", label=section["name"], url=f"/sections/{section['slug']}/",
            position=position,
        )  # fmt: skip
    for position, item in enumerate(edition["menus"]["footer"]):
        MenuItem.objects.create(menu="footer", position=position, **item)
    for page in read_manuscripts("pages"):
        Page.objects.create(
            slug=page.slug, title=page.head["title"], body=render_body(page.body, {})
        )


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _add_people(edition: dict[str, Any]) -> dict[str, User]:
    """Make the accounts and the authors; return those who comment by account, by name."""
    people = {}
    for row in edition["users"]:
        people[row["display_name"]] = _add_user(**row, password=PASSWORD)
    for row in edition["authors"]:
        slug = slugify(row["name"])
        user = _add_user(
            email=f"{slug}@example.org", display_name=row["name"], groups=["Author"],
            is_staff=True, password=None,
        )  # fmt: skip
        Author.objects.create(slug=slug, user=user, **row)
        people[row["name"]] = user
    return people


def _add_user(
    *, email: str, display_name: str, groups: list[str], is_staff: bool, password: str | None
) -> User:
    user = User.objects.create_user(email, password, display_name=display_name, is_staff=is_staff)
    user.groups.set(Group.objects.filter(name__in=groups))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def _add_sections(edition: dict[str, Any]) -> dict[str, Section]:
    """Make the sections; return them by the key that manuscripts use."""
    sections = {}
    for position, row in enumerate(edition["sections"]):
        key = row.pop("key")
        sections[key] = Section.objects.create(position=position, **row)
    return sections


def _add_image(name: str, data: bytes) -> Image:
    # Given to the constructor, which is when the field reads width and height.
    file = ContentFile(data, name=f"{name}.jpg")
    return Image.objects.create(file=file, content_digest=content_digest(file), credit=CREDIT)


def _describe(image: Image, alt: str, caption: str) -> None:
    """Give an image its words, where it has none from an older report."""
    if not image.alt:
        image.alt, image.caption = alt, caption
        image.save(update_fields=["alt", "caption"])


def _add_article(
    manuscript: Manuscript,
    now: datetime.datetime,
    images: dict[str, Image],
    sections: dict[str, Section],
    series: dict[str, Series],
) -> Article:
    """Publish one report, as long ago as it says."""
    head = manuscript.head
    published = (now - datetime.timedelta(hours=manuscript.hours)).replace(microsecond=0)
    run, part = (*manuscript.values("series", "|"), "", "")[:2]
    lead = images.get(head.get("picture", ""))
    if lead:
        _describe(lead, head["alt"], head.get("caption", ""))
    for found in FIGURE.finditer(manuscript.body):
        _describe(images[found["name"]], found["alt"], found["caption"])
    article = Article.objects.create(
        slug=manuscript.slug,
        headline=head["headline"].replace("{date}", f"{published.day} {published:%B %Y}"),
        lede=head["lede"],
        body=render_body(manuscript.body, images),
        key_points="\n".join(manuscript.values("points", "|")),
        dateline=head.get("dateline", ""),
        kind=head.get("kind", "report"),
        language=head.get("language", "en"),
        section=sections[head["section"]],
        series=series[run] if run else None,
        series_part=int(part) if part else None,
        lead_image=lead,
        status=Status.PUBLISHED,
        published_at=published,
        updated_at=now - datetime.timedelta(hours=float(head["updated"]))
        if "updated" in head
        else None,
    )
    for position, name in enumerate(manuscript.values("author")):
        Byline.objects.create(
            article=article, author=Author.objects.get(name=name), position=position
        )
    for name in manuscript.values("tags"):
        article.tags.add(Tag.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0])
    return article


def _relate(articles: list[Article]) -> None:
    """Join each report with those of its language that share most subjects with it."""
    tags = {a.pk: set(a.tags.values_list("pk", flat=True)) for a in articles}
    for article in articles:
        others = [
            other
            for other in articles
            if other != article
            and other.language == article.language
            and (other.series_id is None or other.series_id != article.series_id)
            and tags[other.pk] & tags[article.pk]
        ]
        others.sort(key=lambda o: (-len(tags[o.pk] & tags[article.pk]), o.slug))
        article.related.add(*others[:RELATED])
