"""Whatever readers and moderators do, in whatever order: counts, paths, orders and pages hold."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from comments.counts import recount
from comments.editing import delete_comment, edit_comment
from comments.keyset import ORDERS
from comments.models import Comment, Discussion
from comments.moderation import (
    approve_comment,
    close_thread,
    feature_comment,
    mark_comment_as_spam,
    pin_comment,
    reject_comment,
    remove_comment,
    reopen_thread,
    unpin_comment,
)
from comments.posting import post_comment
from comments.reading import discussion_of, discussion_page, thread_page
from comments.voting import cast_vote
from tests.articles.factories import ArticleFactory
from tests.comments.factories import DiscussionFactory

DECISIONS = [
    approve_comment, reject_comment, mark_comment_as_spam, remove_comment, pin_comment,
    unpin_comment, feature_comment, close_thread, reopen_thread,
]  # fmt: skip
GUESTS = [uuid.UUID(int=n) for n in range(1, 5)]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["post", "reply", "reply", "vote", "edit", "delete", "decide"]),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
    ),
    max_size=25,
)


def take(step: tuple[str, int, int], discussion: Discussion, moderator: User) -> None:
    """Do one thing; what is not allowed is refused and changes nothing."""
    what, one, two = step
    comments = list(Comment.objects.order_by("pk"))
    chosen = comments[one % len(comments)] if comments else None
    guest = GUESTS[two % len(GUESTS)]
    writer: dict[str, Any] = {"guest_name": "A", "guest_email": "a@b.org", "guest_id": guest}
    if what == "post" or chosen is None:
        post_comment(discussion=discussion, body=f"{one} {uuid.uuid4()}", **writer)
    elif what == "reply":
        post_comment(discussion=discussion, body=f"{uuid.uuid4()}", parent=chosen, **writer)
    elif what == "vote":
        cast_vote(comment=chosen, value=two % 3 - 1, guest_id=guest)
    elif what == "edit":
        edit_comment(comment=chosen, body=f"{two} edited", guest_id=chosen.guest_id)
    elif what == "delete":
        delete_comment(comment=chosen, guest_id=chosen.guest_id)
    else:
        DECISIONS[two % len(DECISIONS)](comment=chosen, by=moderator)


def check(discussion: Discussion) -> None:
    assert not any(recount().values())
    for comment in Comment.objects.select_related("parent"):
        if comment.parent is None:
            assert (comment.root_id, comment.depth) == (None, 0)
        else:
            assert comment.depth == comment.parent.depth + 1
            assert comment.root_id == (comment.parent.root_id or comment.parent_id)
    roots = {c.pk for c in Comment.objects.roots_of(discussion)}
    for order in ORDERS.values():
        seen: list[Comment] = []
        after = ""
        while True:
            page = discussion_page(discussion, sort=order.name, after=after)
            seen += [thread.root for thread in page.threads]
            after = page.next_cursor
            if not after:
                break
        assert len(seen) == len(roots)
        assert {c.pk for c in seen} == roots
        plain = [c for c in seen if c.pinned_at is None]
        keys = [(getattr(c, order.field), c.pk) for c in plain]
        assert keys == sorted(keys, reverse=order.is_descending)
    for root in Comment.objects.filter(pk__in=roots):
        thread, cursor = thread_page(root)
        shown = [c.pk for c in thread.replies if c.is_approved]
        assert not cursor
        assert len(shown) == len(set(shown)) == root.reply_count


@pytest.mark.django_db
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS, policy=st.sampled_from(["open", "hold-all", "hold-new"]))
def test_any_interleaving_keeps_everything_true(
    monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, int, int]], policy: str
) -> None:
    monkeypatch.setattr("comments.roots.ROOTS_PER_PAGE", 3)
    with transaction.atomic():
        article = ArticleFactory()
        discussion = DiscussionFactory(article=article, policy=policy)
        moderator = User.objects.create_superuser(f"{uuid.uuid4()}@example.org", "x")
        for step in steps:
            try:
                with transaction.atomic():
                    take(step, discussion, moderator)
            except (PermissionDenied, ValidationError):
                continue
        check(discussion_of(article))
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_pages_of_a_discussion_carry_nothing_of_their_visitor() -> None:
    from django.test import Client

    user = User.objects.create_user("visitor@secret.org", "x", display_name="Visiting Reader")
    discussion = DiscussionFactory(policy="open")
    client = Client(headers={"User-Agent": "SecretBrowser/1"}, REMOTE_ADDR="203.0.113.77")
    client.force_login(user)
    address = f"{discussion.article.get_absolute_url()}comments/"
    client.post(address, {"body": "Mine.", "key": str(uuid.uuid4()), "notify": "all"})
    guest = Client(REMOTE_ADDR="203.0.113.77")
    guest.post(address, {"body": "A guest's.", "name": "Gerda", "email": "gerda@secret.org"})
    own = Comment.objects.get(user=user)
    for asker in (client, guest):
        for place in (discussion.article.get_absolute_url(), address, own.get_absolute_url()):
            page = asker.get(place)
            html = page.content.decode()
            assert "public" in page["Cache-Control"]
            assert html == Client().get(place).content.decode()
            for secret in ("secret.org", "203.0.113", "SecretBrowser", str(own.key), "csrf"):
                assert secret not in html
