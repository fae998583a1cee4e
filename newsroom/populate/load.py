"""Load data, all of it or nothing: one transaction writes every row."""

import itertools
from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction

from articles.copying import analyze, check_references_at_once
from articles.models import Article, Byline
from comments.models import Comment, Discussion
from newsroom.populate.article_rows import copy_articles
from newsroom.populate.cast import made_before, make_filing, make_writers
from newsroom.populate.comment_rows import copy_comments
from newsroom.populate.plan import Plan

LOCK = 0x10AD  # any number that no other advisory lock here has
ARTICLES_PER_BATCH = 500
Progress = Callable[[str, float], None]


class CannotPopulate(Exception):  # noqa: N818 (a refusal, not a failure)
    """The database holds something that this load data would clash with; the message says what."""


def populate(plan: Plan, progress: Progress) -> bool:
    """Write the plan's rows; return False, and write nothing, when they are there already.

    progress: told the name of what is being made, and the share of it that is done, 0 to 1.
    Raises CannotPopulate. A run that is cut off leaves nothing behind.
    """
    with transaction.atomic():
        if not _is_alone():
            raise CannotPopulate("Another populate is running. Wait until it is done.")
        if _is_there(plan):
            return False
        check_references_at_once()
        try:
            _write(plan, progress)
        except IntegrityError as error:
            detail = " ".join(str(error).split("\n")[:2])
            raise CannotPopulate(f"The site holds a name that load data need: {detail}") from error
    analyze(Article, Byline, Article.tags.through, Discussion, Comment, get_user_model())
    return True


def _write(plan: Plan, progress: Progress) -> None:
    filing, writers = make_filing(plan), make_writers(plan)
    article_ids: list[int] = []
    for batch in itertools.batched(range(1, plan.articles + 1), ARTICLES_PER_BATCH):
        article_ids += copy_articles(plan, batch, filing)
        progress("articles", len(article_ids) / plan.articles)
    written = 0
    for number in copy_comments(plan, article_ids, writers):
        written += number
        progress("comments", written / plan.comments)


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _is_there(plan: Plan) -> bool:
    """Tell whether just this load data is there. Raises CannotPopulate when other is."""
    before = made_before()
    if before is not None and before != plan.arguments:
        raise CannotPopulate(
            f"The site holds load data of other numbers already ({before}). Load data are not "
            "topped up, so that the same numbers always mean the same rows: take an empty database."
        )
    return before is not None
