"""The way of a report to its readers: which steps there are, who may take them, and from where.

Each step is a named function. It takes the row for itself, checks right and state, changes the
row, and notes the change and a revision, all in one transaction.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from articles.alternatives import missing_alternatives
from articles.models import Article, Publication, StateChange, Status
from articles.revisions import keep_baseline, keep_revision

RIGHT = "articles.publish_article"
EDIT_ANY = "articles.edit_any_article"


@dataclass(frozen=True)
class Step:
    """A step from some states to another; ``label`` is what its button says."""

    label: Any
    sources: frozenset[str]
    target: str


_BEFORE_READERS = frozenset({Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED})
STEPS = {
    "submit": Step(
        gettext_lazy("Submit for review"), frozenset({Status.DRAFT}), Status.IN_REVIEW
    ),
    "approve": Step(gettext_lazy("Approve"), frozenset({Status.IN_REVIEW}), Status.APPROVED),
    "schedule": Step(gettext_lazy("Schedule"), _BEFORE_READERS, Status.SCHEDULED),
    "publish": Step(
        gettext_lazy("Publish now"), _BEFORE_READERS | {Status.WITHDRAWN}, Status.PUBLISHED
    ),
    "return": Step(
        gettext_lazy("Return to draft"), _BEFORE_READERS - {Status.DRAFT}, Status.DRAFT
    ),
    "withdraw": Step(
        gettext_lazy("Withdraw"), frozenset({Status.PUBLISHED}), Status.WITHDRAWN
    ),
}  # fmt: skip


def open_steps(article: Article, user: User) -> list[str]:
    """Return the names of the steps that this user could take with the report as it is."""
    return [
        name
        for name, step in STEPS.items()
        if _state(article) in step.sources and _refusal(name, article, user) is None
    ]


@transaction.atomic
def submit_article(*, article: Article, by: User | None, note: str = "") -> None:
    """Hand a draft to the editors. Authors submit their own.

    Raises PermissionDenied, ValidationError when it is no draft or has no headline or text.
    """
    _begin("submit", article, by)
    _check(_missing_text(article))
    _change(article, by, Status.IN_REVIEW, None, note)


@transaction.atomic
def approve_article(*, article: Article, by: User | None, note: str = "") -> None:
    """Find a submitted report fit for readers.

    Where the publication asks for four eyes, not by one who wrote or submitted it.
    Raises PermissionDenied, ValidationError when it is not in review or not ready.
    """
    _begin("approve", article, by)
    _check_ready(article)
    _change(article, by, Status.APPROVED, None, note)


@transaction.atomic
def return_article(*, article: Article, by: User | None, note: str = "") -> None:
    """Hand a report that readers have not seen back to its author, as a draft.

    Authors may take back what they submitted. note: what is to be done.
    Raises PermissionDenied, ValidationError when readers see it, or it is a draft.
    """
    _begin("return", article, by)
    _change(article, by, Status.DRAFT, None, note)


@transaction.atomic
def schedule_article(
    *, article: Article, by: User | None, at: datetime.datetime, note: str = ""
) -> None:
    """Have the report appear at a time to come; readers see it from that minute on.

    Readers' pages look at the clock; the task only tidies the state up, and may be late.
    Raises PermissionDenied, ValidationError when it is not ready, public, or the time is past or
    under its embargo.
    """
    from articles.tasks import publish_scheduled  # noqa: PLC0415 (a task may call this module)

    _begin("schedule", article, by)
    if at <= timezone.now():
        raise ValidationError(_("This time is past. Choose one to come, or publish now."))
    _check_embargo(article, at)
    _check_ready(article)
    _change(article, by, Status.SCHEDULED, at, note)
    publish_scheduled.using(run_after=at).enqueue(article.pk, at.isoformat())


@transaction.atomic
def publish_article(*, article: Article, by: User | None, note: str = "") -> None:
    """Publish now. A withdrawn one keeps its time; one that is public stays as it is.

    by: None for a program. Raises PermissionDenied, ValidationError when it is not ready or under
    embargo.
    """
    _begin("publish", article, by, may_be_there=True)
    if article.status == Status.PUBLISHED:
        return
    now = timezone.now()
    _check_embargo(article, now)
    _check_ready(article)
    _change(article, by, Status.PUBLISHED, first_publication(article) or now, note)


@transaction.atomic
def withdraw_article(*, article: Article, by: User | None, notice: str) -> None:
    """Take a published report from readers for good reason; its address answers with the notice.

    Raises PermissionDenied, ValidationError when it is not public or the notice is empty.
    """
    _begin("withdraw", article, by)
    if not notice.strip():
        raise ValidationError(_("Tell the readers why: they see this notice in its place."))
    article.withdrawal_notice = notice.strip()
    _change(article, by, Status.WITHDRAWN, article.published_at, notice.strip())


@transaction.atomic
def settle_publication(article: Article) -> bool:
    """Note that a scheduled report's time has come; return whether it was to be noted.

    Takes the row for itself. Readers have seen the report since, whoever calls this and when.
    """
    _lock(article)
    if article.status != Status.SCHEDULED or not article.is_public:
        return False
    _change(article, None, Status.PUBLISHED, article.published_at, "", at=article.published_at)
    return True


def first_publication(article: Article) -> datetime.datetime | None:
    """Return since when readers saw it, or None if they never did."""
    at = article.published_at
    return at if at is not None and at <= timezone.now() else None


def is_own(article: Article, user: User) -> bool:
    """Tell whether the user began the report or signs it."""
    return article.created_by_id == user.pk or (
        article.pk is not None and article.bylines.filter(author__user=user.pk).exists()
    )


def _state(article: Article) -> str:
    """Return the state as readers see it: a scheduled report whose time has come is published."""
    return Status.PUBLISHED if article.is_public else Status(article.status)


def _begin(name: str, article: Article, by: User | None, *, may_be_there: bool = False) -> None:
    """Take the row, as it is now rather than when it was read, and check right and state."""
    step = STEPS[name]
    settle_publication(article)
    if by is not None and (refusal := _refusal(name, article, by)):
        raise PermissionDenied(refusal)
    if article.status in step.sources or (may_be_there and article.status == step.target):
        return
    raise ValidationError(
        _("Its state is “%(state)s”, so it cannot be taken to “%(target)s”."),
        params={"state": article.get_status_display(), "target": Status(step.target).label},
    )


def _refusal(name: str, article: Article, user: User) -> str | None:
    """Return why this user may not take a step, or None if they may."""
    is_editor = user.has_perm(RIGHT)
    if name == "submit" or (name == "return" and article.status == Status.IN_REVIEW):
        if is_editor or (user.has_perm("articles.change_article") and is_own(article, user)):
            return None
        return _("Only its authors and editors may do this.")
    if not is_editor:
        return _("You may not do this: ask an editor.")
    if name in {"approve", "publish", "schedule"} and Publication.current().four_eyes:
        return _four_eyes_refusal(name, article, user)
    return None


def _four_eyes_refusal(name: str, article: Article, user: User) -> str | None:
    if name != "approve":
        is_approved = article.status in {Status.APPROVED, Status.SCHEDULED, Status.WITHDRAWN}
        return None if is_approved or article.is_public else _("It has to be approved first.")
    submitted = article.state_changes.filter(to_status=Status.IN_REVIEW).first()
    if is_own(article, user) or (submitted is not None and submitted.by_id == user.pk):
        return _("Four eyes: somebody else has to approve what you wrote or submitted.")
    return None


def _lock(article: Article) -> None:
    """Take the row for ourselves and read it anew."""
    rows = Article.objects.select_for_update(of=("self",)).defer("search_vector")
    article.refresh_from_db(from_queryset=rows)


def _check_embargo(article: Article, at: datetime.datetime) -> None:
    until = article.embargo_until
    if until is not None and at < until:
        raise ValidationError(
            _("It is under embargo until %(time)s. Schedule it for then, or later."),
            params={"time": date_format(timezone.localtime(until), "DATETIME_FORMAT")},
        )


def _missing_text(article: Article) -> list[str]:
    missing = []
    if not article.headline.strip():
        missing.append(_("It has no headline."))
    if not article.body.strip():
        missing.append(_("It has no text."))
    return missing


def _check_ready(article: Article) -> None:
    """Raise ValidationError unless readers would get a whole report."""
    _check(_missing_text(article) + missing_alternatives(article))


def _check(missing: list[str]) -> None:
    if missing:
        raise ValidationError(missing)


def _change(
    article: Article,
    by: User | None,
    status: Status,
    published_at: datetime.datetime | None,
    note: str,
    *,
    at: datetime.datetime | None = None,
) -> None:
    """Write the new state, its note and a revision. at: when it came about; now if not given."""
    from articles.tasks import forget_words_of, learn_words_of  # noqa: PLC0415 (as above)

    keep_baseline(article)
    StateChange.objects.create(
        article=article, from_status=article.status, to_status=status, by=by, note=note,
        at=at or timezone.now(),
    )  # fmt: skip
    article.status = status
    article.published_at = published_at
    if status != Status.WITHDRAWN:
        article.withdrawal_notice = ""
    Article.objects.filter(pk=article.pk).update(
        status=status, published_at=published_at, modified_at=timezone.now(),
        withdrawal_notice=article.withdrawal_notice,
    )  # fmt: skip
    keep_revision(article=article, by=by, reason=str(status.label))
    if status == Status.PUBLISHED:
        learn_words_of.enqueue(article.pk)
    elif status == Status.WITHDRAWN:
        forget_words_of.enqueue(article.pk)
