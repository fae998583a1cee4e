"""Inline feedback: by mouse, by keyboard alone, on a phone, without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from articles.models import Article
from comments.models import Comment, Passage
from tests.articles.factories import ArticleFactory
from tests.browser.conftest import DESK, PHONE
from tests.comments.factories import DiscussionFactory

type Visitor = Callable[..., Page]
WORDS = "the line will pay for itself in three years"
BODY = (
    f"<p>The company says that {WORDS}; the town says seven.</p>"
    '<p>Nobody asked. <span data-question="Would you have come?">They just came</span>, '
    "and stood in the rain until the lights went out.</p>" + "<p>More of it follows here.</p>" * 20
)
SELECT = """words => {
  const body = document.querySelector(".article__body");
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at); range.setEnd(node, at + words.length);
    getSelection().removeAllRanges(); getSelection().addRange(range);
    return true;
  }
  return false;
}"""


@pytest.fixture
def article() -> Article:
    article: Article = ArticleFactory(body=BODY)
    DiscussionFactory(article=article, policy="open")
    return article


def write(page: Page, text: str) -> None:
    form = page.locator("dialog form[data-comment-form]")
    form.get_by_label("Your comment").fill(text)
    form.get_by_label("Name").fill("Petra")
    form.get_by_label("Email").fill("petra@example.org")
    form.get_by_role("button", name="Post the comment").click()


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_selected_words_are_commented_on_beside_the_text(
    visitor: Visitor, article: Article, viewport: Any
) -> None:
    page = visitor(viewport=viewport, bypass_csp=True)
    page.goto(article.get_absolute_url())
    assert page.evaluate(SELECT, WORDS)
    page.get_by_role("button", name="Comment on this passage").click()
    dialog = page.get_by_role("dialog", name=WORDS)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Your comment")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    write(page, "It will not.")
    expect(dialog.locator("article")).to_contain_text("It will not.")
    expect(dialog.locator("article")).to_be_focused()
    comment = Comment.objects.get()
    assert comment.quote_exact == WORDS
    assert comment.quote_prefix.endswith("says that ")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator(f"#comments #comment-{comment.pk} .comment__quote")).to_have_text(WORDS)

    # Everyone sees the count, opens the passage by it, and finds the way from comment to passage.
    other = visitor(viewport=viewport)
    other.goto(article.get_absolute_url())
    expect(other.locator("mark.passage").first).to_have_text(WORDS)
    count = other.get_by_role("link", name="1 comment on this passage")
    count.click()
    dialog = other.get_by_role("dialog", name=WORDS)
    # What was said is read first; the form comes below it.
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    expect(dialog.locator(".passage-quote")).to_be_in_viewport()
    expect(dialog.get_by_text("It will not.")).to_be_in_viewport()
    dialog.get_by_role("button", name="Close").click()
    expect(count).to_be_focused()
    other.locator(f"#comments #comment-{comment.pk}").get_by_role(
        "link", name="Show it in the report"
    ).click()
    expect(other.locator(f"#passage-{comment.passage_id}")).to_be_in_viewport()


def test_keyboard_alone_answers_the_editors_question(visitor: Visitor, article: Article) -> None:
    page = visitor()
    page.goto(article.get_absolute_url())
    question = page.get_by_role("link", name="Would you have come?")
    question.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="They just came")
    expect(dialog).to_contain_text("The editors ask:")
    expect(dialog.get_by_label("Your comment")).to_be_focused()
    page.keyboard.type("With an umbrella.")
    page.keyboard.press("Tab")
    page.keyboard.type("Petra")
    page.keyboard.press("Tab")
    page.keyboard.type("petra@example.org")
    dialog.get_by_role("button", name="Post the comment").focus()
    page.keyboard.press("Enter")
    expect(dialog.locator("article")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).to_be_focused()

    # Selected by keyboard, the words offer the next stop of the Tab key.
    assert page.evaluate(SELECT, "stood in the rain")
    offer = page.get_by_role("button", name="Comment on this passage")
    expect(offer).to_be_visible()
    page.keyboard.press("Escape")
    expect(offer).to_have_count(0)
    assert page.evaluate(SELECT, "stood in the rain")
    expect(offer).to_be_visible()
    page.keyboard.press("Tab")
    expect(offer).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="stood in the rain")
    expect(panel.get_by_label("Your comment")).to_be_focused()


def test_without_javascript_a_passage_is_a_page_with_its_form(
    visitor: Visitor, article: Article
) -> None:
    page = visitor(java_script_enabled=False)
    page.goto(article.get_absolute_url())
    page.get_by_role("link", name="Would you have come?").click()
    expect(page.locator(".passage-quote")).to_have_text("They just came")
    form = page.locator("form[data-comment-form]")
    form.get_by_label("Your comment").fill("Yes.")
    form.get_by_label("Name").fill("Petra")
    form.get_by_label("Email").fill("petra@example.org")
    form.get_by_role("button", name="Post the comment").click()
    comment = Comment.objects.get()
    assert comment.passage == Passage.objects.get(question="Would you have come?")

    # Words that nobody has marked yet are copied into a field.
    page.goto(f"{article.get_absolute_url()}comments/?filter=inline")
    expect(page.locator(f"#comment-{comment.pk}")).to_be_visible()
    page.get_by_label("The passage, copied from the report").fill(f"  {WORDS} ")
    page.get_by_label("Your comment").fill("Seven, more like.")
    page.get_by_label("Name").fill("Petra")
    page.get_by_label("Email").fill("petra@example.org")
    page.get_by_role("button", name="Post the comment").click()
    page.goto(article.get_absolute_url())
    expect(page.locator("mark.passage").first).to_have_text(WORDS)
    page.goto(f"{article.get_absolute_url()}comments/?filter=inline")
    page.get_by_role("link", name="View all comments").click()
    expect(page.get_by_role("link", name="View all comments")).to_have_count(0)


def test_passage_follows_an_edit_and_says_when_it_is_gone(
    visitor: Visitor, article: Article
) -> None:
    from comments.posting import post_comment

    comment = post_comment(
        discussion=article.discussion, body="It will not.", guest_name="P",
        guest_email="p@example.org", quote_exact=WORDS,
    )  # fmt: skip
    page = visitor()
    article.body = article.body.replace("three years", "four years").replace("company", "owner")
    article.save()
    page.goto(article.get_absolute_url())
    expect(page.locator("mark.passage").first).to_have_text(WORDS.replace("three", "four"))
    article.body = article.body.replace(WORDS.replace("three", "four"), "it is what it is")
    article.save()
    page.goto(article.get_absolute_url())
    expect(page.locator("mark.passage", has_text="line will pay")).to_have_count(0)
    shown = page.locator(f"#comment-{comment.pk}")
    expect(shown).to_contain_text("This passage is no longer in the report.")
    expect(shown.locator(".comment__quote")).to_have_text(WORDS)
