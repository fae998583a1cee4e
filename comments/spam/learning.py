"""Learning from moderators: what they approve is no spam, what they call spam is.

Only a person's decision teaches, never a rule's, or mistakes would teach themselves. Each comment
counts once, by the last decision that stands; one that is taken back is forgotten again.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import batched

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from comments.models import Comment, CommentStatus, Lesson, ModerationEvent, SpamWord
from comments.spam.knowledge import COMMENTS, numbers_of
from comments.spam.words import words_of

TAUGHT = {CommentStatus.APPROVED: False, CommentStatus.SPAM: True}
BATCH = 2_000


def learn_from(comment: Comment) -> None:
    """Have what is known of spam agree with what moderators say of a comment.

    It may be called any number of times, by several at once and in any order: it asks the log.
    """
    with transaction.atomic():
        Lesson.objects.get_or_create(comment=comment)
        lesson = Lesson.objects.select_for_update().get(comment=comment)
        told = _lesson(comment, _decisions().filter(comment=comment).first())
        if (lesson.is_spam, lesson.words) != (told.is_spam, told.words):
            _count(lesson, -1)
            _count(told, 1)
        told.pk = lesson.pk
        told.save()


def learn_anew() -> int:
    """Forget everything and learn from all decisions in the log; return how many taught.

    Whoever learns meanwhile waits; comments are scored by what was known before.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE comments_lesson, comments_spamword IN EXCLUSIVE MODE")
        Lesson.objects.all().delete()
        SpamWord.objects.all().delete()
        known: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
        for decisions in batched(_decisions().iterator(chunk_size=BATCH), BATCH, strict=False):
            comments = Comment.objects.in_bulk([one.comment_id for one in decisions])
            lessons = [
                _lesson(comments[one.comment_id], one)
                for one in decisions
                if one.comment_id in comments
            ]
            Lesson.objects.bulk_create(lessons)
            for lesson in lessons:
                if lesson.is_spam is not None:
                    known[lesson.is_spam].update([COMMENTS, *lesson.words])
        spam, ham = known[True], known[False]
        words = (SpamWord(number=n, spam=spam[n], ham=ham[n]) for n in spam.keys() | ham.keys())
        SpamWord.objects.bulk_create(words, batch_size=BATCH)
    return spam[COMMENTS] + ham[COMMENTS]


def _decisions() -> QuerySet[ModerationEvent]:
    """Return of each comment the last decision on its state that a person made and that stands."""
    stand = Q(undone_by=None) | Q(undone_by__undone_by__isnull=False)
    made = ModerationEvent.objects.filter(stand, comment__isnull=False, by__isnull=False)
    made = made.exclude(to_status="").exclude(action=ModerationEvent.Action.UNDONE)
    return made.order_by("comment_id", "-pk").distinct("comment_id")


def _lesson(comment: Comment, decision: ModerationEvent | None) -> Lesson:
    """Return what a decision on a comment teaches, not saved."""
    lesson = Lesson(comment=comment)
    if decision is not None:
        lesson.decided_at = decision.at
        lesson.is_spam = TAUGHT.get(CommentStatus(decision.to_status))
        if lesson.is_spam is not None:
            text = _text_decided_on(comment, decision)
            lesson.words = sorted(numbers_of(words_of(text, comment.guest_name)))
    return lesson


def _text_decided_on(comment: Comment, decision: ModerationEvent) -> str:
    """Return the text as it was, whatever it was changed into since."""
    if comment.edited_at is None or comment.edited_at <= decision.at:
        return comment.body
    later = comment.versions.filter(replaced_at__gt=decision.at).order_by("replaced_at", "pk")
    text: str | None = later.values_list("body", flat=True).first()
    return comment.body if text is None else text


def _count(lesson: Lesson, change: int) -> None:
    """Add a lesson to what is known, or take it away (change: 1 or -1)."""
    if lesson.is_spam is None:
        return
    # First the row of all comments: so two that learn wait for each other there, and nowhere else.
    _add([COMMENTS], lesson.is_spam, change)
    _add(lesson.words, lesson.is_spam, change)
    if change < 0:
        SpamWord.objects.filter(number__in=lesson.words, spam=0, ham=0).delete()


def _add(numbers: Iterable[int], is_spam: bool, change: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO comments_spamword AS known (number, spam, ham)
            SELECT number, %(spam)s, %(ham)s FROM unnest(%(numbers)s::bigint[]) AS number
            ON CONFLICT (number) DO UPDATE
            SET spam = known.spam + EXCLUDED.spam, ham = known.ham + EXCLUDED.ham
            """,
            {"spam": change * is_spam, "ham": change * (not is_spam), "numbers": list(numbers)},
        )
