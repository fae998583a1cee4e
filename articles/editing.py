"""Several people at one report: who has it open, and what they typed but have not saved."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.html import clean_html
from articles.models import Article, Autosave, EditLock

# An open page is heard of every 30 seconds (desk-form.js); after three silences it is gone.
LAPSE = datetime.timedelta(seconds=90)
KEPT_FIELDS = ("headline", "lede", "body", "key_points", "dateline")


def open_for_editing(*, article: Article, user: User) -> EditLock:
    """Return who has the report open now: this user, unless somebody else still has it.

    To be called again while the page stays open.
    """
    now = timezone.now()
    with transaction.atomic():
        lock, is_new = EditLock.objects.select_for_update().get_or_create(
            article=article, defaults={"user": user}
        )
        if is_new or (lock.user_id != user.pk and now - lock.seen_at < LAPSE):
            return lock
        if lock.user_id != user.pk or now - lock.seen_at >= LAPSE:
            lock.user, lock.opened_at = user, now
        lock.seen_at = now
        lock.save()
    return lock


def take_over(*, article: Article, user: User) -> EditLock:
    """Make this user the one who has the report open, whoever had it before; return the lock."""
    now = timezone.now()
    lock, _is_new = EditLock.objects.update_or_create(
        article=article, defaults={"user": user, "opened_at": now, "seen_at": now}
    )
    return lock


def close(*, article: Article, user: User) -> None:
    """Note that the user left the report's form."""
    EditLock.objects.filter(article=article, user=user).delete()


def keep_unsaved(
    *, article: Article | None, user: User, fields: dict[str, Any], version: int
) -> Autosave:
    """Keep what the user typed into the form of a report (None: a new one).

    fields: of those in ``KEPT_FIELDS``; others are left out. version: the article's, typed over.
    """
    kept = {name: str(fields[name]).replace("\x00", "") for name in KEPT_FIELDS if name in fields}
    if "body" in kept:
        kept["body"] = clean_html(kept["body"])
    row, _is_new = Autosave.objects.update_or_create(
        article=article, user=user, defaults={"fields": kept, "version": version}
    )
    return row


def unsaved_text(*, article: Article | None, user: User) -> Autosave | None:
    """Return what the user typed and did not save, if it says anything else than the report."""
    row = Autosave.objects.filter(article=article, user=user).first()
    if row is None:
        return None
    present = {name: getattr(article, name, "") for name in KEPT_FIELDS}
    differs = any(_plain(text) != _plain(present[name]) for name, text in row.fields.items())
    return row if differs else None


def discard_unsaved(*, article: Article | None, user: User) -> None:
    """Forget what the user typed and did not save: it is saved, or not wanted."""
    Autosave.objects.filter(article=article, user=user).delete()


def _plain(text: str) -> str:
    """Return text as a form sends it back: line ends and outer space do not count."""
    return text.replace("\r\n", "\n").strip()
