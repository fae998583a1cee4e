"""Confirming, choosing and ending what one is told of: by keys alone, and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from comments.models import Notification, Subscription
from comments.notifications.following import follow, token_of
from comments.notifications.telling import tell_readers
from tests.accounts.factories import UserFactory
from tests.articles.factories import ArticleFactory
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_discussion import Reader, assert_all_is_well, log_in
from tests.comments.factories import CommentFactory, DiscussionFactory

type Visitor = Callable[..., Page]


@pytest.fixture
def article() -> Article:
    article: Article = ArticleFactory(headline="A report with quite a long headline, as they are")
    DiscussionFactory(article=article, policy="open")
    return article


@pytest.mark.parametrize(("viewport", "by_keys"), [(DESK, True), (PHONE, False)])
def test_guest_confirms_changes_and_stops_by_the_links_of_a_letter(
    visitor: Visitor, article: Article, viewport: dict[str, int], by_keys: bool
) -> None:
    subscription = follow(discussion=article.discussion, kind="all", email="petra@example.org")
    assert subscription
    address = f"/subscriptions/{token_of(subscription)}/"
    page = visitor(viewport=viewport, bypass_csp=True)
    reader = Reader(page, by_keys=by_keys)
    page.goto(f"{address}confirm/")
    expect(page.get_by_role("heading", name="Follow the discussion?")).to_be_visible()
    assert_all_is_well(page)
    reader.use(page.get_by_role("button", name="Confirm"))
    expect(page.get_by_role("heading", name="You follow the discussion")).to_be_visible()
    assert_all_is_well(page)
    reader.use(page.get_by_role("link", name="All that you follow"))
    expect(page.get_by_role("heading", name="What you follow")).to_be_visible()
    page.get_by_label("Tell me of").select_option("replies")
    reader.use(page.get_by_role("button", name="Save"))
    expect(page.get_by_label("Tell me of")).to_have_value("replies")
    assert Subscription.objects.get().kind == "replies"
    assert_all_is_well(page)

    page.goto(f"{address}unsubscribe/")
    assert_all_is_well(page)
    reader.use(page.get_by_role("button", name="Stop these emails"))
    expect(page.get_by_role("heading", name="It is stopped")).to_be_visible()
    assert_all_is_well(page)
    assert not Subscription.objects.exists()


def test_all_of_it_without_javascript(visitor: Visitor, article: Article) -> None:
    subscription = follow(discussion=article.discussion, kind="all", email="petra@example.org")
    assert subscription
    page = visitor(java_script_enabled=False, viewport=PHONE)
    page.goto(f"/subscriptions/{token_of(subscription)}/confirm/")
    assert not Subscription.objects.exclude(confirmed_at=None).exists()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("link", name="All that you follow").click()
    page.get_by_role("button", name="Stop all emails").click()
    expect(page.get_by_role("heading", name="It is stopped")).to_be_visible()
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(("viewport", "by_keys"), [(DESK, True), (PHONE, False)])
def test_account_reads_its_notifications(
    visitor: Visitor, article: Article, viewport: dict[str, int], by_keys: bool
) -> None:
    ada = UserFactory.create(display_name="Ada")
    own = CommentFactory(discussion=article.discussion, user=ada, guest_name="", guest_id=None)
    follow(discussion=article.discussion, kind="all", user=ada)
    answer = CommentFactory(parent=own, guest_name="Otto", body="Not ||the end||.")
    tell_readers(answer)
    tell_readers(CommentFactory(discussion=article.discussion, guest_name="Petra"))
    page = visitor(viewport=viewport, bypass_csp=True)
    log_in(page, ada.email)
    reader = Reader(page, by_keys=by_keys)
    reader.use(page.get_by_role("link", name="Notifications (2)"))
    expect(page.get_by_role("link", name="Otto answered you")).to_be_visible()
    expect(page.get_by_text("Not ….")).to_be_visible()
    assert_all_is_well(page)
    reader.use(page.get_by_role("button", name="Mark all as seen"))
    expect(page.get_by_role("button", name="Mark all as seen")).to_have_count(0)
    assert not Notification.objects.filter(seen_at=None).exists()
    page.get_by_label("Tell me of").select_option("none")
    reader.use(page.get_by_role("button", name="Save"))
    expect(page.get_by_role("main")).to_contain_text("You follow no discussion.")
    assert_all_is_well(page)
    reader.use(page.get_by_role("link", name="Otto answered you"))
    expect(page.locator(f"#comment-{answer.pk}")).to_have_attribute("aria-current", "true")

    # The bar of the report needs no address, and knows what is followed.
    page.goto(article.get_absolute_url())
    bar = page.locator("form[data-follow]")
    expect(bar.get_by_label("Send to")).to_be_hidden()
    reader.use(bar.get_by_role("button", name="Follow"))
    expect(bar.get_by_role("status")).to_be_focused()
    assert Subscription.objects.get(user=ada).kind == "all"
