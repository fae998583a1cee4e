"""Pages of a list by keyset: "what comes after this one", never "skip so many".

A page found by OFFSET skips and repeats when a report is published meanwhile, and gets slower the
deeper it lies. Method: Markus Winand, "We need tool support for keyset pagination".
"""

import base64
import binascii
import datetime
from dataclasses import dataclass

from django.db.models import Q

from articles.models import Article
from articles.querysets import ArticleQuerySet

PAGE_SIZE = 20


@dataclass(frozen=True)
class ListPage:
    """One page of a list; ``next_cursor`` is empty on the last."""

    articles: list[Article]
    next_cursor: str
    is_first: bool


def encode_cursor(article: Article) -> str:
    """Return the cursor that continues after the article. It has been published."""
    return cursor_of(article.published_at or article.created_at, article.pk)


def cursor_of(when: datetime.datetime, number: int) -> str:
    """Return the cursor that continues after the row of a time and a number."""
    text = f"{when:%Y-%m-%dT%H:%M:%S.%f%z}|{number}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[datetime.datetime, int]:
    """Return the time and number a cursor names. Raises ValueError for anything else."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        text = base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii")
        when, _bar, number = text.partition("|")
        moment = datetime.datetime.fromisoformat(when)
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("not a cursor") from error
    if moment.tzinfo is None or not number.isdigit() or len(number) > 18:
        raise ValueError("not a cursor")
    return moment, int(number)


def page_of(articles: ArticleQuerySet, cursor: str, size: int = PAGE_SIZE) -> ListPage:
    """Return the page after cursor, newest first; a cursor that is none gives the first page."""
    rows = articles.published().newest_first().with_cards()
    is_first = True
    if cursor:
        try:
            when, number = decode_cursor(cursor)
        except ValueError:
            pass
        else:
            is_first = False
            rows = rows.filter(
                Q(published_at__lt=when) | Q(published_at=when, pk__lt=number),
                published_at__lte=when,  # what the index can walk
            )
    found = list(rows[: size + 1])
    shown = found[:size]
    return ListPage(shown, encode_cursor(shown[-1]) if len(found) > size else "", is_first)
