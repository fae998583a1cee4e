"""Arranging the front page: what each change does, and when it is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from articles import curation
from articles.curation import move_slot, place_article, set_expiry, take_off
from articles.models import Article, FrontSlot, Status
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory

pytestmark = pytest.mark.django_db
LEAD, TOP = FrontSlot.Place.LEAD, FrontSlot.Place.TOP


@pytest.fixture
def editor() -> Any:
    return UserFactory(role="Editor")


def arrangement() -> tuple[list[Article], list[Article]]:
    slots = curation.all_slots()
    return (
        [slot.article for slot in slots if slot.place == LEAD],
        [slot.article for slot in slots if slot.place == TOP],
    )


def version() -> str:
    return curation.version_of(curation.all_slots())


def test_new_top_stories_stand_last_and_say_who_placed_them(editor: Any) -> None:
    one, two = ArticleFactory(), ArticleFactory()
    place_article(article=one, by=editor)
    slot = place_article(article=two, by=editor)
    assert arrangement() == ([], [one, two])
    assert (slot.placed_by, slot.expires_at) == (editor, None)


def test_new_lead_sends_the_old_one_to_the_head_of_the_top_stories(editor: Any) -> None:
    old, new, top = ArticleFactory(), ArticleFactory(), ArticleFactory()
    place_article(article=old, by=editor, place=LEAD)
    place_article(article=top, by=editor)
    place_article(article=new, by=editor, place=LEAD)
    assert arrangement() == ([new], [old, top])


def test_scheduled_lead_leaves_the_present_one_until_its_time(editor: Any) -> None:
    later = timezone.now() + timedelta(hours=1)
    old, new = ArticleFactory(), ArticleFactory(status=Status.SCHEDULED, published_at=later)
    place_article(article=old, by=editor, place=LEAD)
    place_article(article=new, by=editor, place=LEAD)
    assert arrangement() == ([new, old], [])


def test_placing_again_moves_and_renews(editor: Any) -> None:
    article = ArticleFactory()
    place_article(article=article, by=UserFactory(role="Chief"))
    FrontSlot.objects.update(expires_at=timezone.now())
    place_article(article=article, by=editor, place=LEAD)
    slot = FrontSlot.objects.get()
    assert (slot.place, slot.expires_at, slot.placed_by) == (LEAD, None, editor)


@pytest.mark.parametrize(
    ("index", "order"), [(0, "CAB"), (1, "ACB"), (2, "ABC"), (99, "ABC"), (-5, "CAB")]
)
def test_moving_within_the_top_stories(editor: Any, index: int, order: str) -> None:
    rows = [ArticleFactory(headline=name) for name in "ABC"]
    for row in rows:
        place_article(article=row, by=editor)
    move_slot(article=rows[2], by=editor, place=TOP, index=index)
    assert "".join(row.headline for row in arrangement()[1]) == order


def test_moving_does_not_count_expired_places(editor: Any) -> None:
    gone, one, two = (ArticleFactory() for _ in range(3))
    for row in (gone, one, two):
        place_article(article=row, by=editor)
    FrontSlot.objects.filter(article=gone).update(expires_at=timezone.now())
    move_slot(article=two, by=editor, place=TOP, index=0)
    assert [row for row in arrangement()[1] if row != gone] == [two, one]


def test_lead_moves_among_the_top_stories(editor: Any) -> None:
    lead, top = ArticleFactory(), ArticleFactory()
    place_article(article=lead, by=editor, place=LEAD)
    place_article(article=top, by=editor)
    move_slot(article=lead, by=editor, place=TOP, index=1)
    assert arrangement() == ([], [top, lead])


def test_time_is_set_and_lifted(editor: Any) -> None:
    article = ArticleFactory()
    place_article(article=article, by=editor)
    until = timezone.now() + timedelta(hours=5)
    set_expiry(article=article, by=editor, expires_at=until)
    assert FrontSlot.objects.get().expires_at == until
    set_expiry(article=article, by=editor, expires_at=None)
    assert FrontSlot.objects.get().expires_at is None


def test_taken_off(editor: Any) -> None:
    article = ArticleFactory()
    place_article(article=article, by=editor)
    take_off(article=article, by=editor)
    assert arrangement() == ([], [])


@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED, Status.WITHDRAWN])
def test_report_that_is_not_for_readers_gets_no_place(editor: Any, status: str) -> None:
    with pytest.raises(ValidationError, match="Only published and scheduled"):
        place_article(article=ArticleFactory(status=status), by=editor)
    assert arrangement() == ([], [])


@pytest.mark.parametrize("hours", [-1, 24 * 400])
def test_time_that_does_not_fit_is_refused(editor: Any, hours: int) -> None:
    article = ArticleFactory()
    place_article(article=article, by=editor)
    until = timezone.now() + timedelta(hours=hours)
    for action in (set_expiry, place_article):
        with pytest.raises(ValidationError):
            action(article=article, by=editor, expires_at=until)
    assert FrontSlot.objects.get().expires_at is None


def test_full_page_takes_no_more(editor: Any) -> None:
    for _ in range(curation.MAX_PLACED):
        place_article(article=ArticleFactory(), by=editor)
    with pytest.raises(ValidationError, match="Take one off first"):
        place_article(article=ArticleFactory(), by=editor)
    assert FrontSlot.objects.count() == curation.MAX_PLACED


def test_stale_arrangement_is_refused_by_every_change(editor: Any) -> None:
    one, two = ArticleFactory(), ArticleFactory()
    place_article(article=one, by=editor)
    seen = version()
    place_article(article=two, by=editor, seen=seen)
    before = version()
    common: dict[str, Any] = {"article": one, "by": editor, "seen": seen}
    for change in (
        lambda: place_article(**common, place=LEAD),
        lambda: move_slot(**common, place=TOP, index=1),
        lambda: set_expiry(**common, expires_at=timezone.now() + timedelta(hours=1)),
        lambda: take_off(**common),
    ):
        with pytest.raises(curation.StaleArrangementError):
            change()
    assert version() == before


def test_change_of_a_time_makes_an_arrangement_another(editor: Any) -> None:
    article = ArticleFactory()
    place_article(article=article, by=editor)
    before = version()
    set_expiry(article=article, by=editor, expires_at=timezone.now() + timedelta(hours=1))
    assert version() != before


@pytest.mark.parametrize("role", ["Author", "Moderator"])
def test_authors_and_moderators_arrange_nothing(editor: Any, role: str) -> None:
    article = ArticleFactory()
    place_article(article=article, by=editor)
    by, before = UserFactory(role=role), version()
    for change in (
        lambda: place_article(article=article, by=by, place=LEAD),
        lambda: move_slot(article=article, by=by, place=LEAD, index=0),
        lambda: set_expiry(article=article, by=by, expires_at=timezone.now() + timedelta(hours=1)),
        lambda: take_off(article=article, by=by),
    ):
        with pytest.raises(PermissionDenied):
            change()
    assert version() == before


def test_what_has_no_place_is_not_moved(editor: Any) -> None:
    article = ArticleFactory()
    for change in (
        lambda: move_slot(article=article, by=editor, place=TOP, index=0),
        lambda: set_expiry(article=article, by=editor, expires_at=None),
        lambda: take_off(article=article, by=editor),
        lambda: place_article(article=article, by=editor, place="cellar"),
    ):
        with pytest.raises(ValidationError):
            change()
