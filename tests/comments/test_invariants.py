"""Whatever readers and moderators do, in whatever order: counts, paths, orders and pages hold."""

import random
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from articles.models import Article
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
    unfeature_comment,
    unpin_comment,
)
from comments.posting import post_comment
from comments.reading import Thread, discussion_of, discussion_page, thread_page
from comments.roots import FILTERS
from comments.voting import cast_vote
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

DECISIONS = [
    approve_comment, approve_comment, reject_comment, mark_comment_as_spam, remove_comment,
    pin_comment, unpin_comment, feature_comment, unfeature_comment, close_thread, reopen_thread,
]  # fmt: skip
GUESTS = [uuid.UUID(int=n) for n in range(1, 5)]
WORDS = "the line will pay for itself"
# What happens between two turns of a page.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["post", "quote", "reply", "reply", "vote", "vote", "vote", "edit", "delete", "decide",
             "decide"]
        ),
        st.integers(0, 10_000),
        st.integers(0, 10_000),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def shown(discussion: Discussion, only: str) -> set[int]:
    """Return what a reader would see of a discussion at this moment, all pages together."""
    if only == "featured":
        picked = Comment.objects.approved().filter(discussion=discussion, is_featured=True)
        return set(picked.values_list("pk", flat=True))
    roots = Comment.objects.roots_of(discussion)
    if only == "inline":
        roots = roots.exclude(quote_exact="")
    return set(roots.values_list("pk", flat=True))


@dataclass
class Walk:
    """A reader who turns one page after the other while everything else goes on."""

    article: Article
    sort: str
    only: str
    steady: set[int]  # what was shown all the while
    after: str = ""
    seen: list[int] = field(default_factory=list)
    is_over: bool = False

    def turn(self) -> None:
        if self.is_over:
            return
        page = discussion_page(
            discussion_of(fresh(self.article)), sort=self.sort, only=self.only, after=self.after
        )
        self.seen += [thread.root.pk for thread in page.threads]
        self.after = page.next_cursor
        self.is_over = not self.after


def fresh(article: Article) -> Article:
    """Return the article as the next request would have it: nothing is remembered from the last."""
    return Article.objects.get(pk=article.pk)


def begun(discussion: Discussion, dice: random.Random, moderator: User) -> None:
    """Begin a discussion of several pages: threads with votes and replies, quotes, picks, a pin."""
    for number in range(11):
        up, down = dice.randint(0, 2), dice.randint(0, 1)
        votes = {"imported_upvotes": up, "upvotes": up}
        votes |= {"imported_downvotes": down, "downvotes": down}
        quote = WORDS if dice.random() < 0.5 else ""
        root = above = CommentFactory(
            discussion=discussion, guest_id=GUESTS[number % 4], quote_exact=quote,
            is_featured=dice.random() < 0.4, **votes,
        )  # fmt: skip
        for _ in range(dice.choice([0, 0, 1, 5])):
            above = CommentFactory(parent=dice.choice([root, above]), guest_id=dice.choice(GUESTS))
        if number == 2:
            pin_comment(comment=root, by=moderator)


def take(step: tuple[str, int, int], discussion: Discussion, moderator: User) -> None:
    """Do one thing; what is not allowed is refused and changes nothing."""
    what, one, two = step
    comments = list(Comment.objects.filter(discussion=discussion).order_by("pk"))
    chosen = comments[one % len(comments)] if comments else None
    guest = GUESTS[two % len(GUESTS)]
    writer: dict[str, Any] = {"guest_name": "A", "guest_email": "a@b.org", "guest_id": guest}
    if what == "quote":
        words = " ".join(WORDS.split()[: 2 + one % 4])
        post_comment(discussion=discussion, body=f"{uuid.uuid4()}", quote_exact=words, **writer)
    elif what == "post" or chosen is None:
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


def check_paths(discussion: Discussion) -> None:
    for comment in Comment.objects.filter(discussion=discussion).select_related("parent"):
        if comment.parent is None:
            assert (comment.root_id, comment.depth) == (None, 0)
        else:
            assert comment.depth == comment.parent.depth + 1
            assert comment.root_id == (comment.parent.root_id or comment.parent_id)


def check_thread(thread: Thread) -> None:
    """What a page shows of a thread, and says that it leaves out, is all of it."""
    numbers = [comment.pk for comment in thread.replies]
    for place, comment in enumerate(thread.replies):
        if comment.parent_id != thread.root.pk:
            assert comment.parent_id in numbers[:place]
    told = sum(line.more or line.comment.is_approved for line in thread.lines)
    assert told + thread.hidden_replies == thread.root.reply_count


def check_orders(article: Article) -> None:
    """Each thread stands once in each order, and where its value says."""
    for order in ORDERS.values():
        walk = Walk(article, order.name, "", set())
        while not walk.is_over:
            walk.turn()
        roots = Comment.objects.in_bulk(walk.seen)
        assert len(walk.seen) == len(roots)
        assert set(roots) == shown(article.discussion, "")
        plain = [roots[pk] for pk in walk.seen if roots[pk].pinned_at is None]
        keys = [(getattr(c, order.field), c.pk) for c in plain]
        assert keys == sorted(keys, reverse=order.is_descending)
        pinned = [pk for pk in walk.seen if roots[pk].pinned_at is not None]
        assert walk.seen[: len(pinned)] == pinned


def check_replies(discussion: Discussion) -> None:
    """The pages of one thread show each reply once, and none before what it answers."""
    for root in Comment.objects.filter(pk__in=shown(discussion, "")):
        seen: list[Comment] = []
        after = ""
        while True:
            thread, after = thread_page(root, after=after)
            seen += thread.replies
            if not after:
                break
        numbers = [comment.pk for comment in seen]
        assert len(numbers) == len(set(numbers))
        assert sum(comment.is_approved for comment in seen) == root.reply_count
        for place, comment in enumerate(seen):
            # A placeholder whose replies are on the next page has nothing to hold a place for.
            assert (
                comment.parent_id in {root.pk, *numbers[:place]} or not comment.parent.is_approved
            )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    beginning=st.randoms(use_true_random=False),
    turns=st.lists(STEPS, min_size=2, max_size=4),
    policy=st.sampled_from(["open", "open", "hold-all", "hold-new"]),
)
def test_any_interleaving_keeps_everything_true(
    monkeypatch: pytest.MonkeyPatch,
    beginning: random.Random,
    turns: list[list[tuple[str, int, int]]],
    policy: str,
) -> None:
    """While a reader of each order and each filter turns page after page, all the others go on."""
    monkeypatch.setattr("comments.roots.ROOTS_PER_PAGE", 3)
    monkeypatch.setattr("comments.reading.REPLIES_PER_ROOT", 2)
    monkeypatch.setattr("comments.reading.REPLIES_PER_THREAD_PAGE", 2)
    article = ArticleFactory(body=f"<p>The company says that {WORDS}.</p>")
    discussion = DiscussionFactory(article=article, policy=policy)
    moderator = User.objects.create_superuser(f"{uuid.uuid4()}@example.org", "x")
    begun(discussion, beginning, moderator)
    walks = [Walk(article, sort, "", shown(discussion, "")) for sort in ORDERS]
    walks += [Walk(article, "newest", only, shown(discussion, only)) for only in FILTERS]
    for steps in turns:
        for walk in walks:
            walk.turn()
        for step in steps:
            try:
                take(step, discussion, moderator)
            except (PermissionDenied, ValidationError):
                continue
            for walk in walks:
                if not walk.is_over:
                    walk.steady &= shown(discussion, walk.only)
    for walk in walks:
        while not walk.is_over:
            walk.turn()
        assert len(walk.seen) == len(set(walk.seen)), walk.sort
        assert walk.steady <= set(walk.seen), walk.sort
    assert not any(recount().values())
    check_paths(discussion)
    for thread in discussion_page(discussion_of(fresh(article))).threads:
        check_thread(thread)
    check_orders(article)
    check_replies(discussion)


@pytest.mark.django_db
def test_pages_of_a_discussion_carry_nothing_of_their_visitor() -> None:
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
