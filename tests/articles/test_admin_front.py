"""The front page on the desk: who may arrange it, what it shows, and what it refuses."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from articles import curation
from articles.models import Article, FrontSlot, Publication, Status
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory

pytestmark = pytest.mark.django_db
DESK = "/admin/articles/frontslot/"
LEAD, TOP = FrontSlot.Place.LEAD, FrontSlot.Place.TOP


@pytest.fixture(autouse=True)
def editor(client: Client) -> Any:
    user = UserFactory(role="Editor", display_name="Bob")
    client.force_login(user)
    return user


def version() -> str:
    return curation.version_of(curation.all_slots())


def send(client: Client, action: str, article: Any, **fields: Any) -> Any:
    number = article.pk if isinstance(article, Article) else article
    fields = {"action": action, "article": number, "seen": version(), **fields}
    return client.post(DESK, fields, headers={"X-Part": "board"})


def rows_of(client: Client, place: str) -> list[str]:
    soup = BeautifulSoup(client.get(DESK).content, "html.parser")
    return [tag.get_text() for tag in soup.select(f"[data-place={place}] [data-headline]")]


def test_board_shows_what_is_placed_and_what_time_fills_in(client: Client, editor: Any) -> None:
    for name in "ABCDEF":
        ArticleFactory(headline=name, published_at=timezone.now() - timedelta(hours=ord(name)))
    curation.place_article(article=Article.objects.get(headline="F"), by=editor)
    assert rows_of(client, "lead") == ["A"]
    assert rows_of(client, "top") == ["F", "B", "C", "D"]
    page = client.get(DESK).content.decode()
    assert "placed by Bob" in page
    assert page.count("by time</em>") == 4


def test_empty_site_has_a_board(client: Client) -> None:
    page = client.get(DESK).content.decode()
    assert "Nothing is published yet." in page
    assert "There is no other published or scheduled report." in page


def test_place_move_and_take_off(client: Client) -> None:
    one, two = ArticleFactory(headline="One"), ArticleFactory(headline="Two")
    assert send(client, "place", one, place="top").status_code == 200
    send(client, "place", two, place="top")
    send(client, "move", two, place="top", index="0")
    assert rows_of(client, "top")[:2] == ["Two", "One"]
    send(client, "move", one, place="lead", index="0")
    assert rows_of(client, "lead") == ["One"]
    send(client, "take_off", one)
    assert [slot.article for slot in curation.all_slots()] == [two]


def test_without_script_the_page_comes_anew_with_a_message(client: Client) -> None:
    article = ArticleFactory(headline="One")
    fields = {"action": "place", "article": article.pk, "place": "lead", "seen": version()}
    answer = client.post(f"{DESK}?q=harbour", fields, follow=True)
    assert answer.redirect_chain == [(f"{DESK}?q=harbour", 302)]
    assert "“One” is on the front page." in answer.content.decode()
    again = client.post(DESK, fields, follow=True).content.decode()
    assert "somebody else has arranged the front page meanwhile" in again


def test_stale_arrangement_gets_the_present_one(client: Client) -> None:
    one, two = ArticleFactory(headline="One"), ArticleFactory(headline="Two")
    seen = version()
    send(client, "place", one, place="lead")
    answer = send(client, "place", two, place="lead", seen=seen)
    assert answer.status_code == 409
    board = BeautifulSoup(answer.content, "html.parser").select_one("[data-board]")
    assert board is not None
    assert board["data-version"] == version()
    assert "meanwhile" in str(board["data-said"])
    assert [slot.article for slot in curation.all_slots()] == [one]


def test_search_finds_published_and_scheduled_without_a_place(client: Client) -> None:
    later = timezone.now() + timedelta(hours=1)
    ArticleFactory(headline="Harbour night ferry")
    ArticleFactory(headline="Harbour crane", status=Status.SCHEDULED, published_at=later)
    ArticleFactory(headline="Harbour draft", draft=True)
    ArticleFactory(headline="Harbour gone", status=Status.WITHDRAWN)
    send(client, "place", ArticleFactory(headline="Harbour lead"), place="lead")
    part = client.get(DESK, {"q": "harbour"}, headers={"X-Part": "found"}).content.decode()
    assert "Harbour night ferry" in part
    assert "Harbour crane" in part
    for hidden in ("Harbour draft", "Harbour gone", "Harbour lead"):
        assert hidden not in part
    assert "Harbour crane" not in client.get(DESK, {"q": "ferry NIGHT"}).content.decode()
    assert "has these words" in client.get(DESK, {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("query", ["%25", "_", "%ED%A0%80", "x" * 5000, "%5C", "%3Cscript%3Ealert"])
def test_odd_queries_find_nothing_and_break_nothing(client: Client, query: str) -> None:
    ArticleFactory(headline="Harbour")
    answer = client.get(f"{DESK}?q={query}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "has these words" in page
    assert "<script>alert" not in page


def test_scheduled_and_skipped_are_told_apart(client: Client, editor: Any) -> None:
    later = timezone.now() + timedelta(hours=1)
    coming = ArticleFactory(status=Status.SCHEDULED, published_at=later)
    gone = ArticleFactory()
    for article in (coming, gone):
        curation.place_article(article=article, by=editor)
    Article.objects.filter(pk=gone.pk).update(status=Status.WITHDRAWN)
    page = client.get(DESK).content.decode()
    assert "appears " in page
    assert "Withdrawn: skipped" in page


def test_expired_places_are_listed_and_put_back(client: Client, editor: Any) -> None:
    article = ArticleFactory(headline="Old")
    curation.place_article(article=article, by=editor)
    FrontSlot.objects.update(expires_at=timezone.now())
    page = client.get(DESK).content.decode()
    assert "Put back: Old" in page
    send(client, "place", article, place="top")
    assert FrontSlot.objects.get().expires_at is None


def test_times_are_of_the_publications_zone(client: Client, editor: Any) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Tokyo"})
    article = ArticleFactory()
    curation.place_article(article=article, by=editor)
    tokyo = ZoneInfo("Asia/Tokyo")
    noon = (datetime.now(tokyo) + timedelta(days=3)).replace(
        hour=12, minute=0, second=0, microsecond=0
    )
    send(client, "expiry", article, until=noon.strftime("%Y-%m-%dT%H:%M"))
    assert FrontSlot.objects.get().expires_at == noon
    send(client, "expiry", article, choice="tonight")
    midnight = FrontSlot.objects.get().expires_at
    assert midnight is not None
    shown = midnight.astimezone(tokyo)
    assert (shown.hour, shown.minute) == (0, 0)
    assert timedelta(0) < midnight - timezone.now() <= timedelta(days=1)
    send(client, "expiry", article, choice="day")
    until = FrontSlot.objects.get().expires_at
    assert until is not None
    assert abs(until - timezone.now() - timedelta(days=1)) < timedelta(minutes=5)
    send(client, "expiry", article, choice="never")
    assert FrontSlot.objects.get().expires_at is None


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("", {}),
        ("burn", {}),
        ("place", {"place": "cellar"}),
        ("place", {"place": "\x00"}),
        ("place", {"article": "x"}),
        ("place", {"article": ""}),
        ("place", {"article": "9" * 40}),
        ("place", {"article": "\x00"}),
        ("move", {"place": "top"}),
        ("move", {"place": "top", "index": "-1"}),
        ("move", {"place": "top", "index": "9" * 30}),
        ("move", {"place": "lead", "index": "one"}),
        ("move", {"place": "", "index": "0"}),
        ("expiry", {"until": ""}),
        ("expiry", {"until": "soon"}),
        ("expiry", {"until": "2001-01-01T10:00"}),
        ("expiry", {"until": "0001-01-01T00:00"}),
        ("expiry", {"until": "9999-12-31T23:59"}),
        ("expiry", {"until": "2031-02-30T10:00"}),
        ("expiry", {"until": "\x00"}),
    ],
)
@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_bad_input_is_refused_and_changes_nothing(
    client: Client, editor: Any, action: str, fields: dict[str, str], zone: str
) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"time_zone": zone})
    article = ArticleFactory()
    curation.place_article(article=article, by=editor)
    before = version()
    article_field = fields.get("article", article)
    rest = {name: value for name, value in fields.items() if name != "article"}
    answer = send(client, action, article_field, **rest)
    assert answer.status_code == 400
    assert version() == before


def test_other_methods_are_refused(client: Client) -> None:
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(DESK).status_code == 405


def test_headline_is_shown_as_text(client: Client, editor: Any) -> None:
    script = "<script>alert(1)</script>\" onclick='x'"
    ArticleFactory(headline=script)
    article = ArticleFactory(headline=script)
    curation.place_article(article=article, by=editor)
    assert "<script>alert" not in client.get(DESK).content.decode()
    assert "<script>alert" not in send(client, "take_off", article).content.decode()


@pytest.mark.parametrize("role", ["Editor", "Chief"])
def test_editors_and_chiefs_find_it_in_the_menu(client: Client, role: str) -> None:
    client.force_login(UserFactory(role=role))
    assert DESK in client.get("/admin/").content.decode()
    assert client.get(DESK).status_code == 200


@pytest.mark.parametrize("role", ["Author", "Moderator"])
def test_authors_and_moderators_are_refused(client: Client, role: str) -> None:
    article = ArticleFactory()
    client.force_login(UserFactory(role=role))
    assert client.get(DESK).status_code == 403
    assert send(client, "place", article, place="lead").status_code == 403
    assert DESK not in client.get("/admin/").content.decode()
    assert not FrontSlot.objects.exists()


def test_cost_does_not_grow_with_the_board(
    client: Client, editor: Any, django_assert_max_num_queries: Any
) -> None:
    for article in [ArticleFactory() for _ in range(24)][:15]:
        curation.place_article(article=article, by=editor)
    client.get(DESK)
    with django_assert_max_num_queries(20):
        client.get(DESK)
