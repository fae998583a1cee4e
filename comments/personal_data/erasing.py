"""Doing away with what discussions keep of somebody. The counts stay true, and so does the log.

Everything is done in small transactions, and once more does nothing: killed, it is begun again.
"""

import uuid
from collections.abc import Callable

from django.db import transaction

from accounts.models import User
from accounts.personal_data.parts import Part
from comments.addresses import address_digest
from comments.counts import count_approval
from comments.log import record
from comments.models import (
    Appeal,
    Ban,
    Comment,
    CommentStatus,
    CommentVersion,
    Lesson,
    ModerationEvent,
    Report,
)
from comments.moderation.decisions import lock
from comments.personal_data.exporting import sections_of_account
from comments.personal_data.person import Person
from comments.voting import withdraw_vote

BATCH = 500
# What is left of a writer in a comment that stays.
NOBODY = {
    "user": None, "guest_name": "", "guest_email": "", "guest_digest": "", "guest_id": None,
    "network": "", "key": None,
}  # fmt: skip
# What is left of a text that goes. The row itself stays: others answer it, and the log names it.
NOTHING = {
    "status": CommentStatus.DELETED, "body": "", "body_html": "", "quote_exact": "",
    "quote_prefix": "", "quote_suffix": "", "passage": None, "text_digest": None,
    "spam_score": None, "edited_at": None, "pinned_at": None, "is_featured": False,
}  # fmt: skip


def erase_account(user: User, keep_comments: bool) -> None:
    """Erase an account's part. Who is banned stays banned, by the hash of the address."""
    for ban in Ban.objects.filter(user=user):
        ban.kind, ban.user, ban.digest = Ban.Kind.EMAIL, None, address_digest(user.email)
        ban.save(update_fields=["kind", "user", "digest"])
    erase(Person(user=user), keep_comments=keep_comments)


def erase(person: Person, *, keep_comments: bool) -> None:
    """Erase what is kept of somebody.

    keep_comments: leave what others can read, by nobody; what they cannot read goes all the same.
    The comments go last: by them a guest's votes are known.
    """
    steps: list[Callable[[], int]] = [
        lambda: _withdraw_votes(person),
        lambda: _forget_reports(person),
        lambda: person.subscriptions().delete()[0],
        lambda: person.notifications().delete()[0],
        lambda: person.letters().delete()[0],
        lambda: _erase_comments(person, keep_comments=keep_comments),
    ]
    for step in steps:
        while step():
            pass


def _withdraw_votes(person: Person) -> int:
    votes = list(person.votes().order_by("pk")[:BATCH])
    for vote in votes:
        withdraw_vote(vote)
    return len(votes)


def _forget_reports(person: Person) -> int:
    """Let reports stand that were made, by nobody and without their words."""
    reports = list(person.reports().order_by("pk")[:BATCH])
    for report in reports:
        report.user, report.guest_id, report.text = None, uuid.uuid4(), ""
        report.save(update_fields=["user", "guest_id", "text"])
    return len(reports)


def _erase_comments(person: Person, *, keep_comments: bool) -> int:
    numbers = list(person.comments().order_by("pk").values_list("pk", flat=True)[:BATCH])
    for number in numbers:
        with transaction.atomic():
            comment = lock(Comment(pk=number, discussion_id=_discussion_of(number)))
            _forget_writer(comment)
            if not (keep_comments and comment.is_approved):
                _empty(comment)
    return len(numbers)


def _discussion_of(number: int) -> int:
    return Comment.objects.values_list("discussion_id", flat=True).get(pk=number)


def _forget_writer(comment: Comment) -> None:
    CommentVersion.objects.filter(comment=comment).delete()
    Appeal.objects.filter(comment=comment).delete()
    Comment.objects.filter(pk=comment.pk).update(**NOBODY)


def _empty(comment: Comment) -> None:
    Lesson.objects.filter(comment=comment).delete()  # what was learnt is counted, word by word
    if comment.is_approved:
        count_approval(comment, -1)
    event = record(
        action=ModerationEvent.Action.ERASED, comment=comment, from_status=comment.status,
        to_status=CommentStatus.DELETED,
    )  # fmt: skip
    Report.objects.filter(comment=comment, answer=None).update(answer=event)
    Comment.objects.filter(pk=comment.pk).update(**NOTHING)


PART = Part(sections_of_account, erase_account)
