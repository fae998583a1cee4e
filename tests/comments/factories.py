"""Comments, for tests."""

import uuid

import factory
from django.utils import timezone

from comments.counts import count_approval
from comments.markup import render
from comments.models import Comment, CommentStatus, Discussion
from tests.articles.factories import ArticleFactory


class DiscussionFactory(factory.django.DjangoModelFactory[Discussion]):
    class Meta:
        model = Discussion

    article = factory.SubFactory(ArticleFactory)


class CommentFactory(factory.django.DjangoModelFactory[Comment]):
    """An approved guest's comment, counted as ``post_comment`` counts it."""

    class Meta:
        model = Comment

    parent = None
    discussion = factory.Maybe(
        "parent",
        yes_declaration=factory.SelfAttribute("parent.discussion"),
        no_declaration=factory.SubFactory(DiscussionFactory),
    )
    guest_name = factory.Sequence(lambda n: f"Guest {n}")
    guest_email = factory.Sequence(lambda n: f"guest{n}@example.org")
    guest_id = factory.LazyFunction(uuid.uuid4)
    body = factory.Sequence(lambda n: f"Comment number {n}.")
    body_html = factory.LazyAttribute(lambda o: render(o.body))
    status = CommentStatus.APPROVED

    @classmethod
    def _create(cls, model_class: type[Comment], *args: object, **kwargs: object) -> Comment:
        parent = kwargs.get("parent")
        if isinstance(parent, Comment):
            kwargs |= {"root": parent.root or parent, "depth": parent.depth + 1}
        if kwargs.get("status") == CommentStatus.APPROVED:
            kwargs.setdefault("approved_at", timezone.now())
        comment: Comment = super()._create(model_class, *args, **kwargs)
        if comment.is_approved:
            count_approval(comment, 1)
        return comment
