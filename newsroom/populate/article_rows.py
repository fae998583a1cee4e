"""The rows of made-up reports."""

from collections.abc import Iterator, Sequence
from typing import Any

from articles.copying import copy_rows, reserved_ids
from articles.models import Article, Byline, Status
from newsroom.populate.cast import Filing
from newsroom.populate.plan import Plan
from newsroom.populate.reports import Report, report

COLUMNS = [
    "id", "headline", "slug", "lede", "body", "key_points", "dateline", "kind", "language",
    "section_id", "series_id", "series_part", "status", "published_at", "created_at",
    "modified_at",
]  # fmt: skip


def copy_articles(plan: Plan, numbers: Sequence[int], filing: Filing) -> list[int]:
    """Write the reports of some numbers, indexed for search; return the numbers of their rows."""
    reports = [report(plan, number) for number in numbers]
    ids = reserved_ids(Article, len(reports))
    pairs = list(zip(ids, reports, strict=True))
    copy_rows(Article, COLUMNS, (_row(pk, one, filing) for pk, one in pairs))
    copy_rows(Byline, ["article_id", "author_id", "position"], _bylines(pairs, filing))
    copy_rows(Article.tags.through, ["article_id", "tag_id"], _tags(pairs, filing))
    Article.objects.filter(pk__in=ids).index_for_search()
    return ids


def _row(pk: int, one: Report, filing: Filing) -> list[Any]:
    return [
        pk, one.headline, one.slug, one.lede, one.body, one.key_points, "", one.kind.value,
        one.language, _at(filing.sections, one.section),
        None if one.series is None else filing.series[one.series], one.series_part,
        Status.PUBLISHED.value, one.published_at, one.published_at, one.published_at,
    ]  # fmt: skip


def _bylines(pairs: list[tuple[int, Report]], filing: Filing) -> Iterator[list[int]]:
    for pk, one in pairs:
        authors = dict.fromkeys(_at(filing.authors, share) for share in one.authors)
        for position, author in enumerate(authors):
            yield [pk, author, position]


def _tags(pairs: list[tuple[int, Report]], filing: Filing) -> Iterator[list[int]]:
    for pk, one in pairs:
        for tag in dict.fromkeys(_at(filing.tags, share) for share in one.tags):
            yield [pk, tag]


def _at(ids: Sequence[int], share: float) -> int:
    """Return the row at a share, 0 to 1, of all."""
    return ids[int(share * len(ids))]
