"""Moderators' decisions teach once each, undone ones are forgotten, and rules teach nothing."""

import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from comments.editing import edit_comment
from comments.log import record
from comments.models import Comment, Lesson, ModerationEvent, SpamWord
from comments.moderation import (
    approve_comment,
    correct_comment,
    mark_comment_as_spam,
    reject_comment,
    remove_comment,
    undo_decision,
)
from comments.spam.knowledge import COMMENTS, Knowledge, numbers_of
from comments.spam.learning import learn_from
from comments.spam.words import words_of
from comments.tasks import learn_spam_from
from tests.accounts.factories import UserFactory
from tests.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db


def known() -> dict[int, tuple[int, int]]:
    return {number: (spam, ham) for number, spam, ham in SpamWord.objects.values_list()}


def expected(*texts: tuple[str, bool]) -> dict[int, tuple[int, int]]:
    """Return what these texts, each with whether it is spam, teach."""
    told: dict[int, tuple[int, int]] = {}
    for text, is_spam in texts:
        for number in [COMMENTS, *numbers_of(words_of(text, "Ada"))]:
            spam, ham = told.get(number, (0, 0))
            told[number] = spam + is_spam, ham + (not is_spam)
    return told


@pytest.fixture
def moderator() -> Any:
    return UserFactory.create(role="Moderator")


def written(text: str, status: str = "held") -> Comment:
    return CommentFactory.create(body=text, guest_name="Ada", status=status)


def test_decision_counts_once_however_often_it_is_learnt(moderator: Any) -> None:
    good, bad = written("fine words"), written("cheap words")
    approve_comment(comment=good, by=moderator)
    mark_comment_as_spam(comment=bad, by=moderator)
    for _again in range(3):
        for comment in (good, bad):
            learn_from(comment)
    assert known() == expected(("fine words", False), ("cheap words", True))


def test_last_decision_replaces_the_one_before(moderator: Any) -> None:
    comment = written("cheap words")
    for decide, told in (
        (approve_comment, expected(("cheap words", False))),
        (mark_comment_as_spam, expected(("cheap words", True))),
        (reject_comment, {COMMENTS: (0, 0)}),
        (mark_comment_as_spam, expected(("cheap words", True))),
        (remove_comment, {COMMENTS: (0, 0)}),
    ):
        decide(comment=comment, by=moderator)
        learn_from(comment)
        assert known() == told


def test_undo_takes_the_lesson_back(moderator: Any) -> None:
    comment = written("cheap words")
    first = mark_comment_as_spam(comment=comment, by=moderator)
    learn_from(comment)
    undone = undo_decision(event=first, by=moderator)
    learn_from(comment)
    assert known() == {COMMENTS: (0, 0)}
    undo_decision(event=undone, by=moderator)
    learn_from(comment)
    assert known() == expected(("cheap words", True))


def test_undo_of_the_second_decision_leaves_the_first(moderator: Any) -> None:
    comment = written("words")
    approve_comment(comment=comment, by=moderator)
    second = mark_comment_as_spam(comment=comment, by=moderator)
    learn_from(comment)
    undo_decision(event=second, by=moderator)
    learn_from(comment)
    assert known() == expected(("words", False))


def test_rules_and_what_nobody_decided_teach_nothing() -> None:
    spam = written("cheap words", status="spam")
    record(
        action=ModerationEvent.Action.SPAM, comment=spam, rule="Links",
        from_status="", to_status="spam",
    )  # fmt: skip
    for comment in (spam, written("approved by policy", status="approved")):
        learn_from(comment)
    assert not known()


def test_text_that_was_decided_about_is_learnt_not_what_it_became(moderator: Any) -> None:
    comment = written("harmless words")
    approve_comment(comment=comment, by=moderator)
    comment.refresh_from_db()
    edit_comment(comment=comment, body="now cheap pills", guest_id=comment.guest_id)
    comment.refresh_from_db()
    learn_from(comment)
    assert known() == expected(("harmless words", False))
    correct_comment(comment=comment, by=moderator, body="words set right")
    comment.refresh_from_db()
    learn_from(comment)
    assert known() == expected(("harmless words", False))
    approve_comment(comment=comment, by=moderator)
    learn_from(comment)
    assert known() == expected(("words set right", False))


def test_decisions_at_the_desk_are_learnt_by_the_worker(moderator: Any, client: Any) -> None:
    comment = written("cheap words")
    client.force_login(moderator)
    client.post("/admin/moderation/decide/", {"action": "spam", "comment": comment.pk})
    assert not known()
    for result in DBTaskResult.objects.filter(task_path=learn_spam_from.module_path):
        result.task.call(*result.args_kwargs["args"])
    assert known() == expected(("cheap words", True))


def test_learning_anew_gives_the_same(moderator: Any) -> None:
    events = []
    for number, decide in enumerate((approve_comment, mark_comment_as_spam, reject_comment) * 3):
        comment = written(f"words of number {number}")
        events.append(decide(comment=comment, by=moderator))
        learn_from(comment)
    undo_decision(event=events[1], by=moderator)
    learn_from(events[1].comment)
    before = known()
    SpamWord.objects.update(spam=7)
    said = StringIO()
    call_command("learn_spam", stdout=said)
    assert known() == before
    assert said.getvalue() == "5 comments taught what is spam and what is not\n"
    assert Lesson.objects.exclude(is_spam=None).count() == 5


def test_numbers_tell_nobody_the_words(settings: Any) -> None:
    before = set(numbers_of(["pills"]))
    settings.SECRET_KEY = "another"
    assert set(numbers_of(["pills"])) != before


def test_nothing_is_said_until_enough_is_known() -> None:
    few = Knowledge(spam=19, ham=500, words={1: (19, 0)})
    assert few.score([1]) is None
    enough = Knowledge(spam=20, ham=60, words={1: (20, 0), 2: (0, 60), 3: (20, 60)})
    assert enough.score([1]) > 0.3
    assert enough.score([1]) > enough.score([3]) > enough.score([2])
    assert enough.score([1, 2]) == pytest.approx(enough.score([2, 1]))
    assert Knowledge(spam=0, ham=0, words={}).score([1]) is None


@pytest.mark.django_db(transaction=True)
def test_many_workers_learn_at_once_and_nothing_is_lost() -> None:
    moderator = UserFactory.create(role="Moderator")
    comments = [written(f"shared words and {n}") for n in range(12)]
    for n, comment in enumerate(comments):
        (mark_comment_as_spam if n % 2 else approve_comment)(comment=comment, by=moderator)

    def learn(rows: list[Comment]) -> None:
        for comment in rows:
            learn_from(comment)
        connection.close()

    threads = [
        threading.Thread(target=learn, args=(rows,))
        for rows in (comments, comments[::-1], comments[6:] + comments[:6])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    texts = [(f"shared words and {n}", bool(n % 2)) for n in range(12)]
    assert known() == expected(*texts)
