"""Posting: who may, what is refused in words, what is held, and what comes twice."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import CommentPolicy, Publication
from comments.models import Comment, CommentStatus, Discussion
from comments.posting import MAX_DEPTH, post_comment
from comments.text import MAX_BODY
from tests.articles.factories import ArticleFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

pytestmark = pytest.mark.django_db
GUEST = {"name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def discussion() -> Discussion:
    return DiscussionFactory()


def address(discussion: Discussion) -> str:
    return f"{discussion.article.get_absolute_url()}comments/"


def send(client: Client, discussion: Discussion, **fields: Any) -> Any:
    return client.post(address(discussion), {**GUEST, "body": "Hello there.", **fields})


def test_first_comment_is_held_and_shows_to_its_writer_alone(discussion: Discussion) -> None:
    writer, stranger = Client(), Client()
    answer = send(writer, discussion)
    comment = Comment.objects.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"/comments/{comment.pk}/"
    assert comment.status == CommentStatus.HELD
    own = writer.get(answer["Location"])
    assert b"Awaiting moderation" in own.content
    assert "no-store" in own["Cache-Control"]
    assert stranger.get(answer["Location"]).status_code == 404
    assert b"Hello there." not in stranger.get(address(discussion)).content


def test_writer_who_was_approved_once_is_not_held_again(discussion: Discussion) -> None:
    client = Client()
    send(client, discussion)
    Comment.objects.update(status=CommentStatus.APPROVED)
    send(client, discussion, body="A second thought.")
    assert Comment.objects.latest("pk").is_approved
    discussion.refresh_from_db()
    assert discussion.comment_count == 1  # the update above bypassed the count


def test_another_browser_with_the_same_address_is_held(discussion: Discussion) -> None:
    first = Client()
    send(first, discussion)
    Comment.objects.update(status=CommentStatus.APPROVED)
    send(Client(), discussion, body="I say that I am Ada.")
    assert Comment.objects.latest("pk").status == CommentStatus.HELD


@pytest.mark.parametrize(
    ("policy", "status"),
    [
        (CommentPolicy.OPEN, CommentStatus.APPROVED),
        (CommentPolicy.HOLD_NEW, CommentStatus.HELD),
        (CommentPolicy.HOLD_ALL, CommentStatus.HELD),
    ],
)
def test_policy_of_the_article_goes_before_the_site(
    discussion: Discussion, policy: str, status: str
) -> None:
    Publication(pk=1, comment_policy=CommentPolicy.CLOSED).save()
    discussion.policy = policy
    discussion.save()
    send(Client(), discussion)
    assert Comment.objects.get().status == status


@pytest.mark.parametrize(
    "change",
    [{"state": "closed"}, {"state": "none"}, {"policy": "closed"}, {"policy": "accounts"}],
)
def test_closed_discussion_answers_403_and_gives_the_text_back(
    discussion: Discussion, change: dict[str, str]
) -> None:
    Discussion.objects.update(**change)
    answer = send(Client(), discussion, body="My carefully written text")
    assert answer.status_code == 403
    assert b"Nothing was posted" in answer.content
    assert b"My carefully written text" in answer.content
    assert not Comment.objects.exists()


def test_staff_are_never_held(discussion: Discussion) -> None:
    user = User.objects.create_user("mod@example.org", "x")
    user.groups.add(Group.objects.get(name="Moderator"))
    assert post_comment(discussion=discussion, body="Calm, please.", user=user).is_approved


BAD_TEXT = {
    "empty": "",
    "blank": " \n\t ",
    "too long": "x" * (MAX_BODY + 1),
    "NUL": "before\x00after",
    "control": "bell\x07",
    "surrogate": "half \ud83d of a pair",
}


@pytest.mark.parametrize("body", BAD_TEXT.values(), ids=BAD_TEXT.keys())
def test_text_that_cannot_be_a_comment_is_refused(discussion: Discussion, body: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        post_comment(discussion=discussion, body=body, guest_name="A", guest_email="a@b.org")
    assert "body" in refusal.value.message_dict
    assert not Comment.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "\x00", "\u200b\u200b", "x" * 81, "a\ud800"])
def test_bad_name_is_refused(discussion: Discussion, name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        post_comment(discussion=discussion, body="Hi", guest_name=name, guest_email="a@b.org")
    assert "name" in refusal.value.message_dict


@pytest.mark.parametrize(
    "email", ["", "nobody", "a@b", "a\n@b.org", "a@b.org\x00", "\ud800@b.org", "x" * 250 + "@b.org"]
)
def test_bad_email_is_refused(discussion: Discussion, email: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        post_comment(discussion=discussion, body="Hi", guest_name="A", guest_email=email)
    assert "email" in refusal.value.message_dict


def test_errors_come_back_with_everything_that_was_typed(discussion: Discussion) -> None:
    answer = send(Client(), discussion, email="nonsense", body="Long <thought> & more")
    html = answer.content.decode()
    assert answer.status_code == 400
    assert "Long &lt;thought&gt; &amp; more" in html
    assert 'value="nonsense"' in html
    assert "Give your email address" in html
    assert not Comment.objects.exists()
    assert not answer.cookies


def test_ten_megabytes_are_refused_in_words(discussion: Discussion) -> None:
    answer = send(Client(), discussion, body="x" * 10_000_000)
    assert answer.status_code == 413
    assert b"10,000" in answer.content
    assert not Comment.objects.exists()


def test_ten_megabytes_urlencoded_are_refused_in_words(discussion: Discussion) -> None:
    answer = Client().post(
        address(discussion),
        "body=" + "x" * 10_000_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 413
    assert b"far too long" in answer.content
    assert not Comment.objects.exists()


@pytest.mark.parametrize("parent", ["x", "-1", "0", "9" * 30, "1e3", "\x00"])
def test_parent_that_is_none_is_refused(discussion: Discussion, parent: str) -> None:
    answer = send(Client(), discussion, parent=parent)
    assert answer.status_code == 400
    assert b"does not exist" in answer.content
    assert b"Hello there." in answer.content
    assert not Comment.objects.exists()


def test_reply_to_a_comment_of_another_article_is_refused(discussion: Discussion) -> None:
    other = CommentFactory()
    answer = send(Client(), discussion, parent=other.pk)
    assert answer.status_code == 400
    assert b"another article" in answer.content
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("status", ["held", "rejected", "spam", "deleted"])
def test_reply_to_what_is_not_shown_is_refused(discussion: Discussion, status: str) -> None:
    parent = CommentFactory(discussion=discussion, status=status)
    answer = send(Client(), discussion, parent=parent.pk)
    assert answer.status_code == 400
    assert b"not there any more" in answer.content
    assert Comment.objects.count() == 1


@pytest.mark.slow
def test_five_hundred_levels_of_replies_are_taken_and_can_be_read(discussion: Discussion) -> None:
    user = User.objects.create_user("mod@example.org", "x", is_staff=True)
    deepest: Comment | None = None
    for level in range(500):
        deepest = post_comment(
            discussion=discussion, body=f"Level {level}.", parent=deepest, user=user
        )
    assert deepest is not None
    assert deepest.depth == 499
    page = Client().get(deepest.get_absolute_url()).content.decode()
    for level in (0, *range(493, 500)):  # where it began, and what led to it
        assert f"Level {level}." in page
    assert "Replies between are left out" in page
    assert Client().get(discussion.article.get_absolute_url()).status_code == 200


def test_what_answers_deeper_than_can_be_counted_is_told_so(discussion: Discussion) -> None:
    user = User.objects.create_user("mod@example.org", "x", is_staff=True)
    deepest = CommentFactory(parent=CommentFactory(discussion=discussion))
    Comment.objects.filter(pk=deepest.pk).update(depth=MAX_DEPTH)
    deepest.refresh_from_db()
    with pytest.raises(ValidationError, match="too deep"):
        post_comment(discussion=discussion, body="Deeper.", parent=deepest, user=user)


def test_repeated_key_answers_as_the_first_did(discussion: Discussion) -> None:
    client, key = Client(), str(uuid.uuid4())
    first = send(client, discussion, key=key)
    again = send(client, discussion, key=key)
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    assert Comment.objects.count() == 1


def test_retry_after_a_lost_answer_still_shows_the_writer_their_comment(
    discussion: Discussion,
) -> None:
    key = str(uuid.uuid4())
    send(Client(), discussion, key=key)  # whose answer, cookie and all, is lost
    client = Client()
    again = send(client, discussion, key=key)
    assert b"Awaiting moderation" in client.get(again["Location"]).content


def test_same_text_twice_without_a_key_is_one_comment(discussion: Discussion) -> None:
    client = Client()
    send(client, discussion)
    again = send(client, discussion)
    assert again.status_code == 303
    assert Comment.objects.count() == 1


def test_same_text_with_a_new_key_is_one_comment_too(discussion: Discussion, settings: Any) -> None:
    settings.COMMENT_LIMITS = True
    client = Client()
    first = send(client, discussion, key=str(uuid.uuid4()))
    again = send(client, discussion, key=str(uuid.uuid4()))
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    # Nobody is taken for another by what they typed: the cookie says who it is.
    assert send(Client(), discussion, key=str(uuid.uuid4()))["Location"] != first["Location"]
    assert Comment.objects.count() == 2


def test_key_that_is_none_is_ignored(discussion: Discussion) -> None:
    assert send(Client(), discussion, key="not-a-key\x00").status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
def test_form_of_another_site_is_refused(discussion: Discussion, headers: dict[str, str]) -> None:
    answer = Client().post(address(discussion), {**GUEST, "body": "Hi"}, headers=headers)
    assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_article_that_is_not_public_takes_no_comment() -> None:
    article = ArticleFactory(draft=True)
    answer = Client().post(f"{article.get_absolute_url()}comments/", {**GUEST, "body": "Hi"})
    assert answer.status_code == 404


def test_htmx_gets_the_comment_alone(discussion: Discussion) -> None:
    answer = Client().post(
        address(discussion), {**GUEST, "body": "Hi *you*"}, headers={"HX-Request": "true"}
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in html
    assert "Hi <em>you</em>" in html
    assert "Awaiting moderation" in html


def test_quote_is_kept_with_its_surroundings(discussion: Discussion) -> None:
    send(Client(), discussion, exact="first paragraph", prefix="The ", suffix=".")
    comment = Comment.objects.get()
    assert (comment.quote_exact, comment.quote_prefix, comment.quote_suffix) == (
        "first paragraph",
        "The ",
        ".",
    )


def test_email_and_guest_number_are_on_no_page(discussion: Discussion) -> None:
    comment = CommentFactory(discussion=discussion, guest_email="secret@example.org")
    for place in [address(discussion), comment.get_absolute_url()]:
        html = Client().get(place).content.decode()
        assert "secret@" not in html
        assert str(comment.guest_id) not in html


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Eve", "email": "eve@example.org", "body": "Other words."},
        {"name": "Ada", "email": "ada@example.org", "body": "Other words."},
        {"name": "Eve", "email": "eve@example.org", "body": "Hello there."},
    ],
)
def test_key_of_another_writer_reveals_nothing(
    discussion: Discussion, fields: dict[str, str]
) -> None:
    key = str(uuid.uuid4())
    held = Comment.objects.get(
        pk=int(send(Client(), discussion, key=key)["Location"].strip("/").split("/")[1])
    )
    stranger = Client()
    answer = send(stranger, discussion, key=key, **fields)
    assert answer.status_code == 400
    assert "Location" not in answer
    assert not answer.cookies
    assert fields["body"] in answer.content.decode()
    assert stranger.get(held.get_absolute_url()).status_code == 404
    assert Comment.objects.count() == 1


def test_account_does_not_pass_for_a_guest_by_their_key(discussion: Discussion) -> None:
    key = str(uuid.uuid4())
    send(Client(), discussion, key=key)
    client = Client()
    client.force_login(User.objects.create_user("b@example.org", "x"))
    assert send(client, discussion, key=key).status_code == 400
    assert Comment.objects.count() == 1


def test_same_writer_may_say_the_same_again_elsewhere_and_later(discussion: Discussion) -> None:
    client = Client()
    send(client, discussion)
    parent = CommentFactory(discussion=discussion)
    send(client, discussion, parent=parent.pk)
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    send(client, discussion)
    assert Comment.objects.filter(guest_name="Ada").count() == 3


@pytest.mark.parametrize(
    "raw", ["%ED%A0%80", "a%00b", "%EF%BF%BD", "%FF%FE"], ids=["surrogate", "NUL", "no text", "no"]
)
@pytest.mark.parametrize("field", ["body", "name", "email", "exact"])
def test_bytes_that_are_no_text_are_refused_in_words(
    discussion: Discussion, field: str, raw: str
) -> None:
    fields = {"body": "Hello", "name": "Ada", "email": "ada%40example.org", "exact": "", field: raw}
    answer = Client().post(
        address(discussion),
        "&".join(f"{name}={value}" for name, value in fields.items()),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 400
    assert b"no text" in answer.content or b"Give your email" in answer.content
    assert not Comment.objects.exists()


def test_all_fields_are_told_at_once(discussion: Discussion) -> None:
    with pytest.raises(ValidationError) as refusal:
        post_comment(discussion=discussion, body="", guest_name="", guest_email="")
    assert set(refusal.value.message_dict) == {"body", "name", "email"}


def test_script_in_every_field_is_only_text(discussion: Discussion) -> None:
    script = "<script>alert(1)</script>"
    discussion.policy = CommentPolicy.OPEN
    discussion.save()
    send(Client(), discussion, body=script, name=script, exact=script, prefix=script)
    send(Client(), discussion, body=script, name=script, email=script)
    comment = Comment.objects.get()
    for place in (address(discussion), comment.get_absolute_url()):
        html = Client().get(place).content.decode()
        assert script not in html
        assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


def test_name_cannot_turn_the_line_around(discussion: Discussion) -> None:
    send(Client(), discussion, name="\u202eAda\u2066")
    assert Comment.objects.get().guest_name == "Ada"


def test_cookie_of_a_guest_is_for_our_requests_alone(discussion: Discussion) -> None:
    cookie = send(Client(), discussion).cookies["reader"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 3600


@pytest.mark.django_db(transaction=True)
def test_form_sent_many_times_at_once_makes_one_comment() -> None:
    discussion = DiscussionFactory()
    key, guest = uuid.uuid4(), uuid.uuid4()
    made: list[int] = []

    def post(**how: Any) -> None:
        try:
            comment = post_comment(
                discussion=discussion, guest_name="A", guest_email="a@b.org", **how
            )
            made.append(comment.pk)
        finally:
            connection.close()

    for how in (
        {"key": key, "guest_id": None, "body": "With a key."},
        {"guest_id": guest, "body": "With a cookie."},
        {"guest_id": None, "body": "For the first time."},
    ):
        made.clear()
        threads = [
            threading.Thread(
                target=post, kwargs=how | {"guest_id": how["guest_id"] or uuid.uuid4()}
            )
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(made) == 8
        assert len(set(made)) == 1


def test_accepted_comment_costs_few_statements(
    discussion: Discussion, settings: Any, django_assert_num_queries: Any
) -> None:
    Discussion.objects.update(policy="open")
    settings.COMMENT_LIMITS = False
    # The publication; the article with its discussion; bans; what is known of the words; rules; the
    # comment, its count and its task, between the savepoint that is the test's transaction.
    with django_assert_num_queries(5 + 3 + 2):
        assert send(Client(), discussion, key=str(uuid.uuid4())).status_code == 303
    assert Comment.objects.get().is_approved


def test_repeated_key_is_answered_as_the_first_was_though_its_thread_was_closed_since(
    discussion: Discussion,
) -> None:
    thread = CommentFactory(discussion=discussion)
    client, key = Client(), str(uuid.uuid4())
    first = send(client, discussion, key=key, parent=thread.pk)
    Comment.objects.filter(pk=thread.pk).update(is_closed=True)
    again = send(client, discussion, key=key, parent=thread.pk)
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    assert send(client, discussion, key=str(uuid.uuid4()), parent=thread.pk).status_code == 403
    assert Comment.objects.count() == 2


def test_first_comment_below_an_article_makes_its_discussion() -> None:
    article = ArticleFactory()
    answer = Client().post(f"{article.get_absolute_url()}comments/", {**GUEST, "body": "First."})
    assert answer.status_code == 303
    assert Comment.objects.get().discussion.article == article
