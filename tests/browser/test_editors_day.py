"""An editor's day: a report from its draft to its withdrawal, and two editors who collide."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from articles.models import Article, Status
from articles.tasks import publish_scheduled
from tests.articles.factories import ArticleFactory, AuthorFactory, SectionFactory
from tests.browser.test_journeys import PASSWORD, log_in

type Visitor = Callable[..., Page]
BODY = ".ProseMirror[contenteditable=true]"


@pytest.fixture
def staff() -> None:
    """Ann writes; Bob and Cleo edit; Dora is chief."""
    from accounts.roles import sync_roles

    sync_roles()
    for name, role in (
        ("ann", "Author"), ("bob", "Editor"), ("cleo", "Editor"), ("dora", "Chief"),
    ):  # fmt: skip
        user = User.objects.create_user(
            f"{name}@example.org", PASSWORD, display_name=name.title(), is_staff=True
        )
        user.groups.set(Group.objects.filter(name=role))
    AuthorFactory(name="Ann Tide", user=User.objects.get(email="ann@example.org"))


def press(page: Page, name: str) -> None:
    page.locator(f"button[name={name}]").click()
    page.wait_for_load_state()


def form(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def state(article: Article) -> str:
    article.refresh_from_db()
    return str(article.status)


@pytest.mark.usefixtures("staff")
def test_report_from_draft_to_withdrawal(visitor: Visitor) -> None:
    SectionFactory(name="Harbour")

    # Ann writes. What she typed is kept before she saves it: the browser is closed on her.
    ann = visitor()
    log_in(ann, "ann", "/admin/articles/article/add/")
    ann.locator("[name=headline]").fill("The tide gate stays shut")
    ann.locator(BODY).click()
    ann.keyboard.type("The gate was to open in March.")
    expect(ann.locator("[data-desk-kept]")).to_contain_text("Kept at", timeout=15_000)
    ann.goto("/admin/")
    ann.goto("/admin/articles/article/add/")
    ann.get_by_role("link", name="Show it in the form").click()
    expect(ann.locator(BODY)).to_contain_text("The gate was to open in March.")
    ann.locator("[name=slug]").fill("tide-gate")
    ann.locator("[name=section]").select_option(label="Harbour")
    press(ann, "_submit")
    article = Article.objects.get()
    assert state(article) == Status.IN_REVIEW
    expect(ann.locator("body")).to_contain_text("Submitted.")
    expect(ann.locator("button[name=_save]")).to_have_count(0)  # it is the editors' now

    # Bob finds it waiting and sends it back with a question; Ann answers in the text.
    bob = visitor()
    log_in(bob, "bob", "/admin/")
    bob.get_by_role("link", name="The tide gate stays shut").click()
    bob.get_by_role("link", name="Return to draft").click()
    bob.get_by_label("What is to be done?").fill("March of which year?")
    bob.get_by_role("button", name="Return to draft").click()
    assert state(article) == Status.DRAFT
    ann.goto(form(article))
    expect(ann.locator(".desk-state__note")).to_have_text("March of which year?")
    ann.locator(BODY).click()
    ann.keyboard.press("Control+End")
    ann.keyboard.type(" That was March 2031.")
    press(ann, "_submit")

    # Bob lends a preview to somebody without an account, and approves.
    bob.goto(form(article))
    bob.get_by_role("link", name="Preview links").click()
    bob.get_by_label("For", exact=True).fill("The lawyer")
    bob.get_by_role("button", name="Make a link").click()
    link = bob.get_by_label("Address").input_value()
    lawyer = visitor()
    lawyer.goto(link)
    expect(lawyer.get_by_role("heading", level=1)).to_have_text("The tide gate stays shut")
    expect(lawyer.locator("main")).to_contain_text("Preview, not published (in review)")
    assert lawyer.goto("/articles/tide-gate/").status == 404  # type: ignore[union-attr]
    bob.goto(form(article))
    press(bob, "_approve")
    assert state(article) == Status.APPROVED

    # Cleo schedules it. Readers see it from its time on, before any worker has looked.
    cleo = visitor()
    log_in(cleo, "cleo", form(article))
    soon = timezone.now() + timedelta(hours=2)
    cleo.locator("[name=schedule_at_0]").fill(soon.strftime("%Y-%m-%d"))
    cleo.locator("[name=schedule_at_1]").fill(soon.strftime("%H:%M:%S"))
    press(cleo, "_schedule")
    assert state(article) == Status.SCHEDULED
    reader = visitor()
    assert reader.goto("/articles/tide-gate/").status == 404  # type: ignore[union-attr]
    due = timezone.now()
    Article.objects.update(published_at=due)  # its time has come
    reader.goto("/articles/tide-gate/")
    expect(reader.locator("#article")).to_contain_text("That was March 2031.")
    assert publish_scheduled.call(article.pk, due.isoformat()) is True
    assert state(article) == Status.PUBLISHED

    # Now the preview link leads to the report itself.
    lawyer.goto(link)
    expect(lawyer).to_have_url(f"{lawyer.url.split('/articles')[0]}/articles/tide-gate/")

    # The history says who did what.
    cleo.goto(form(article))
    cleo.get_by_role("link", name="History").first.click()
    for step in ("Draft → In review", "In review → Draft", "In review → Approved"):
        expect(cleo.locator("main, #content, body").first).to_contain_text(step)
    cleo.get_by_role("button", name="Compare side by side").click()

    # A reader finds a mistake. Bob mends the text and says so; everybody can see what changed.
    bob.goto(form(article))
    editor = bob.locator(BODY)
    editor.click()
    bob.keyboard.press("Control+Home")
    bob.keyboard.type("Corrected. ")
    press(bob, "_continue")
    bob.goto(f"/admin/articles/correction/add/?article={article.pk}")
    bob.get_by_label("Kind").select_option("correction")
    bob.locator("[name=text]").fill("We first gave the wrong month.")
    press(bob, "_save")
    reader.goto("/articles/tide-gate/")
    expect(reader.locator("#article")).to_contain_text("We first gave the wrong month.")
    reader.goto("/corrections/")
    expect(reader.locator(".record")).to_contain_text("We first gave the wrong month.")
    reader.goto("/articles/tide-gate/changes/")
    expect(reader.locator(".change__body ins")).to_contain_text("Corrected.")
    expect(reader.locator(".change__body")).to_contain_text("That was March 2031.")

    # It was wrong from the start: Bob withdraws it, and its address says so.
    bob.goto(form(article))
    bob.get_by_role("link", name="Withdraw").click()
    bob.get_by_label("What are readers told").fill("The gate opened in April. We had it wrong.")
    bob.get_by_role("button", name="Withdraw").click()
    assert state(article) == Status.WITHDRAWN
    assert reader.goto("/articles/tide-gate/").status == 410  # type: ignore[union-attr]
    expect(reader.locator("main")).to_contain_text("We had it wrong.")
    reader.goto("/")
    expect(reader.locator("main")).not_to_contain_text("The tide gate stays shut")


@pytest.mark.usefixtures("staff")
def test_two_editors_collide_and_nothing_is_lost(visitor: Visitor) -> None:
    article = ArticleFactory(body="<p>The bridge opens in May.</p>", slug="bridge")
    bob, cleo = visitor(), visitor()
    log_in(bob, "bob", form(article))
    expect(bob.locator("[data-desk-lock]")).to_be_hidden()
    log_in(cleo, "cleo", form(article))
    expect(cleo.locator("[data-desk-lock]")).to_contain_text("Bob has this report open since")
    cleo.get_by_role("button", name="Take over").click()
    cleo.wait_for_load_state()
    expect(cleo.locator("[data-desk-lock]")).to_be_hidden()

    for page, words in ((bob, " Bob asked the mayor."), (cleo, " Cleo asked the builders.")):
        page.locator(BODY).click()
        page.keyboard.press("Control+End")
        page.keyboard.type(words)
    press(cleo, "_continue")
    press(bob, "_save")

    # Bob is told, sees both texts, and his own is still in the form.
    expect(bob.locator("body")).to_contain_text("Nothing was overwritten")
    expect(bob.locator(".desk-note--stale")).to_contain_text("Saved by Cleo")
    expect(bob.locator(".desk-note--stale")).to_contain_text("Cleo asked the builders.")
    expect(bob.locator(BODY)).to_contain_text("Bob asked the mayor.")
    article.refresh_from_db()
    assert "Cleo asked the builders." in article.body
    assert "Bob" not in article.body

    # He brings hers into his, and saves knowingly. Every version is in the history.
    bob.locator(BODY).click()
    bob.keyboard.press("Control+End")
    bob.keyboard.type(" Cleo asked the builders.")
    bob.get_by_role("button", name="Save mine in place of theirs").click()
    bob.wait_for_load_state()
    article.refresh_from_db()
    assert "Bob asked the mayor. Cleo asked the builders." in article.body
    assert article.history.count() == 3
