"""A report withdrawn or brought back while it is asked for is public or gone, never missing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from articles.models import Article, Status
from tests.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db
PAGES = ("", "changes/", "comments/", "comments/news/", "comments/new/?ids=1")


class SwitchedMeanwhile:
    """Lets an editor switch a report's state right after it was first read."""

    def __init__(self, article: Article, status: Status) -> None:
        self.article, self.status = article, status
        self.is_done = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        if not self.is_done and 'FROM "articles_article"' in sql and '"slug" = ' in sql:
            self.is_done = True
            Article.objects.filter(pk=self.article.pk).update(status=self.status)
        return answer


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("before", "after"),
    [(Status.WITHDRAWN, Status.PUBLISHED), (Status.PUBLISHED, Status.WITHDRAWN)],
)
def test_report_switched_while_it_is_read_is_never_missing(
    client: Client, page: str, before: Status, after: Status
) -> None:
    article = CommentFactory().discussion.article
    Article.objects.update(status=before, withdrawal_notice="It was wrong.")
    switched = SwitchedMeanwhile(article, after)
    with connection.execute_wrapper(switched):
        answer = client.get(f"{article.get_absolute_url()}{page}")
    assert switched.is_done
    assert answer.status_code == (410 if before == Status.WITHDRAWN else 200)
    if answer.status_code == 410:
        assert "It was wrong." in answer.content.decode()
