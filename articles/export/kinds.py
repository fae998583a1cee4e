"""What is written out of each kind of thing, and how it is read back.

A thing is a dictionary of plain values: its number, its fields, and its references as numbers.
The export and the import are both led by these tables, so that neither forgets a field.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.dateparse import parse_datetime

from accounts.models import User
from articles.models import (
    Article,
    Author,
    Correction,
    FrontSlot,
    Image,
    MenuItem,
    Page,
    Publication,
    Section,
    Series,
    StateChange,
    Tag,
)  # fmt: skip

type Facts = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind: its plain fields, its references by kind, and its references to accounts."""

    name: str
    model: type[models.Model]
    fields: tuple[str, ...]
    refs: Mapping[str, str] | None = None
    users: tuple[str, ...] = ()

    def facts_of(self, row: models.Model, user: Callable[[Any], str]) -> Facts:
        """Return row as plain values. user: returns what may be told of an account."""
        facts: Facts = {"id": row.pk}
        for name in self.fields:
            facts[name] = _plain(getattr(row, name))
        for name in self.refs or {}:
            facts[name] = getattr(row, f"{name}_id")
        for name in self.users:
            facts[name] = user(getattr(row, name))
        return facts

    def values_of(self, facts: Facts) -> Facts:
        """Return the plain fields of facts as the model's values; what is not told is left out.

        Raises ValidationError for a value that the field cannot hold.
        """
        values: Facts = {}
        for name in self.fields:
            if name in facts:
                values[name] = _checked(self.model._meta.get_field(name), facts[name])  # noqa: SLF001 (documented in Django)
        return values


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value.name or "" if isinstance(value, FieldFile) else value


def _checked(field: Any, value: Any) -> Any:
    """Return a value as the field holds it. Raises ValidationError."""
    if value is None and field.null:
        return None
    if value is None or isinstance(value, (dict, list)):
        raise ValidationError(f"{field.name}: not a single value")
    if isinstance(field, models.DateTimeField):
        return _time(field, value)
    if isinstance(field, (models.CharField, models.TextField, models.FileField)):
        if not isinstance(value, str) or "\x00" in value:
            raise ValidationError(f"{field.name}: not a text")
        if isinstance(field, models.FileField):  # its validators look into the file
            return value
    checked = field.to_python(value)
    if checked in field.empty_values and field.blank:
        return checked
    field.run_validators(checked)
    # Reports of other sites are in whatever language they are in; the choices are the desk's.
    has_choices = field.choices and field.name != "language"
    if has_choices and checked not in {choice for choice, _label in field.flatchoices}:
        raise ValidationError(f"{field.name}: not one of its values")
    return checked


def _time(field: Any, value: Any) -> datetime.datetime:
    try:
        when = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise ValidationError(f"{field.name}: not a time with its zone")
    return when


def email_of(user: User | None) -> str:
    """Return how an account is named in an export that may hold addresses."""
    return "" if user is None else user.email


def nobody(_user: User | None) -> str:
    """Return how an account is named in an export without addresses: not at all."""
    return ""


PUBLICATION = Kind(
    "publication", Publication,
    (
        "name", "tagline", "logo", "accent_colour", "contact_email", "social_links", "footer_text",
        "language", "time_zone", "currency", "comment_policy", "comments_close_after",
        "report_threshold", "downvotes",
        "trust_after", "trust_refused", "spam_hold_from", "spam_from", "burst_votes",
        "four_eyes",
    ),
)  # fmt: skip
MENU_ITEM = Kind("menu_item", MenuItem, ("menu", "label", "url", "position"))
SECTION = Kind(
    "section", Section, ("name", "slug", "description", "position"), {"parent": "section"}
)
SERIES = Kind("series", Series, ("name", "slug", "description"))
TAG = Kind("tag", Tag, ("name", "slug"))
AUTHOR = Kind("author", Author, ("name", "slug", "role", "bio"), users=("user",))
IMAGE = Kind(
    "image", Image,
    (
        "file", "alt", "is_decorative", "caption", "credit", "focal_x", "focal_y",
        "content_digest", "created_at",
    ),
)  # fmt: skip
ARTICLE = Kind(
    "article", Article,
    (
        "headline", "slug", "lede", "key_points", "dateline", "kind", "language", "series_part",
        "status", "published_at", "embargo_until", "withdrawal_notice", "updated_at",
        "created_at", "modified_at", "version",
    ),
    {"section": "section", "series": "series", "lead_image": "image"}, ("created_by",),
)  # fmt: skip
PAGE = Kind("page", Page, ("title", "slug", "is_public", "modified_at"), {"parent": "page"})
CORRECTION = Kind(
    "correction", Correction, ("kind", "text", "issued_at"), {"article": "article"}, ("issued_by",)
)
STATE_CHANGE = Kind(
    "state_change", StateChange, ("from_status", "to_status", "at", "note"),
    {"article": "article"}, ("by",),
)  # fmt: skip
FRONT_SLOT = Kind(
    "front_slot", FrontSlot, ("place", "position", "expires_at", "placed_at"),
    {"article": "article"}, ("placed_by",),
)  # fmt: skip
REVISION = Kind(
    "revision", Article.history.model,
    (*ARTICLE.fields, "body", "history_date", "history_change_reason", "history_type"),
    ARTICLE.refs, ("created_by", "history_user"),
)  # fmt: skip

# Those that stand before the posts, since posts name them, and those that name posts.
BEFORE = (PUBLICATION, MENU_ITEM, SECTION, SERIES, TAG, AUTHOR)
AFTER = (CORRECTION, STATE_CHANGE, FRONT_SLOT)
