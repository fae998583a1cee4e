"""What the task worker does for discussions."""

import datetime

from django.conf import settings
from django.tasks import task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from comments.models import Comment, OwnDataRequest

LETTERS_AT_ONCE = 200  # then others' tasks have their turn
MARGIN = datetime.timedelta(seconds=5)  # a transaction takes less


@task()
def tell_readers_of(number: int) -> None:
    """Tell of an approved comment whomever it concerns."""
    from comments.notifications.telling import tell_readers  # noqa: PLC0415 (it plans sending here)

    comments = Comment.objects.approved().select_related("user", "parent__user", "discussion")
    if comment := comments.filter(pk=number).first():
        due = tell_readers(comment)
        if due is not None:
            schedule_sending(due)


@task()
def learn_spam_from(number: int) -> None:
    """Learn from what moderators decided of a comment, or forget what they took back."""
    from comments.spam.learning import learn_from  # noqa: PLC0415 (decisions plan it here)

    if comment := Comment.objects.filter(pk=number).first():
        learn_from(comment)


@task()
def ask_akismet(number: int) -> None:
    """Ask Akismet about a comment that has just been written."""
    from comments.spam.akismet import consult_akismet  # noqa: PLC0415 (decisions plan tasks)

    comments = Comment.objects.select_related("user", "discussion__article")
    if comment := comments.filter(pk=number).first():
        consult_akismet(comment)


def plan_asking_akismet(comment: Comment) -> None:
    """Have Akismet asked about a comment, where the operator wants that."""
    if settings.AKISMET_KEY and comment.status in {"approved", "held"}:
        ask_akismet.enqueue(comment.pk)


@task()
def answer_own_data_request(number: int) -> None:
    """Send the letter that a guest asked for, if anything is kept of them."""
    from comments.personal_data.asking import answer  # noqa: PLC0415 (it plans this task)

    if request := OwnDataRequest.objects.filter(pk=number).first():
        answer(request)


@task()
def erase_guest(number: int) -> None:
    """Carry out what a guest asked for. Done twice, nothing is left for the second time."""
    from comments.personal_data.asking import carry_out  # noqa: PLC0415 (as above)

    if request := OwnDataRequest.objects.filter(pk=number, keep_comments__isnull=False).first():
        carry_out(request)


@task()
def look_for_burst(number: int) -> None:
    """See whether votes on a comment come too many at once."""
    from comments.bursts.detecting import detect_burst  # noqa: PLC0415 (votes plan it here)

    if comment := Comment.objects.approved().filter(pk=number).first():
        detect_burst(comment)


@task()
def send_letters() -> None:
    """Send the letters that are due, and plan the next round."""
    from comments.notifications.delivery import send_due_letters  # noqa: PLC0415 (as above)

    due = send_due_letters(LETTERS_AT_ONCE)
    if due is not None:
        schedule_sending(due)


def schedule_sending(at: datetime.datetime) -> None:
    """Have letters sent at a time, unless that is planned for then or earlier."""
    now = timezone.now()
    if at <= now:
        # Always: one that is planned may have looked already, before what waits now was committed.
        send_letters.enqueue()
        return
    planned = DBTaskResult.objects.filter(task_path=send_letters.module_path, status="READY")
    if not planned.filter(run_after__gt=now + MARGIN, run_after__lte=at).exists():
        send_letters.using(run_after=at).enqueue()
