"""The house's main journey, by the people who make it: editor, guest, moderator, reader, chief."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from PIL import Image as PillowImage
from playwright.sync_api import Page, expect

from accounts.models import User
from articles.models import Article, Status
from comments.models import Comment
from comments.moderation import approve_comment
from tests.accounts.factories import verify_address
from tests.articles.factories import SectionFactory
from tests.browser.conftest import PHONE
from tests.donations.factories import CampaignFactory, MethodFactory

type Visitor = Callable[..., Page]
PASSWORD = "a long enough password"


@pytest.fixture
def people() -> None:
    """An editor who is also chief, a moderator and a reader."""
    from accounts.roles import sync_roles

    sync_roles()  # the groups go with the tables of the test before
    for name, roles in (
        ("editor", ["Editor", "Chief"]),
        ("moderator", ["Moderator"]),
        ("reader", []),
    ):
        user = User.objects.create_user(
            f"{name}@example.org", PASSWORD, display_name=name.title(), is_staff=bool(roles)
        )
        user.groups.set(Group.objects.filter(name__in=roles))


def log_in(page: Page, name: str, address: str = "/accounts/login/") -> None:
    verify_address(User.objects.get(email=f"{name}@example.org"))
    page.goto(address)
    page.get_by_label("Email").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name=re.compile("Sign In|Log in")).click()
    page.wait_for_load_state()


@pytest.mark.usefixtures("people")
def test_report_from_the_first_word_to_a_gift(visitor: Visitor, tmp_path: Path) -> None:
    SectionFactory(name="City")
    CampaignFactory()
    MethodFactory()
    photograph = tmp_path / "ferry.jpg"
    PillowImage.new("RGB", (1200, 800), "#24466b").save(photograph)

    # An editor logs in where the admin sends them, and writes a report with a picture.
    editor = visitor()
    log_in(editor, "editor", "/admin/articles/image/add/")
    editor.locator("input[name=file]").set_input_files(photograph)
    editor.locator("[name=alt]").fill("A ferry on a dark river")
    editor.locator("[name=credit]").fill("The Ledger")
    editor.locator("button[name=_save]").click()
    editor.goto("/admin/articles/article/add/")
    editor.locator("[name=headline]").fill("The night ferry returns")
    editor.locator("[name=lede]").fill("After eleven winters.")
    editor.locator(".ProseMirror[contenteditable=true]").click()
    editor.keyboard.type("The gangway came up at 22.40.")
    editor.locator("[name=section]").select_option(label="City")
    choose(editor, "lead_image", "A ferry")
    editor.locator("button[name=_save]").click()
    article = Article.objects.get()
    assert article.status == Status.DRAFT
    assert editor.goto(article.get_absolute_url()).status == 404  # type: ignore[union-attr]

    # They schedule it, look, and then publish it at once after all.
    editor.goto(f"/admin/articles/article/{article.pk}/change/")
    soon = timezone.now() + timedelta(hours=2)
    editor.locator("[name=schedule_at_0]").fill(soon.strftime("%Y-%m-%d"))
    editor.locator("[name=schedule_at_1]").fill(soon.strftime("%H:%M:%S"))
    editor.locator("[name=_schedule]").click()
    editor.wait_for_load_state()
    article.refresh_from_db()
    assert article.status == Status.SCHEDULED
    assert editor.goto(article.get_absolute_url()).status == 404  # type: ignore[union-attr]
    editor.goto(f"/admin/articles/article/{article.pk}/change/")
    editor.locator("[name=_publish]").click()
    editor.wait_for_load_state()

    # A guest reads it on a phone and comments; the comment waits.
    guest = visitor(viewport=PHONE, is_mobile=True, has_touch=True)
    guest.goto("/")
    guest.get_by_role("link", name="The night ferry returns").first.click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("The night ferry returns")
    expect(guest.get_by_alt_text("A ferry on a dark river")).to_be_visible()
    assert guest.evaluate("document.documentElement.scrollWidth <= innerWidth")
    form = guest.locator("form[data-comment-form]").first
    form.get_by_label("Your comment").fill("I took *the first boat*.")
    form.get_by_label("Name").fill("Petra")
    form.get_by_label("Email").fill("petra@example.org")
    form.get_by_role("button", name="Post the comment").click()
    expect(guest.locator(".comment__state")).to_be_visible()
    guest.reload()
    expect(guest.locator(".comment__state")).to_be_visible()

    # Nobody else sees it, until a moderator approves it.
    reader = visitor()
    log_in(reader, "reader")
    reader.goto(article.get_absolute_url())
    expect(reader.locator("#comments")).not_to_contain_text("first boat")
    moderator = visitor()
    log_in(moderator, "moderator", "/admin/comments/comment/")
    moderator.get_by_role("checkbox").nth(1).check()
    moderator.locator("select[name=action]").select_option("approve")
    moderator.locator("button[name=index]").click()
    moderator.wait_for_load_state()
    comment = Comment.objects.get()
    assert comment.is_approved

    # A reader with an account votes for it and replies; the reply stands under its parent.
    reader.goto(article.get_absolute_url())
    expect(reader.locator("[data-personal-name]")).to_have_text("Reader")
    first = reader.locator(f"#comment-{comment.pk}")
    first.get_by_role("button", name="Vote up").click()
    expect(first.locator(".vote__score")).to_contain_text("1")
    expect(first.get_by_role("button", name="Vote up")).to_have_attribute("aria-pressed", "true")
    first.get_by_role("link", name="Reply").click()
    reply = reader.locator("form[data-reply-to]")
    expect(reply.get_by_label("Your comment")).to_be_focused()
    expect(reply.get_by_label("Email")).to_be_hidden()
    reply.get_by_label("Your comment").fill("So did I!")
    reply.get_by_role("button", name="Post the comment").click()
    expect(reader.locator(f"article[data-parent='{comment.pk}']")).to_contain_text("So did I!")
    answer = Comment.objects.get(parent=comment)
    approve_comment(comment=answer, by=User.objects.get(email="moderator@example.org"))
    guest.goto(article.get_absolute_url())
    expect(guest.locator(f"article[data-parent='{comment.pk}']")).to_contain_text("So did I!")

    # A gift entered in the admin moves the meter for everyone.
    expect(guest.get_by_role("progressbar").first).to_have_attribute("aria-valuenow", "0")
    editor.goto("/admin/donations/gift/add/")
    editor.locator("[name=amount]").fill("100")
    editor.locator("button[name=_save]").click()
    editor.wait_for_load_state()
    guest.reload()
    meter = guest.locator(".donation-meter [role=progressbar]")
    expect(meter).to_have_attribute("aria-valuenow", "2")
    expect(guest.locator(".donation-meter")).to_contain_text("$100 of $5,000 raised, 12 days left")


def choose(page: Page, name: str, text: str) -> None:
    """Pick from one of the admin's search fields, as an editor does: open, type, take the first."""
    field = page.locator(f"select[name='{name}'] + .select2 .select2-selection")
    field.click()
    page.locator(".select2-container--open .select2-search__field").fill(text)
    page.locator(".select2-results__option--highlighted", has_text=text).click()


@pytest.mark.usefixtures("people")
def test_reading_and_commenting_without_javascript(visitor: Visitor) -> None:
    from tests.articles.factories import ArticleFactory
    from tests.comments.factories import CommentFactory, DiscussionFactory

    article = ArticleFactory(headline="Plain as paper")
    comment = CommentFactory(discussion=DiscussionFactory(article=article), body="The first word.")
    guest = visitor(java_script_enabled=False, viewport=PHONE)
    guest.goto("/")
    guest.get_by_role("link", name="Plain as paper").first.click()
    expect(guest.locator("#article")).to_contain_text("The second paragraph.")

    # Sorting and the permalink are links.
    guest.get_by_role("link", name="Oldest").click()
    expect(guest.get_by_role("link", name="Oldest")).to_have_attribute("aria-current", "true")
    expect(guest.locator(f"#comment-{comment.pk}")).to_contain_text("The first word.")

    # A mistake brings the form back with the text.
    guest.get_by_label("Your comment").fill("A careful thought.")
    guest.get_by_label("Name").fill("Petra")
    guest.get_by_label("Email").fill("nonsense")
    guest.get_by_role("button", name="Post the comment").click()
    expect(guest.get_by_text("Give your email address")).to_be_visible()
    expect(guest.get_by_label("Your comment")).to_have_value("A careful thought.")
    guest.get_by_label("Email").fill("petra@example.org")
    guest.get_by_role("button", name="Post the comment").click()
    expect(guest.locator(".comment__state")).to_be_visible()

    # A reply is a page of its own, and so is a vote.
    Comment.objects.filter(guest_name="Petra").update(status="approved")
    guest.goto(article.get_absolute_url())
    guest.locator(f"#comment-{comment.pk}").get_by_role("link", name="Reply").click()
    guest.locator("#reply").get_by_label("Your comment").fill("An answer.")
    guest.locator("#reply").get_by_label("Name").fill("Petra")
    guest.locator("#reply").get_by_label("Email").fill("petra@example.org")
    guest.locator("#reply").get_by_role("button", name="Post the comment").click()
    expect(guest.locator(f"article[data-parent='{comment.pk}']")).to_contain_text("An answer.")
    guest.goto(comment.get_absolute_url())
    guest.locator(f"#comment-{comment.pk}").get_by_role("button", name="Vote up").click()
    expect(guest.locator(f"#comment-{comment.pk} .vote__score")).to_contain_text("1")
    expect(guest.get_by_text("You voted for this comment.")).to_be_visible()
    guest.get_by_role("button", name="Take the vote back").click()
    expect(guest.locator(f"#comment-{comment.pk} .vote__score")).to_contain_text("0")


def test_failed_post_keeps_the_text_and_says_so(visitor: Visitor) -> None:
    from tests.articles.factories import ArticleFactory
    from tests.comments.factories import DiscussionFactory

    article = ArticleFactory()
    DiscussionFactory(article=article)
    page = visitor()
    page.goto(article.get_absolute_url())
    form = page.locator("form[data-comment-form]").first
    form.get_by_label("Your comment").fill("Typed with care.")
    form.get_by_role("button", name="Post the comment").click()
    form = page.locator("form[data-comment-form]").first
    expect(form).to_contain_text("Give the name to show")
    expect(form.get_by_label("Your comment")).to_have_value("Typed with care.")
    form.get_by_label("Name").fill("Petra")
    form.get_by_label("Email").fill("petra@example.org")
    form.get_by_role("button", name="Post the comment").click()
    expect(page.locator(".comment__state")).to_be_visible()
    assert Comment.objects.count() == 1


@pytest.mark.usefixtures("people")
def test_draft_survives_the_log_in_and_a_change_the_failed_send(visitor: Visitor) -> None:
    from tests.articles.factories import ArticleFactory
    from tests.comments.factories import DiscussionFactory

    article = ArticleFactory()
    DiscussionFactory(article=article, policy="open")
    page = visitor()
    page.goto(article.get_absolute_url())
    form = page.locator("#comments > form[data-comment-form]")
    form.get_by_label("Your comment").fill("Begun as a guest.")
    log_in(page, "reader")
    page.goto(article.get_absolute_url())
    expect(form.get_by_label("Your comment")).to_have_value("Begun as a guest.")
    expect(form.get_by_label("Name")).to_be_hidden()
    form.get_by_role("button", name="Post the comment").click()
    posted = page.locator("#comment-list article")
    expect(posted).to_contain_text("Begun as a guest.")

    # A change that does not arrive is there again; one that did is no draft any more.
    address = f"{Comment.objects.get().get_absolute_url()}edit/"
    page.goto(address)
    page.get_by_label("Your comment").fill("Put better.")
    page.route(f"**{address}", lambda route: route.abort())
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("chrome-error://**")
    page.unroute(f"**{address}")
    page.goto(address)
    expect(page.get_by_label("Your comment")).to_have_value("Put better.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#comment-list article")).to_contain_text("Put better.")
    page.goto(address)
    page.get_by_label("Your comment").fill("Not sent.")
    Comment.objects.update(body="Changed elsewhere.")
    page.reload()
    expect(page.get_by_label("Your comment")).to_have_value("Changed elsewhere.")


def test_text_stays_in_the_form_when_the_report_goes_or_moves_meanwhile(visitor: Visitor) -> None:
    from articles.redirects import remember_old_path
    from tests.articles.factories import ArticleFactory
    from tests.comments.factories import DiscussionFactory

    article = ArticleFactory(slug="first")
    DiscussionFactory(article=article, policy="open")
    page = visitor()
    page.goto(article.get_absolute_url())
    form = page.locator("#comments form[data-comment-form]")
    form.get_by_label("Your comment").fill("Typed with care.")
    form.get_by_label("Name").fill("Petra")
    form.get_by_label("Email").fill("petra@example.org")
    Article.objects.update(status="withdrawn")
    form.get_by_role("button", name="Post the comment").click()
    expect(form.get_by_role("alert")).to_contain_text("not there any more")
    expect(form.get_by_label("Your comment")).to_have_value("Typed with care.")

    # Under another address it is the same discussion.
    Article.objects.update(status="published", slug="second")
    remember_old_path("/articles/first/", article)
    form.get_by_role("button", name="Post the comment").click()
    expect(page.locator("#comment-list article")).to_contain_text("Typed with care.")
    assert Comment.objects.get().discussion.article_id == article.pk
