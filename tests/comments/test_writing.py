"""What helps in writing: the preview, names of the thread's people, spoilers, quotes."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from articles.models import CommentPolicy
from comments.markup import render
from comments.models import Comment, Discussion
from comments.quoting import quoted
from comments.text import without_spoilers
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
GUEST = {"name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def discussion() -> Discussion:
    return DiscussionFactory(policy=CommentPolicy.OPEN)


def send(discussion: Discussion, **fields: Any) -> Any:
    return Client().post(f"{discussion.article.get_absolute_url()}comments/", {**GUEST, **fields})


def test_preview_shows_the_text_as_it_will_look_and_posts_nothing(discussion: Discussion) -> None:
    page = send(discussion, body="*Hear* me.\n\n||The end.||", preview="1").content.decode()
    assert "<p><em>Hear</em> me.</p>" in page
    assert "*Hear* me.\n\n||The end.||</textarea>" in page
    assert 'value="Ada"' in page
    assert not Comment.objects.exists()


def test_preview_of_nothing_says_what_is_missing(discussion: Discussion) -> None:
    answer = send(discussion, body=" ", preview="1")
    assert answer.status_code == 400
    assert 'class="invalid-feedback"' in answer.content.decode()


def test_name_of_the_thread_leads_to_what_they_said(discussion: Discussion) -> None:
    root = CommentFactory(discussion=discussion, guest_name="Petra Nováková")
    elsewhere = CommentFactory(discussion=discussion, guest_name="Otto")
    send(discussion, body="As @petra nováková said, and @Otto did not.", parent=root.pk)
    written = Comment.objects.get(guest_name="Ada")
    assert f'<a class="mention" href="{root.get_absolute_url()}"' in written.body_html
    assert "@Otto did not" in written.body_html
    assert elsewhere.get_absolute_url() not in written.body_html


@pytest.mark.parametrize("status", ["held", "spam", "rejected", "deleted"])
def test_who_is_not_read_is_not_mentioned(discussion: Discussion, status: str) -> None:
    root = CommentFactory(discussion=discussion)
    CommentFactory(parent=root, guest_name="Mallory", status=status)
    send(discussion, body="@Mallory", parent=root.pk)
    assert "mention" not in Comment.objects.get(guest_name="Ada").body_html


def test_mention_is_nothing_within_code_and_escapes_hostile_names(discussion: Discussion) -> None:
    root = CommentFactory(discussion=discussion, guest_name='x"><script>')
    CommentFactory(parent=root, guest_name="Petra")
    send(discussion, body='`@Petra` and @x"><script> here', parent=root.pk)
    html = Comment.objects.get(guest_name="Ada").body_html
    assert "<code>@Petra</code>" in html
    assert "<script" not in html


def test_spoiler_is_folded_away_and_can_be_opened_without_a_script() -> None:
    html = render("Before.\n\n||\nIt was the *gardener*.\n||\n\nAfter.")
    assert '<details class="spoiler">\n<summary>' in html
    assert "<em>gardener</em>" in html
    assert html.endswith("<p>After.</p>")


def test_spoiler_is_named_in_the_language_of_the_publication(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("comments.markup._", {"Spoiler": "Enthüllung"}.__getitem__)
    for text in ("||\nThe end.\n||", "It was ||she||."):
        assert "<summary>Enthüllung</summary>" in render(text)


def test_spoiler_stands_within_a_sentence() -> None:
    html = render("It was ||the *gardener*||, of course.")
    assert html.startswith('<div>It was <details class="spoiler spoiler--inline"><summary>')
    assert html.endswith("the <em>gardener</em></details>, of course.</div>")
    assert without_spoilers("It was ||the\ngardener||, a || b || c.") == "It was …, a || b || c."
    for text in ("a || b || c", "||", "||||", "||open", "`||x||`"):
        assert "<details" not in render(text)


def test_quote_leaves_out_what_the_comment_quotes_itself(discussion: Discussion) -> None:
    comment = CommentFactory(discussion=discussion, body="> theirs\n\nMine,\nof two lines.")
    assert quoted(comment) == "> Mine,\n> of two lines.\n\n"
    page = Client().get(f"{comment.get_absolute_url()}?quote=1").content.decode()
    assert "&gt; Mine,\n&gt; of two lines.\n" in page
    assert quoted(CommentFactory(discussion=discussion, body="> only theirs")) == ""
    assert len(quoted(CommentFactory(discussion=discussion, body="word " * 500))) < 520


def test_account_is_mentioned_by_the_name_it_shows(discussion: Discussion) -> None:
    user = User.objects.create_user("u@example.org", "x", display_name="Uta B.")
    root = CommentFactory(discussion=discussion, user=user, guest_name="", guest_id=None)
    send(discussion, body="Thanks, @Uta B.!", parent=root.pk)
    html = Comment.objects.get(guest_name="Ada").body_html
    assert f'href="{root.get_absolute_url()}"' in html
    assert "u@example.org" not in html
