"""Revisions of reports."""

import pytest

from articles.models import Byline, Tag
from articles.revisions import keep_revision
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory

pytestmark = pytest.mark.django_db


def test_revision_holds_text_bylines_and_tags() -> None:
    article = ArticleFactory(headline="First", body="<p>One.</p>")
    names = [byline.author.name for byline in article.bylines.all()]
    article.tags.add(Tag.objects.create(name="Harbour", slug="harbour"))
    user = UserFactory()
    article.save()
    assert article.history.count() == 0  # nothing is kept unasked
    keep_revision(article=article, by=user, reason="first")
    article.headline = "Second"
    article.save()
    Byline.objects.filter(article=article).delete()
    keep_revision(article=article, by=None, reason="second")
    new, old = article.history.all()
    assert (old.headline, old.history_user, old.history_change_reason) == ("First", user, "first")
    assert [row.author.name for row in old.authors.order_by("position")] == names
    assert [row.tag.slug for row in old.tags.all()] == ["harbour"]
    assert new.headline == "Second"
    assert not new.authors.exists()
