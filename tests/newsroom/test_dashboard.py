"""The admin's first page says what waits for the one who asks, and nothing else."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Publication, Status
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory, AuthorFactory
from tests.comments.factories import CommentFactory
from tests.donations.factories import CampaignFactory

pytestmark = pytest.mark.django_db


def board(client: Client, role: str) -> dict[str, list[str]]:
    """Return the headlines of each list on the page of somebody with a role."""
    client.force_login(UserFactory(role=role))
    context = client.get("/admin/").context
    return {
        str(one["heading"]): [article.headline for article in one["reports"]]
        for one in context.get("report_lists") or []
    }


def test_author_sees_their_own_work(client: Client) -> None:
    user = UserFactory(role="Author")
    client.force_login(user)
    ArticleFactory(draft=True, headline="Mine", created_by=user)
    ArticleFactory(draft=True, headline="Signed by me", authors=[AuthorFactory(user=user)])
    ArticleFactory(draft=True, headline="Somebody's")
    ArticleFactory(status=Status.IN_REVIEW, published_at=None, headline="Sent", created_by=user)
    ArticleFactory(status=Status.IN_REVIEW, published_at=None, headline="Another's")
    lists = {
        str(one["heading"]): {article.headline for article in one["reports"]}
        for one in client.get("/admin/").context["report_lists"]
    }
    assert lists["My drafts"] == {"Mine", "Signed by me"}
    assert lists["Waiting for review"] == {"Sent"}
    assert "Approved" not in lists


def test_editor_sees_what_waits_for_them_the_longest_waiting_first(client: Client) -> None:
    for number in range(2):
        ArticleFactory(status=Status.IN_REVIEW, published_at=None, headline=f"Wait {number}")
    ArticleFactory(status=Status.APPROVED, published_at=None, headline="Ready")
    ArticleFactory(draft=True, headline="Somebody's draft")
    lists = board(client, "Editor")
    assert lists["Waiting for review"] == ["Wait 0", "Wait 1"]
    assert lists["Approved"] == ["Ready"]
    assert lists["My drafts"] == []


def test_today_ends_at_the_publications_midnight(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Publication.objects.create(pk=1, time_zone="Pacific/Auckland")
    noon = datetime.datetime(2026, 7, 1, 0, 0, tzinfo=datetime.UTC)  # noon in Auckland
    monkeypatch.setattr(timezone, "now", lambda: noon)
    for hours, headline in ((-1, "Past"), (11, "Tonight"), (13, "Tomorrow")):
        ArticleFactory(
            status=Status.SCHEDULED, headline=headline,
            published_at=noon + datetime.timedelta(hours=hours),
        )  # fmt: skip
    lists = board(client, "Editor")
    assert lists["Scheduled today"] == ["Tonight"]
    assert lists["Scheduled for later"] == ["Tomorrow"]


def test_each_role_sees_its_own_parts(client: Client) -> None:
    CommentFactory(status="held")
    CampaignFactory()
    parts = {}
    for role in ("Author", "Editor", "Moderator", "Chief"):
        client.force_login(UserFactory(role=role))
        context = client.get("/admin/").context
        names = ("report_lists", "comments_waiting", "shows_drive")
        parts[role] = [name for name in names if context.get(name) is not None]
    assert parts == {
        "Author": ["report_lists"],
        "Editor": ["report_lists"],
        "Moderator": ["comments_waiting"],
        "Chief": ["report_lists", "comments_waiting", "shows_drive"],
    }


def test_drive_is_told_or_its_absence(client: Client) -> None:
    client.force_login(UserFactory(role="Chief"))
    assert "No drive is running." in client.get("/admin/").content.decode()
    campaign = CampaignFactory()
    page = client.get("/admin/").content.decode()
    assert campaign.label in page
    assert "$0 of $5,000 raised" in page


def test_first_page_costs_the_same_for_many_reports(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(UserFactory(role="Chief"))
    for _number in range(30):
        ArticleFactory(draft=True)
        ArticleFactory(status=Status.IN_REVIEW, published_at=None)
    client.get("/admin/")
    with django_assert_max_num_queries(14):
        client.get("/admin/")
