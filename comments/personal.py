"""A reader's own part in a discussion, which no public page may hold."""

import datetime
import uuid
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.drawing import Drawing
from comments.editing import CHANGEABLE, changeable_until
from comments.limits.suspicion import opening_mark
from comments.models import Comment, CommentStatus, Discussion, Notification, Subscription, Vote
from comments.moderation.bans import BannedError, check_not_banned, notice_of
from comments.querysets import CommentQuerySet
from comments.readers import guest_id_of, user_of

REFUSED_FOR = datetime.timedelta(days=7)
MAX_OWN = 50  # comments of one reader in one discussion that are told


def personal_discussion(request: HttpRequest, article_number: int) -> dict[str, Any] | None:
    """Return the asker's part in the discussion of a public article; None without a discussion.

    ``votes``: the value by comment number; ``own``: the numbers of their comments; ``held``: those
    that wait, or were refused lately, as HTML, with the number of the parent; ``banned``: what they
    are told if they may not write; ``changeable``: those they may still change,
    until when, and where; ``following``: what an account is told of here;
    ``opened``: what they show with a comment to tell that they did not just come;
    ``moderation``: for those who may moderate, the label and address (of the comment 0) of
    each comment's place on the desk.
    """
    user, guest_id = user_of(request), guest_id_of(request)
    found = (
        Discussion.objects.filter(article=article_number)
        .select_related("article")
        .only("article__slug", "article__language", "article__status", "article__published_at")
        .first()
    )
    if found is None or not found.article.is_public:
        return None
    if user is None and guest_id is None:
        return _part(opened=opening_mark())
    own = Comment.objects.written_by(user, guest_id).filter(discussion=found)
    published, held = _published(own), _held(own)
    drawing = Drawing(found.article, request, is_mine=True) if held else None
    return _part(
        votes=_votes(found, user, guest_id),
        own=[comment.pk for comment in published],
        held=[
            {"parent": comment.parent_id, "html": drawing.comment(comment)}
            for comment in held
            if drawing
        ],
        banned=_banned(user, guest_id),
        following=_following(found, user),
        opened=opening_mark(),
        changeable=_changeable([*published, *held]),
        # The desk lets in staff alone.
        moderation=_desk()
        if user and user.is_staff and user.has_perm("comments.moderate_comment")
        else None,
    )


def _part(**told: Any) -> dict[str, Any]:
    """Return what is told; the rest as it is for a stranger."""
    nothing: dict[str, Any] = {
        "votes": {}, "own": [], "held": [], "banned": "", "following": None, "changeable": [],
        "moderation": None,
    }  # fmt: skip
    return nothing | told


def _published(own: CommentQuerySet) -> list[Comment]:
    """Return those that their writer takes for published, the latest first."""
    seen = own.filter(Q(status=CommentStatus.APPROVED) | Q(is_shadowed=True))
    return list(seen.only("status", "created_at").order_by("-pk")[:MAX_OWN])


def _held(own: CommentQuerySet) -> list[Comment]:
    """Return those that wait, or were refused lately, as they came."""
    lately = timezone.now() - REFUSED_FOR
    refused = Q(status__in=[CommentStatus.REJECTED, CommentStatus.SPAM], created_at__gt=lately)
    held = own.filter(Q(status=CommentStatus.HELD) | refused)
    latest = held.select_related("user", "parent__user").order_by("-created_at", "-pk")[:MAX_OWN]
    return list(latest)[::-1]


def _votes(discussion: Discussion, user: User | None, guest_id: uuid.UUID | None) -> dict[int, int]:
    votes = Vote.objects.filter(comment__discussion=discussion).exclude(value=0)
    votes = votes.filter(user=user) if user else votes.filter(guest_id=guest_id)
    return dict(votes.values_list("comment_id", "value"))


def _banned(user: User | None, guest_id: uuid.UUID | None) -> str:
    try:
        check_not_banned(user=user, guest_id=guest_id)
    except BannedError as refusal:
        return notice_of(refusal.ban)
    return ""


def _following(discussion: Discussion, user: User | None) -> str | None:
    rows = Subscription.objects.filter(discussion=discussion, user=user, comment=None)
    return rows.values_list("kind", flat=True).first() if user else None


def unseen_notifications(user: User) -> int:
    """Return how many notifications the account has not seen."""
    return Notification.objects.filter(user=user, seen_at=None, comment__status="approved").count()


def _changeable(own: list[Comment]) -> list[dict[str, Any]]:
    since = timezone.now() - datetime.timedelta(minutes=settings.COMMENT_EDIT_MINUTES)
    # What is in shadow is both held and taken for published.
    recent = {c.pk: c for c in own if c.created_at > since and c.status in CHANGEABLE}
    return [
        {
            "number": number,
            "until": changeable_until(recent[number]),
            "address": reverse("comments:edit", args=[number]),
            "label": _("Edit"),
        }
        for number in sorted(recent, reverse=True)[:MAX_OWN]
    ]


def _desk() -> dict[str, str]:
    address = reverse("admin:comments_comment_change", args=[0])
    return {"label": _("Moderate"), "address": address}
