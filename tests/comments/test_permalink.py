"""A comment's own page: where it stands, and who may see it."""

import uuid

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from comments.counts import recount
from comments.models import Comment
from comments.readers import COOKIE, remember_guest
from comments.reading import surroundings
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db


def browser_of(guest_id: uuid.UUID) -> Client:
    client = Client()
    response = HttpResponse()
    remember_guest(response, guest_id)
    client.cookies.update(response.cookies)
    return client


def test_permalink_shows_what_it_answers_and_what_answers_it() -> None:
    line = [CommentFactory()]
    for _ in range(12):
        line.append(CommentFactory(parent=line[-1]))
    found = surroundings(line[9])
    assert [entry.comment.pk for entry in found.ancestors] == [
        line[0].pk,
        *(c.pk for c in line[3:9]),
    ]
    assert found.is_cut
    assert [entry.comment.pk for entry in found.lines] == [c.pk for c in line[10:]]
    soup = BeautifulSoup(Client().get(line[9].get_absolute_url()).content, "html.parser")
    [current] = soup.select("[aria-current=true].comment")
    assert current["id"] == f"comment-{line[9].pk}"
    assert soup.select_one("link[rel=canonical]")["href"].endswith(
        line[0].discussion.article.get_absolute_url()
    )
    # Too deep to be moved in further, it says whom it answers.
    assert f"in reply to {line[8].author_name}" in current.text


def test_permalink_is_public_and_looks_at_no_cookie() -> None:
    comment = CommentFactory()
    answer = browser_of(comment.guest_id).get(comment.get_absolute_url())
    assert "public" in answer["Cache-Control"]
    assert "Cookie" not in answer.get("Vary", "")
    assert not answer.cookies
    assert answer.content == Client().get(comment.get_absolute_url()).content


@pytest.mark.parametrize("status", ["held", "rejected", "spam"])
def test_what_is_not_published_shows_to_its_guest_alone_and_is_never_kept(status: str) -> None:
    comment = CommentFactory(status=status, body="Between us.")
    own = browser_of(comment.guest_id).get(comment.get_absolute_url())
    assert own.status_code == 200
    assert b"Between us." in own.content
    for client in (Client(), browser_of(uuid.uuid4())):
        answer = client.get(comment.get_absolute_url())
        assert answer.status_code == 404
        assert b"Between us." not in answer.content
        assert "no-store" in answer["Cache-Control"]
    assert "no-store" in own["Cache-Control"]


def test_held_comment_of_an_account_shows_to_that_account_alone() -> None:
    writer, other = (User.objects.create_user(f"{n}@example.org", "x") for n in "ab")
    comment = CommentFactory(status="held", user=writer, guest_id=None)
    for user, status in ((writer, 200), (other, 404)):
        client = Client()
        client.force_login(user)
        assert client.get(comment.get_absolute_url()).status_code == status


def test_forged_cookie_is_nobody() -> None:
    comment = CommentFactory(status="held")
    client = Client()
    client.cookies[COOKIE] = f"{comment.guest_id}:1abcde:c2lnbmF0dXJl"
    assert client.get(comment.get_absolute_url()).status_code == 404


def test_removed_comment_with_replies_leaves_a_placeholder() -> None:
    root = CommentFactory(body="Regretted.")
    middle = CommentFactory(parent=root, body="Regretted too.")
    reply = CommentFactory(parent=middle)
    Comment.objects.filter(pk__in=[root.pk, middle.pk]).update(status="deleted")
    recount()
    for address in (
        root.discussion.article.get_absolute_url(),
        root.get_absolute_url(),
        reply.get_absolute_url(),
    ):
        soup = BeautifulSoup(Client().get(address).content, "html.parser")
        assert [c["id"] for c in soup.select("article.comment")] == [
            f"comment-{c.pk}" for c in (root, middle, reply)
        ]
        assert "Regretted" not in soup.text
        assert root.guest_name not in soup.text
        assert reply.body in soup.text
    lonely = CommentFactory(status="deleted")
    assert browser_of(lonely.guest_id).get(lonely.get_absolute_url()).status_code == 404


def test_permalink_of_an_article_that_is_not_public_is_404() -> None:
    comment = CommentFactory(discussion=DiscussionFactory(article=ArticleFactory(draft=True)))
    assert Client().get(comment.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_number_of_no_comment_is_404(number: str) -> None:
    assert Client().get(f"/comments/{number}/").status_code == 404


def test_thread_of_five_hundred_replies_is_walked_in_pages() -> None:
    root = CommentFactory()
    Comment.objects.bulk_create(
        CommentFactory.build(discussion=root.discussion, parent=root, root=root, depth=1)
        for _ in range(550)
    )
    Comment.objects.filter(pk=root.pk).update(reply_count=550)
    address, seen, pages = root.get_absolute_url(), [], 0
    while address:
        soup = BeautifulSoup(Client().get(address).content, "html.parser")
        replies = [str(c["id"]) for c in soup.select("article.comment") if c["data-depth"] == "1"]
        assert 0 < len(replies) <= 100
        seen += replies
        pages += 1
        more = soup.select_one(".discussion__more a")
        address = str(more["href"]) if more else ""
    assert pages == 6
    assert len(seen) == len(set(seen)) == 550


@pytest.mark.parametrize("after", ["x", "%00", "a" * 5000, "MjAyNg", "=", "é", "fA"])
def test_bad_cursor_is_the_first_page(after: str) -> None:
    comment = CommentFactory(body="The first word.")
    article = comment.discussion.article.get_absolute_url()
    for address in (f"{article}comments/", comment.get_absolute_url(), article):
        for sort in ("top", "oldest", "nonsense"):
            answer = Client().get(address, {"after": after, "sort": sort})
            assert answer.status_code in {200, 400}
            assert answer.status_code == 400 or b"The first word." in answer.content


def test_reply_page_has_its_form_without_javascript() -> None:
    comment = CommentFactory()
    discussion = comment.discussion.article.get_absolute_url()
    soup = BeautifulSoup(Client().get(f"{discussion}comments/").content, "html.parser")
    link = soup.select_one(f"#comment-{comment.pk} [data-reply]")
    page = BeautifulSoup(Client().get(link["href"].split("#")[0]).content, "html.parser")
    form = page.select_one("#reply form")
    assert form["action"] == f"{discussion}comments/"
    assert form.select_one("[name=parent]")["value"] == str(comment.pk)
    assert not form.select_one("[name=key]").get("value")


def test_permalink_costs_the_same_in_a_thread_of_any_size(django_assert_max_num_queries) -> None:
    costs = []
    for size in (2, 600):
        root = CommentFactory()
        reply = CommentFactory(parent=root)
        Comment.objects.bulk_create(
            CommentFactory.build(
                discussion=root.discussion, parent=reply, root=root, depth=2, guest_id=None
            )
            for _ in range(size)
        )
        recount()
        for comment in (root, reply):
            with django_assert_max_num_queries(12) as captured:
                html = Client().get(comment.get_absolute_url()).content.decode()
            assert 3 <= html.count('class="comment-body"') <= 103
            costs.append(len(captured))
    assert costs[:2] == costs[2:]


def test_article_page_stays_small_with_one_endless_thread() -> None:
    root = CommentFactory()
    above = root
    for _ in range(60):
        above = CommentFactory(parent=above)
    Comment.objects.bulk_create(
        CommentFactory.build(discussion=root.discussion, parent=root, root=root, depth=1)
        for _ in range(500)
    )
    recount()
    soup = BeautifulSoup(
        Client().get(root.discussion.article.get_absolute_url()).content, "html.parser"
    )
    assert len(soup.select("article.comment")) == 21
    told = [int(link.text.split()[0]) for link in soup.select(".thread__more a")]
    assert sum(told) == 560 - 20
