"""Revisions of reports."""

import pytest

from articles.models import Article, Byline, Image, Status, Tag
from articles.revisions import keep_revision, restore_revision
from tests.accounts.factories import UserFactory
from tests.articles.factories import (
    ArticleFactory,
    AuthorFactory,
    SectionFactory,
    SeriesFactory,
    TagFactory,
)

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


def test_restoring_brings_back_the_text_and_its_filing_but_not_state_or_address() -> None:
    first, second, third = (AuthorFactory() for _ in range(3))
    article = ArticleFactory(
        draft=True, headline="First", body="<p>One.</p>", slug="first", authors=[first, second],
        lead_image=Image.objects.create(alt="A crane"), series=SeriesFactory(), series_part=3,
    )  # fmt: skip
    tag, other = TagFactory(), ArticleFactory()
    article.tags.add(tag)
    article.related.add(other)
    old_section = article.section
    keep_revision(article=article, by=None)
    revision = article.history.get()

    Article.objects.filter(pk=article.pk).update(status=Status.IN_REVIEW)
    article.refresh_from_db()
    article.headline, article.body, article.slug = "Second", "<p>Two.</p>", "second"
    article.section, article.series, article.lead_image = SectionFactory(), None, None
    article.save()
    article.tags.set([TagFactory()])
    article.related.clear()
    article.bylines.all().delete()
    Byline.objects.create(article=article, author=third)
    user = UserFactory(role="Editor")
    assert restore_revision(article=article, revision=revision, by=user) == []

    stored = Article.objects.get(pk=article.pk)
    assert (stored.headline, stored.body, stored.section) == ("First", "<p>One.</p>", old_section)
    assert (stored.series_part, stored.lead_image.alt) == (3, "A crane")  # type: ignore[union-attr]
    assert [b.author for b in stored.bylines.all()] == [first, second]
    assert list(stored.tags.all()) == [tag]
    assert list(stored.related.all()) == [other]
    assert (stored.status, stored.slug, stored.version) == (Status.IN_REVIEW, "second", 1)
    assert stored.history.first().history_user == user
    assert stored.history.count() == 2


def test_restoring_says_what_is_gone() -> None:
    image, author = Image.objects.create(alt="A crane"), AuthorFactory()
    article = ArticleFactory(lead_image=image, authors=[author])
    keep_revision(article=article, by=None)
    revision = article.history.get()
    article.bylines.all().delete()
    article.lead_image = None
    article.save()
    image.delete()
    author.delete()
    lost = restore_revision(article=article, revision=revision, by=UserFactory(role="Editor"))
    assert lost == ["The image it had is gone.", "Some of its authors are gone."]
    assert Article.objects.get().lead_image is None
