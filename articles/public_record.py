"""The public record: what readers were shown, and when."""

import datetime
from dataclasses import dataclass

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import MD5, Concat
from django.utils import timezone

from articles.models import PUBLIC, Article, Status

PUBLIC_TEXT = ("headline", "lede", "key_points", "body", "dateline")
# What "What changed" compares; how a report is filed is not part of what it says.
PUBLIC_FIELDS = ("headline", "lede", "key_points", "body", "bylines", "dateline")


@dataclass(frozen=True)
class PublicVersion:
    """What a report said to its readers from a time on. ``number`` counts from one."""

    number: int
    revision: int
    seen_at: datetime.datetime


def public_versions(article: Article) -> list[PublicVersion]:
    """Return what readers were shown of a report, the first version first, in one query.

    A revision was public when its time came before the next one took its place. Those that say the
    same one after another are one version. No revision, no version: a report that was never
    changed here says what it said.
    """
    now = timezone.now()
    rows = list(
        article.history.order_by("history_date", "history_id")
        .annotate(text=_digest(), names=_bylines())
        .values_list("history_id", "history_date", "status", "published_at", "text", "names")
    )
    ends = [*(row[1] for row in rows[1:]), now]
    versions: list[PublicVersion] = []
    last = None
    for (number, kept_at, status, published_at, text, names), end in zip(rows, ends, strict=False):
        is_public = status in PUBLIC and published_at is not None and published_at <= end
        if not is_public or (text, names) == last:
            continue
        last = (text, names)
        seen_at = max(published_at, kept_at)
        versions.append(PublicVersion(len(versions) + 1, number, seen_at))
    return versions


def has_changed() -> Exists:
    """Return the condition, of reports, that readers were shown another text before."""
    same = Q(**{name: OuterRef(name) for name in PUBLIC_TEXT})
    return Exists(
        Article.history.model.objects.filter(~same, id=OuterRef("pk"), status=Status.PUBLISHED)
    )  # fmt: skip


def _digest() -> MD5:
    separator = Value("\x1f")
    parts = [part for name in PUBLIC_TEXT for part in (F(name), separator)]
    return MD5(Concat(*parts, output_field=TextField()))


def _bylines() -> ArraySubquery:
    rows = apps.get_model("articles", "RevisionByline").objects.filter(history=OuterRef("pk"))
    return ArraySubquery(rows.order_by("position", "author").values("author"))
