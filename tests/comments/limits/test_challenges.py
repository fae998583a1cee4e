"""What looks automatic is asked for a proof; nothing typed is lost, and nobody is kept out."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from altcha import Challenge, Payload, solve_challenge
from bs4 import BeautifulSoup
from django.core import signing
from django.test import Client
from django.utils import timezone

from comments.limits import buckets, challenges, suspicion
from comments.limits.challenges import is_solved, new_challenge
from comments.models import Comment, CommentStatus, Discussion, ModerationEvent
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory, DiscussionFactory

GUEST = {"name": "Ada", "email": "ada@example.org"}
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suite has other things to calculate."""
    monkeypatch.setattr(challenges, "ITERATIONS", 1)
    monkeypatch.setattr(challenges, "FEWEST", 5)
    monkeypatch.setattr(challenges, "MOST", 10)


@pytest.fixture
def discussion(settings: Any, db: None) -> Discussion:
    settings.COMMENT_LIMITS = True
    settings.COMMENT_RATES = {
        "comment": {"reader": (100, 10), "network": (100, 1)},
        "newcomer": {"network": (3, 600), "all": (5, 600)},
        # Of what is refused for its network, all together have used up one, too.
        "preview": {"network": (2, 60), "all": (4, 60)},
        "unchecked": {"network": (1, 600), "all": (3, 60)},
    }
    return DiscussionFactory(policy="open")


def solved(told: dict[str, Any] | None = None) -> str:
    """Return what a browser sends for a challenge; by default for a new one."""
    challenge = Challenge.from_dict(told or new_challenge())
    solution = solve_challenge(challenge)
    assert solution is not None
    return Payload(challenge, solution).to_base64()


def somebody(number: int = 1) -> Client:
    return Client(REMOTE_ADDR=f"192.0.{number}.7")


def send(client: Client, discussion: Discussion, *, headers: Any = None, **fields: str) -> Any:
    address = f"{discussion.article.get_absolute_url()}comments/"
    data = {**GUEST, "body": "Some words of mine.", **fields}
    return client.post(address, data, headers=headers or {})


def opened(seconds_ago: float, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the mark of a page that was opened so long ago."""
    with monkeypatch.context() as patch:
        moment = timezone.now().timestamp() - seconds_ago
        patch.setattr(signing.time, "time", lambda: moment)
        return suspicion.opening_mark()


def test_filled_bait_is_asked_for_a_proof_and_keeps_the_text(discussion: Discussion) -> None:
    answer = send(somebody(), discussion, website="https://pills.example", body="Buy <b>now</b>")
    assert answer.status_code == 400
    assert "no-store" in answer["Cache-Control"]
    html = answer.content.decode()
    assert "data-challenge" in html
    assert "Buy &lt;b&gt;now&lt;/b&gt;</textarea>" in html
    assert 'name="email" value="ada@example.org"' in html
    assert not Comment.objects.exists()
    proven = send(somebody(), discussion, website="https://pills.example", altcha=solved())
    assert proven.status_code == 303
    assert Comment.objects.get().status == CommentStatus.APPROVED


def test_bait_stands_in_the_form_where_people_do_not_meet_it(discussion: Discussion) -> None:
    page = BeautifulSoup(Client().get(discussion.article.get_absolute_url()).content, "html.parser")
    for field in page.select("[name=website]"):
        assert field["tabindex"] == "-1"
        assert field["autocomplete"] == "off"
        assert field.find_parent(class_="comment-form__web")["aria-hidden"] == "true"
    assert len(page.select("[name=website]")) == len(page.select("form [name=body]"))


def test_script_gets_the_question_alone_for_the_form_that_stays(discussion: Discussion) -> None:
    answer = send(somebody(), discussion, website="x", headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert html.startswith('<div class="challenge"')
    assert "Some words" not in html


@pytest.mark.parametrize(
    ("seconds", "status"), [(0, 400), (1, 400), (60, 303), (30 * 86_400, 303), (None, 303)]
)
def test_only_what_is_sent_at_once_is_too_fast(
    discussion: Discussion, monkeypatch: pytest.MonkeyPatch, seconds: int | None, status: int
) -> None:
    fields = {} if seconds is None else {"opened": opened(seconds, monkeypatch)}
    assert send(somebody(), discussion, **fields).status_code == status


@pytest.mark.parametrize("mark", ["x", ":1:x", ":1tL4YY:forged", "é" * 500])
def test_made_up_time_is_none(discussion: Discussion, mark: str) -> None:
    assert send(somebody(), discussion, opened=mark).status_code == 400


def test_mark_comes_with_the_personal_request_alone(discussion: Discussion) -> None:
    page = Client().get(discussion.article.get_absolute_url()).content.decode()
    told = Client().get(f"/personal/?discussion={discussion.article.pk}").json()["discussion"]
    signing.TimestampSigner(salt=suspicion.SALT).unsign(told["opened"], max_age=60)
    assert told["opened"].rpartition(":")[0] not in page


def test_flood_of_newcomers_waits_or_proves_itself(discussion: Discussion) -> None:
    answers = [send(somebody(n), discussion, body=f"Spam {n}.") for n in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert 500 <= int(answers[-1]["Retry-After"]) <= 600
    assert "data-challenge" in answers[-1].content.decode()
    assert "Spam 5." in answers[-1].content.decode()
    assert send(somebody(9), discussion, altcha=solved()).status_code == 303
    assert Comment.objects.count() == 6


def test_flood_costs_one_statement_besides_that_of_every_request_and_the_next_none_at_all(
    discussion: Discussion, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        send(somebody(number), discussion, body=f"Spam {number}.")
    for number, statements in enumerate((2, 0, 0)):
        with django_assert_num_queries(statements):
            assert send(somebody(20 + number), discussion).status_code == 429


@pytest.mark.parametrize(
    ("body", "name"), [("</textarea><b>\x1a & so on", 'Ann "A"'), ("Another\x1atext", "<i>\x1aBo")]
)
def test_text_comes_back_as_it_was_typed_to_each_of_a_flood(
    discussion: Discussion, body: str, name: str
) -> None:
    for number in range(6):
        send(somebody(number), discussion, body=f"Spam {number}.")
    answer = send(somebody(9), discussion, body=body, name=name)
    assert answer.status_code == 429
    assert int(answer["Content-Length"]) == len(answer.content)
    assert answer["X-Frame-Options"]
    assert answer["Content-Security-Policy"]
    page = BeautifulSoup(answer.content, "html.parser")
    assert page.find("textarea", {"name": "body"}).text == body
    assert page.find("input", {"name": "name"})["value"] == name
    assert page.find("form")["action"] == f"{discussion.article.get_absolute_url()}comments/"


def test_many_from_one_network_prove_themselves_and_others_need_not(discussion: Discussion) -> None:
    answers = [send(somebody(), discussion, body=f"Words {n}.").status_code for n in range(4)]
    assert answers == [303] * 3 + [429]
    assert send(somebody(2), discussion).status_code == 303


@pytest.mark.parametrize("who", ["guest", "account", "staff"])
def test_who_was_approved_long_ago_is_asked_nothing(discussion: Discussion, who: str) -> None:
    client, user = somebody(8), UserFactory(is_staff=who == "staff")
    if who == "guest":
        send(client, discussion, body="My first.")
    else:
        client.force_login(user)
    if who == "account":
        CommentFactory(user=user, guest_name="", discussion=discussion)
    # Not yet for what was approved a moment ago: a flood must not make itself known.
    assert suspicion.is_known(request_of(client)) is (who == "staff")
    Comment.objects.update(created_at=timezone.now() - timedelta(hours=2))
    for number in range(6):
        send(somebody(number), discussion, body=f"Spam {number}.")
    assert send(client, discussion, body="My second.").status_code == 303


def request_of(client: Client) -> Any:
    return client.get("/personal/").wsgi_request


@pytest.mark.parametrize("value", ["0", "-"])
def test_forged_cookies_make_nobody_known(discussion: Discussion, value: str) -> None:
    for number in range(6):
        send(somebody(number), discussion, body=f"Spam {number}.")
    client = somebody(30)
    client.cookies["reader"] = f"{value}:1tL4YY:forged"
    client.cookies["sessionid"] = value * 30
    assert send(client, discussion).status_code == 429


def test_without_scripts_a_moderator_reads_it_first(discussion: Discussion) -> None:
    client = somebody()
    page = send(client, discussion, website="x").content.decode()
    assert '<button name="unchecked"' in page
    assert "<noscript>" in page
    answer = send(client, discussion, website="x", unchecked="1")
    assert answer.status_code == 303
    comment = Comment.objects.get()
    assert comment.status == CommentStatus.HELD
    event = ModerationEvent.objects.get(comment=comment)
    assert event.rule == "Looks automatic"
    assert "people do not see" in event.note
    assert b"Awaiting moderation" in client.get(answer["Location"]).content


def test_moderators_are_not_flooded_that_way_either(discussion: Discussion) -> None:
    statuses = [
        send(somebody(n), discussion, website="x", unchecked="1", body=f"{n}").status_code
        for n in (1, 1, 2, 3)
    ]
    assert statuses == [303, 429, 303, 429]
    assert Comment.objects.count() == 2


def test_who_does_not_look_automatic_cannot_ask_for_doubt(discussion: Discussion) -> None:
    send(somebody(), discussion, unchecked="1")
    assert Comment.objects.get().is_approved


def test_previews_are_no_way_around_it(discussion: Discussion) -> None:
    statuses = [send(somebody(n), discussion, preview="1").status_code for n in (1, 1, 1, 2, 3)]
    assert statuses == [200, 200, 429, 200, 429]
    assert not Comment.objects.exists()


def test_switched_off_nothing_looks_automatic(discussion: Discussion, settings: Any) -> None:
    settings.COMMENT_LIMITS = False
    for number in range(9):
        fields = {"website": "x", "opened": suspicion.opening_mark(), "body": f"Words {number}."}
        assert send(somebody(), discussion, **fields).status_code == 303


# The proof itself ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_challenge_is_handed_out_to_be_used_at_once() -> None:
    answer = Client().get("/challenge/")
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    told = answer.json()
    assert 590 <= told["parameters"]["expiresAt"] - timezone.now().timestamp() <= 600
    assert is_solved(solved(told))
    assert Client().post("/challenge/").status_code == 405


@pytest.mark.django_db
def test_solution_counts_once_for_all_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    payload = solved()
    assert is_solved(payload)
    assert not is_solved(payload)
    monkeypatch.setattr(buckets, "full_buckets", buckets.FullBuckets())  # as another worker
    assert not is_solved(payload)


@pytest.mark.django_db
def test_old_challenge_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    payload = solved()
    monkeypatch.setattr(challenges, "LASTS", -1)
    assert not is_solved(solved())
    monkeypatch.setattr(challenges, "LASTS", 600)
    assert is_solved(payload)


def changed(payload: str, change: Any) -> str:
    told = json.loads(base64.b64decode(payload))
    change(told)
    return base64.b64encode(json.dumps(told).encode()).decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda told: told["solution"].update(derivedKey="00" * 32),
        lambda told: told["challenge"]["parameters"].update(expiresAt=None),
        lambda told: told["challenge"]["parameters"].update(expiresAt=9_999_999_999),
        lambda told: told["challenge"]["parameters"].update(nonce="00" * 16),
        lambda told: told["challenge"]["parameters"].update(keySignature="00" * 32),
        lambda told: told["challenge"].update(signature="00" * 32),
        lambda told: told["challenge"].pop("signature"),
        lambda told: told["challenge"].update(parameters=[]),
        lambda told: told.update(solution=None),
        lambda told: told.clear(),
    ],
)
def test_changed_proof_is_none(change: Any) -> None:
    payload = solved()
    assert not is_solved(changed(payload, change))
    assert is_solved(payload)  # nor has the attempt used it up


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "x", "é", "e30=", "bnVsbA==", "W10=", "A" * 5_000, "e30" * 100, "[" * 3_000]
)
def test_what_is_no_proof_is_refused_quietly(discussion: Discussion, text: str) -> None:
    assert not is_solved(text)
    assert send(somebody(), discussion, website="x", altcha=text).status_code == 400


@pytest.mark.django_db
def test_proof_of_another_site_is_none(settings: Any) -> None:
    payload = solved()
    settings.SECRET_KEY = "another"
    assert not is_solved(payload)


@pytest.mark.django_db
def test_real_challenge_is_some_work_to_solve_and_little_to_check(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    told = new_challenge()["parameters"]
    assert told["algorithm"] == "PBKDF2/SHA-256"
    assert told["cost"] == 1_000
    assert len(told["keyPrefix"]) == 32
    counters = [solve_challenge(Challenge.from_dict(new_challenge())) for _ in range(2)]
    assert all(500 <= solution.counter < 1_500 for solution in counters if solution)
    assert all(counters)
