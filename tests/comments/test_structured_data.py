"""Comments told to search engines: with name, time and text, and nothing else of a writer."""

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db


def told(address: str) -> list[Any]:
    soup = BeautifulSoup(Client().get(address).content, "html.parser")
    return [json.loads(s.text) for s in soup.select('script[type="application/ld+json"]')]


def test_article_tells_its_comments_with_their_replies() -> None:
    root = CommentFactory(body="A *thought* </script>", upvotes=3)
    reply = CommentFactory(parent=root, guest_name="Ada", guest_email="ada@secret.org")
    CommentFactory(parent=root, status="held", body="Waits.")
    address = root.discussion.article.get_absolute_url()
    [data] = [one for one in told(address) if "comment" in one]
    [comment] = data["comment"]
    assert comment["@type"] == "Comment"
    assert comment["text"] == "A thought </script>"
    assert comment["upvoteCount"] == 3
    assert comment["url"] == f"http://testserver{root.get_absolute_url()}"
    [answer] = comment["comment"]
    assert answer["author"] == {"@type": "Person", "name": "Ada"}
    assert answer["url"].endswith(reply.get_absolute_url())
    assert "secret.org" not in json.dumps(data)
    assert "Waits." not in json.dumps(data)


def test_thread_on_its_own_page_is_a_posting_and_may_be_found() -> None:
    root = CommentFactory()
    CommentFactory(parent=root)
    root.refresh_from_db()
    [data] = told(root.get_absolute_url())
    assert data["@type"] == "DiscussionForumPosting"
    assert data["isPartOf"]["@type"] == "NewsArticle"
    assert len(data["comment"]) == data["commentCount"] == 1
    page = Client().get(root.get_absolute_url()).content.decode()
    assert "noindex" not in page


def test_single_comment_is_no_page_for_search_engines() -> None:
    comment = CommentFactory()
    assert told(comment.get_absolute_url()) == []
    assert "noindex" in Client().get(comment.get_absolute_url()).content.decode()
