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
    found = Discussion.objects.select_related("article").filter(article=article_number).first()
    if found is None or not found.article.is_public:
        return None
    own = Comment.objects.written_by(user, guest_id).filter(discussion=found)
    lately = timezone.now() - REFUSED_FOR
    refused = Q(status__in=[CommentStatus.REJECTED, CommentStatus.SPAM], created_at__gt=lately)
    held = (
        own.filter(Q(status=CommentStatus.HELD) | refused)
        .select_related("user", "parent__user")
        .order_by("created_at", "pk")
    )
    drawing = Drawing(found.article, request, is_mine=True)
    seen = Q(status=CommentStatus.APPROVED) | Q(is_shadowed=True)
    votes = Vote.objects.filter(comment__discussion=found).exclude(value=0)
    votes = votes.filter(user=user) if user else votes.filter(guest_id=guest_id)
    return {
        "votes": dict(votes.values_list("comment_id", "value")) if user or guest_id else {},
        "own": list(own.filter(seen).order_by("-pk").values_list("pk", flat=True)[:MAX_OWN]),
        "held": [
            {"parent": comment.parent_id, "html": drawing.comment(comment)}
            for comment in held[:MAX_OWN]
        ],
        "banned": _banned(user, guest_id),
        "following": _following(found, user),
        "opened": opening_mark(),
        "changeable": _changeable(own),
        "moderation": _desk() if user and user.has_perm("comments.moderate_comment") else None,
    }


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


def _changeable(own: CommentQuerySet) -> list[dict[str, Any]]:
    window = datetime.timedelta(minutes=settings.COMMENT_EDIT_MINUTES)
    recent = own.filter(created_at__gt=timezone.now() - window, status__in=CHANGEABLE)
    return [
        {
            "number": comment.pk,
            "until": changeable_until(comment),
            "address": reverse("comments:edit", args=[comment.pk]),
            "label": _("Edit"),
        }
        for comment in recent.only("pk", "created_at").order_by("-pk")[:MAX_OWN]
    ]


def _desk() -> dict[str, str]:
    address = reverse("admin:comments_comment_change", args=[0])
    return {"label": _("Moderate"), "address": address}
