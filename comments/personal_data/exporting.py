"""All that discussions keep of somebody, as plain values."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from accounts.personal_data.parts import Section
from comments.models import Ban, ModerationEvent
from comments.personal_data.person import Person

BATCH = 500


def sections_of_account(user: User) -> Iterator[Section]:
    """Yield what is kept of an account."""
    yield from sections(Person(user=user))
    # Whom nobody else reads is not told so: that is what it is for.
    bans = Ban.objects.filter(user=user).exclude(mode=Ban.Mode.SHADOW).order_by("pk")
    yield "bans", bans.values("mode", "reason", "created_at", "expires_at", "lifted_at")


def sections(person: Person) -> Iterator[Section]:
    """Yield names and rows of what is kept of somebody; rows are read as they are asked for."""
    yield "comments", _comments(person)
    yield "votes", _votes(person)
    yield "reports", _reports(person)
    yield "subscriptions", _subscriptions(person)
    yield "notifications", _notifications(person)


def _comments(person: Person) -> Iterator[dict[str, Any]]:
    rows = person.comments().select_related("discussion__article", "user", "appeal").order_by("pk")
    for comment in rows.prefetch_related("versions", "events").iterator(chunk_size=BATCH):
        appeal = getattr(comment, "appeal", None)
        yield {
            "comment": _address(comment.pk),
            "report": comment.discussion.article.title,
            "written": comment.created_at,
            "name": comment.author_name,
            "email": comment.guest_email,
            "text": comment.body,
            "quoted_passage": comment.quote_exact,
            "in_reply_to": _address(comment.parent_id) if comment.parent_id else None,
            "state": comment.status,
            "edited": comment.edited_at,
            "earlier_texts": [
                {"replaced": one.replaced_at, "text": one.body} for one in comment.versions.all()
            ],
            "votes_for": comment.upvotes,
            "votes_against": comment.downvotes,
            # As its writer is told: not by whom.
            "decisions": [
                {"at": one.at, "action": one.action, "rule": one.rule, "reason": one.reason}
                for one in reversed(comment.events.all())
                if one.action != ModerationEvent.Action.SHADOWED
            ],
            "appeal": appeal.text if appeal else "",
        }


def _votes(person: Person) -> Iterator[dict[str, Any]]:
    for vote in person.votes().order_by("pk").iterator(chunk_size=BATCH):
        yield {
            "comment": _address(vote.comment_id),
            "value": vote.value,
            "cast": vote.created_at,
        }


def _reports(person: Person) -> Iterator[dict[str, Any]]:
    for report in person.reports().order_by("pk").iterator(chunk_size=BATCH):
        yield {
            "comment": _address(report.comment_id),
            "reason": report.reason,
            "text": report.text,
            "made": report.created_at,
        }


def _subscriptions(person: Person) -> Iterator[dict[str, Any]]:
    rows = person.subscriptions().select_related("discussion__article").order_by("pk")
    for one in rows.iterator(chunk_size=BATCH):
        yield {
            "report": one.discussion.article.title,
            "kind": one.kind,
            "email": one.email,
            "asked": one.created_at,
            "confirmed": one.confirmed_at,
        }


def _notifications(person: Person) -> Iterator[dict[str, Any]]:
    for one in person.notifications().order_by("pk").iterator(chunk_size=BATCH):
        yield {
            "comment": _address(one.comment_id),
            "kind": one.kind,
            "told": one.created_at,
            "seen": one.seen_at,
        }


def _address(number: int) -> str:
    path = reverse("comments:permalink", args=[number])
    return f"{settings.NEWSROOM_URL}{path}"
