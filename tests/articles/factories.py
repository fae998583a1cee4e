"""Reports and what belongs to them, for tests."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from articles.models import Article, Author, Byline, Image, Section, Series, Status, Tag


class SectionFactory(factory.django.DjangoModelFactory[Section]):
    class Meta:
        model = Section

    name = factory.Sequence(lambda n: f"Section {n}")
    slug = factory.Sequence(lambda n: f"section-{n}")


class SeriesFactory(factory.django.DjangoModelFactory[Series]):
    class Meta:
        model = Series

    name = factory.Sequence(lambda n: f"Series {n}")
    slug = factory.Sequence(lambda n: f"series-{n}")


class TagFactory(factory.django.DjangoModelFactory[Tag]):
    class Meta:
        model = Tag

    name = factory.Sequence(lambda n: f"Tag {n}")
    slug = factory.Sequence(lambda n: f"tag-{n}")


class AuthorFactory(factory.django.DjangoModelFactory[Author]):
    class Meta:
        model = Author

    name = factory.Sequence(lambda n: f"Author {n}")
    slug = factory.Sequence(lambda n: f"author-{n}")


class ImageFactory(factory.django.DjangoModelFactory[Image]):
    """A described picture of the library whose file is not really there."""

    class Meta:
        model = Image

    file = factory.Sequence(lambda n: f"images/picture-{n}.jpg")
    width, height = 600, 400
    alt = "A crane over the harbour"


class ArticleFactory(factory.django.DjangoModelFactory[Article]):
    """A published report, each an hour older than the one before; ``draft=True`` is not public."""

    class Meta:
        model = Article
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(status=Status.DRAFT, published_at=None)

    headline = factory.Sequence(lambda n: f"Report number {n}")
    slug = factory.Sequence(lambda n: f"report-{n}")
    lede = "What happened, in a sentence."
    body = "<p>The first paragraph.</p><p>The second paragraph.</p>"
    section = factory.SubFactory(SectionFactory)
    status = Status.PUBLISHED
    published_at = factory.Sequence(lambda n: timezone.now() - timedelta(hours=n % 1000 + 1))

    @factory.post_generation
    def authors(self, create: bool, extracted: list[Author] | None, **_kwargs: Any) -> None:
        for position, author in enumerate(extracted or []):
            Byline.objects.create(article=self, author=author, position=position)
