"""Everything that is forgotten after a while, by whichever app keeps it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import mailers
from django.core.mail.backends.filebased import EmailBackend
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts import retention as accounts
from accounts.personal_data.erasing import finish_erasures
from articles.models import Publication
from comments import retention as comments
from comments.personal_data.asking import finish_requests


@dataclass(frozen=True)
class Rule:
    """One kind of thing to forget.

    forget: does away with so many of them at most and returns how many; 0 when none is due.
    """

    name: str
    label: str | Promise
    forget: Callable[[int], int]


def forget_sessions(limit: int) -> int:
    """Delete sessions that have run out."""
    due = Session.objects.filter(expire_date__lt=timezone.now()).values_list("pk", flat=True)
    number, _rows = Session.objects.filter(pk__in=list(due[:limit])).delete()
    return number


def forget_logins(limit: int) -> int:
    """Delete what is shown of sessions (network and browser) that are there no more."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    yesterday = timezone.now() - datetime.timedelta(days=1)  # today's are perhaps being written
    due = UserSession.objects.filter(~Exists(alive), created_at__lt=yesterday)
    numbers = list(due.values_list("pk", flat=True)[:limit])
    UserSession.objects.filter(pk__in=numbers).delete()
    return len(numbers)


def forget_task_results(limit: int) -> int:
    """Delete what became of tasks: a traceback may hold what somebody wrote."""
    finished = DBTaskResult.objects.finished().filter(finished_at__lt=_letters_before())
    due = list(finished.values_list("pk", flat=True)[:limit])
    DBTaskResult.objects.filter(pk__in=due).delete()
    return len(due)


def forget_outbox(limit: int) -> int:
    """Delete the files that letters lie in where there is no mail server."""
    if not isinstance(mailers["default"], EmailBackend):
        return 0
    folder = Path(settings.MAILERS["default"]["OPTIONS"]["file_path"])
    before = _letters_before().timestamp()
    due = [path for path in folder.glob("*.log") if path.stat().st_mtime < before][:limit]
    for path in due:
        path.unlink(missing_ok=True)
    return len(due)


def _letters_before() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=Publication.current().letter_days)


RULES = [
    Rule("addresses", _("addresses of guests' comments"), comments.forget_addresses),
    Rule("networks", _("hashes of networks"), comments.forget_networks),
    Rule("told", _("addresses that were told of comments"), comments.forget_told),
    Rule("letters", _("letters"), comments.forget_letters),
    Rule("subscriptions", _("guests' subscriptions"), comments.end_subscriptions),
    Rule("bans", _("whom ended bans kept out"), comments.forget_ended_bans),
    Rule("limits", _("counts of who wrote how often"), comments.forget_limits),
    Rule("erasures", _("accounts whose erasure was left half-way"), finish_erasures),
    Rule("requests", _("guests' questions what is kept of them"), finish_requests),
    Rule("sessions", _("sessions that have run out"), forget_sessions),
    Rule("logins", _("networks and browsers of ended sessions"), forget_logins),
    Rule(
        "unconfirmed", _("accounts that were never confirmed"), accounts.forget_unconfirmed_accounts
    ),
    Rule("tasks", _("results of tasks"), forget_task_results),
    Rule("outbox", _("letters in files"), forget_outbox),
]
