"""Reading: each comment once, each reply under its parent, at a constant cost."""

import random
import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from comments.counts import recount
from comments.models import Comment, Discussion
from comments.reading import discussion_page, thread_page
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory


@pytest.fixture
def crowded() -> Discussion:
    """Seventy threads, many of the same second and the same score."""
    discussion = DiscussionFactory()
    dice = random.Random(3)
    now = timezone.now()
    for _ in range(70):
        CommentFactory(
            discussion=discussion,
            created_at=now - timedelta(minutes=dice.randint(0, 9)),
            upvotes=dice.randint(0, 3),
        )
    return discussion


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["newest", "oldest", "top", "best", "active"])
def test_paging_shows_each_thread_once_and_in_order(crowded: Discussion, sort: str) -> None:
    seen, after, pages = [], "", 0
    while True:
        page = discussion_page(crowded, sort=sort, after=after)
        seen += [thread.root for thread in page.threads]
        pages += 1
        if not page.next_cursor:
            break
        after = page.next_cursor
    assert pages == 4
    assert len({c.pk for c in seen}) == len(seen) == 70
    keys = {
        "newest": [(-c.created_at.timestamp(), -c.pk) for c in seen],
        "oldest": [(c.created_at.timestamp(), c.pk) for c in seen],
        "top": [(-c.score, -c.pk) for c in seen],
        "best": [(-c.best, -c.pk) for c in seen],
        "active": [(-c.reply_count, -c.pk) for c in seen],
    }[sort]
    assert keys == sorted(keys)


@pytest.mark.django_db
def test_new_comment_between_two_pages_neither_skips_nor_repeats(crowded: Discussion) -> None:
    first = discussion_page(crowded, sort="newest")
    CommentFactory(discussion=crowded)
    second = discussion_page(crowded, sort="newest", after=first.next_cursor)
    shown = [t.root.pk for t in first.threads + second.threads]
    assert len(set(shown)) == 40


@pytest.mark.django_db
def test_discussion_walks_through_its_links_without_javascript(crowded: Discussion) -> None:
    client, seen = Client(), []
    address = f"{crowded.article.get_absolute_url()}comments/?sort=oldest"
    while address:
        soup = BeautifulSoup(client.get(address).content, "html.parser")
        seen += [a["id"] for a in soup.select("#comments article")]
        more = soup.select_one(".discussion__more a")
        address = str(more["href"]) if more else ""
        if address.startswith("?"):
            address = f"{crowded.article.get_absolute_url()}comments/{address}"
    assert len(seen) == len(set(seen)) == 70


@pytest.mark.django_db
def test_thread_shows_its_first_replies_and_says_how_many_more() -> None:
    root = CommentFactory()
    for _ in range(30):
        CommentFactory(parent=root)
    root.refresh_from_db()
    [thread] = discussion_page(root.discussion).threads
    assert len(thread.replies) == 20
    assert thread.hidden_replies == 10
    whole, cursor = thread_page(root)
    assert len(whole.replies) == 30
    assert not cursor


@pytest.mark.django_db
def test_markup_says_where_each_comment_stands() -> None:
    root = CommentFactory()
    reply = CommentFactory(parent=root)
    below = CommentFactory(parent=reply)
    html = Client().get(root.discussion.article.get_absolute_url()).content
    soup = BeautifulSoup(html, "html.parser")
    for comment, parent, depth in ((root, "", "0"), (reply, root.pk, "1"), (below, reply.pk, "2")):
        element = soup.select_one(f"#comments article#comment-{comment.pk}")
        assert element is not None
        assert element["data-parent"] == str(parent)
        assert element["data-depth"] == depth
        assert element.select_one(".comment-body")
    assert [a.text for a in soup.select('nav[aria-label="Sort comments"] a')] == [
        "Newest",
        "Oldest",
        "Most voted",
        "Best",
        "Most discussed",
    ]


@pytest.mark.slow
@pytest.mark.django_db
def test_page_costs_the_same_with_five_comments_and_with_five_thousand(
    django_assert_max_num_queries,
) -> None:
    small, large = DiscussionFactory(), DiscussionFactory()
    for discussion, roots in ((small, 3), (large, 3000)):
        made = Comment.objects.bulk_create(
            CommentFactory.build(discussion=discussion) for _ in range(roots)
        )
        Comment.objects.bulk_create(
            CommentFactory.build(discussion=discussion, parent=root, root=root, depth=1)
            for root in made[-(roots * 2 // 3) :]
        )
    recount()
    costs = []
    for discussion in (small, large):
        with django_assert_max_num_queries(12) as captured:
            html = Client().get(discussion.article.get_absolute_url()).content.decode()
        assert html.count('class="comment-body"') >= 5
        costs.append([re.split("WHERE|unnest", query["sql"])[0] for query in captured])
    assert costs[0] == costs[1]


@pytest.mark.django_db
def test_filter_shows_only_comments_on_a_passage() -> None:
    quoted = CommentFactory(quote_exact="a passage")
    plain = CommentFactory(discussion=quoted.discussion)
    address = f"{quoted.discussion.article.get_absolute_url()}comments/?filter=inline"
    html = Client().get(address).content.decode()
    assert quoted.body in html
    assert plain.body not in html
    assert "View all comments" in html


@pytest.mark.django_db
def test_filter_and_order_go_together_and_the_links_keep_both() -> None:
    discussion = DiscussionFactory()
    for votes in (2, 9, 5):
        CommentFactory(discussion=discussion, quote_exact=f"passage {votes}", upvotes=votes)
    address = f"{discussion.article.get_absolute_url()}comments/?sort=top&filter=inline"
    soup = BeautifulSoup(Client().get(address).content, "html.parser")
    assert [q.text for q in soup.select(".comment__quote")] == [
        "passage 9", "passage 5", "passage 2",
    ]  # fmt: skip
    current = {a.text.strip(): str(a["href"]) for a in soup.select("#comments a[aria-current]")}
    assert set(current) == {"Most voted", "Inline feedback"}
    best = soup.find("a", string="Best")
    assert "sort=best&filter=inline" in str(best["href"])
    assert "?sort=top#" in str(soup.find("a", string="View all comments")["href"])


@pytest.mark.django_db
def test_fragment_and_page_are_told_apart_for_caches() -> None:
    comment = CommentFactory()
    address = f"{comment.discussion.article.get_absolute_url()}comments/"
    page = Client().get(address)
    fragment = Client().get(address, headers={"HX-Request": "true"})
    assert "HX-Request" in page["Vary"]
    assert b"<html" in page.content
    assert b"<html" not in fragment.content
    assert comment.body in fragment.content.decode()


@pytest.mark.django_db
def test_article_that_nobody_has_discussed_yet_shows_its_form() -> None:
    article = ArticleFactory()
    for address in (article.get_absolute_url(), f"{article.get_absolute_url()}comments/"):
        html = Client().get(address).content.decode()
        assert "Nobody has commented yet" in html
        assert "data-comment-form" in html
