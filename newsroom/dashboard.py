"""The admin's first page: what waits for whoever asks."""

import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Status
from articles.workflow import EDIT_ANY, RIGHT
from comments.models import Comment, CommentStatus
from donations.meter import meter_of
from donations.models import Campaign
from donations.silence import silent_providers

SHOWN = 8


def add_dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add to the context what the asker has to do; returns it. Each part by the asker's rights."""
    user: Any = request.user
    context["title"] = _("Desk")
    if user.has_perm("articles.change_article"):
        context["report_lists"] = _report_lists(user)
    if user.has_perm("comments.moderate_comment"):
        context["comments_waiting"] = Comment.objects.filter(status=CommentStatus.HELD).count()
    if user.has_perm("donations.view_campaign"):
        campaign = Campaign.objects.running().with_raised().first()
        context["meter"] = meter_of(campaign) if campaign else None
        context["shows_drive"] = True
        context["silent_providers"] = silent_providers()
    return context


def _report_lists(user: Any) -> list[dict[str, Any]]:
    """Return heading, reports and what stands in an empty list, in the order of the day's work."""
    rows = Article.objects.select_related("section").defer("body", "search_vector")
    own = Q(created_by=user.pk) | Q(pk__in=Article.objects.filter(authors__user=user.pk))
    seen = rows if user.has_perm(EDIT_ANY) else rows.filter(own)
    lists = [
        _list(
            _("My drafts"), rows.filter(own, status=Status.DRAFT).order_by("-modified_at"),
            _("You have no drafts."),
        ),
        _list(
            _("Waiting for review"), seen.filter(status=Status.IN_REVIEW).order_by("modified_at"),
            _("Nothing waits for review."),
        ),
    ]  # fmt: skip
    if user.has_perm(RIGHT):
        approved = seen.filter(status=Status.APPROVED).order_by("modified_at")
        lists.append(_list(_("Approved"), approved, _("Nothing waits to be published.")))
    now = timezone.localtime()
    tomorrow = (now + datetime.timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    scheduled = seen.filter(status=Status.SCHEDULED).order_by("published_at")
    today = scheduled.filter(published_at__gt=now, published_at__lt=tomorrow)
    lists.append(
        _list(_("Scheduled today"), today, _("Nothing more appears today."), is_by_time=True)
    )
    later = scheduled.filter(published_at__gte=tomorrow)
    lists.append(_list(_("Scheduled for later"), later, "", is_by_time=True))
    return [one for one in lists if one["reports"] or one["empty"]]


def _list(
    heading: str, rows: QuerySet[Article], empty: str, *, is_by_time: bool = False
) -> dict[str, Any]:
    reports = list(rows[: SHOWN + 1])
    return {
        "heading": heading,
        "reports": reports[:SHOWN],
        "has_more": len(reports) > SHOWN,
        "empty": empty,
        "is_by_time": is_by_time,
    }
