"""The body editor: what is typed is published, and what it does not know survives an edit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from PIL import Image as PillowImage
from playwright.sync_api import expect

from accounts.models import User
from articles.html import clean_html
from articles.models import Article, Page, Status
from tests.accounts.factories import verify_address
from tests.articles.factories import ArticleFactory, SectionFactory

# Every element and attribute of the body's vocabulary, by name of the case.
PRESERVED = {
    "gallery": '<figure class="gallery"><figure><img src="/media/a.png" alt="A"></figure>'
    '<figure><img src="/media/b.png" alt="B"><figcaption>Two</figcaption></figure>'
    "<figcaption>Both</figcaption></figure>",
    "picture": '<figure class="alignwide"><a href="/x/"><img src="/media/a.png" alt="A" width="40"'
    ' height="30"></a><figcaption>By <em>Ann</em></figcaption></figure>',
    "pull quote": '<figure class="pullquote"><blockquote><p>Q</p><cite>C</cite></blockquote>'
    "</figure>",
    "embed": '<figure class="embed" data-embed="https://player.vimeo.com/video/12345">'
    '<a href="https://vimeo.com/12345" rel="noopener">Film</a><figcaption>F</figcaption></figure>',
    "missing media": '<figure class="missing-media"><p>Picture: a.png</p></figure>',
    "audio": '<figure><audio src="/media/a.mp3" controls="" preload="none"></audio></figure>',
    "video": '<video src="/media/a.mp4" controls="" preload="none" width="640"></video>',
    "details": "<details open><summary>More</summary><p>Text</p></details>",
    "verse": '<p class="verse">one\n   two\nthree</p>',
    "button": '<p><a class="button" href="/donate/" rel="noopener">Give</a></p>',
    "definitions": "<dl><dt>Term</dt><dd>Meaning</dd></dl>",
    "columns": '<div class="columns"><div class="column"><p>1</p></div>'
    '<div class="column"><p>2</p></div></div>',
    "media and text": '<div class="media-text"><figure><img src="/media/a.png" alt=""></figure>'
    "<div><p>Beside</p></div></div>",
    "table": "<table><caption>C</caption><thead><tr><th scope=\"col\">H</th></tr></thead>"
    "<tbody><tr><td>1</td></tr></tbody></table>",
    "quotation": "<blockquote><p>Words</p><cite>Somebody</cite></blockquote>",
    "inline": '<p>An <abbr title="A B">AB</abbr>, <mark>m</mark>, <kbd>k</kbd>, <small>s</small>,'
    ' <time datetime="2026-01-01">then</time>, <ins>i</ins>, <span lang="fr">mot</span></p>',
    "picture in text": '<p>Before <img src="/media/a.png" alt="A"> after</p>',
    "alignment": '<p class="has-text-align-center">Centre</p><h2 dir="rtl" lang="ar">x</h2>',
    "footnotes": '<p>See<a href="#fn-1" id="fnref-1" rel="noopener"><sup>1</sup></a></p>'
    '<ol class="footnotes"><li id="fn-1">Note</li></ol>',
    "list": '<ol start="3" reversed=""><li>a</li></ol><ul><li>b<ul><li>c</li></ul></li></ul>',
    "code": "<pre><code>a  &lt;b\n  c</code></pre><p><code>x</code></p>",
    "small heading": "<h5>Five</h5>",
    "usual": '<h3>Three</h3><p><strong>b</strong> <em>i</em> <s>s</s> H<sub>2</sub>O<br>new</p><hr>'
    '<p><a href="https://example.org/" title="T" rel="noopener">link</a></p>',
}  # fmt: skip


@pytest.fixture
def editor(visitor: Callable[..., Any]) -> Any:
    """An editor's page."""
    page = visitor()
    log_in_editor(page)
    return page


def log_in_editor(page: Any) -> None:
    """Make an editor and log them in by the form."""
    user = User.objects.create_user("editor@example.org", "secret words", is_staff=True)
    user.groups.add(Group.objects.get(name="Editor"))
    verify_address(user)
    page.goto("/admin/")
    page.fill("[name=login]", "editor@example.org")
    page.fill("[name=password]", "secret words")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/admin/")


def same_markup(html: str) -> str:
    """Return html as its elements, text and sorted attributes, without what means nothing."""
    soup = BeautifulSoup(clean_html(html), "lxml")
    for tag in soup.find_all(True):
        tag.attrs = dict(sorted(tag.attrs.items()))
    for item in soup.find_all(["li", "td", "th"]):
        # The editor wraps the text of an item in a paragraph, which says the same.
        if len(item.find_all("p", recursive=False)) == 1:
            item.find("p", recursive=False).unwrap()
    return "".join(line.rstrip("\n") for line in str(soup.body))


def save(page: Any) -> None:
    page.click("button[name=_continue]")
    page.wait_for_load_state()
    assert page.locator(".errornote, .errorlist").count() == 0


def test_report_is_typed_formatted_and_published(editor: Any) -> None:
    SectionFactory(name="World")
    editor.goto("/admin/articles/article/add/")
    editor.fill("[name=headline]", "The harbour counts its ships")
    editor.select_option("[name=section]", label="World")
    body = editor.locator(".tiptap")
    body.click()
    editor.keyboard.type("Ships ")
    editor.keyboard.press("Control+b")
    editor.keyboard.type("came")
    editor.keyboard.press("Control+b")
    editor.keyboard.press("Enter")
    editor.keyboard.type("## Why")
    editor.keyboard.press("Enter")
    editor.keyboard.type("<script>alert(1)</script>")
    editor.click("button[name=_publish]")
    editor.wait_for_load_state()
    article = Article.objects.get()
    assert article.status == Status.PUBLISHED
    assert article.slug == "the-harbour-counts-its-ships"
    assert article.body == (
        "<p>Ships <strong>came</strong></p><h2>Why</h2><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )
    editor.goto(article.get_absolute_url())
    assert editor.locator("#article h2").first.inner_text() == "Why"


def test_markup_survives_an_edit(editor: Any) -> None:
    cases = [f"<h4>{case}</h4>{markup}" for case, markup in PRESERVED.items()]
    article = ArticleFactory(draft=True, body="<p>First.</p>" + "".join(cases))
    editor.goto(f"/admin/articles/article/{article.pk}/change/")
    editor.locator(".tiptap > p").first.click()
    editor.keyboard.type("Edited")
    save(editor)
    article.refresh_from_db()
    first, *after = article.body.split("<h4>")
    assert "Edited" in first
    changed = {
        case: f"<h4>{got}"
        for case, markup, got in zip(PRESERVED, cases, after, strict=True)
        if same_markup(f"<h4>{got}") != same_markup(markup)
    }
    assert changed == {}


def test_preserved_block_can_be_removed(editor: Any) -> None:
    article = ArticleFactory(draft=True, body=f"<p>First.</p>{PRESERVED['details']}<p>Last.</p>")
    editor.goto(f"/admin/articles/article/{article.pk}/change/")
    editor.locator(".preserved").click()
    editor.keyboard.press("Delete")
    save(editor)
    article.refresh_from_db()
    assert article.body == "<p>First.</p><p>Last.</p>"


def test_pasted_script_does_nothing(editor: Any, visitor: Any) -> None:
    article = ArticleFactory(draft=True, body="<p>First.</p>")
    editor.goto(f"/admin/articles/article/{article.pk}/change/")
    editor.locator(".tiptap").click()
    editor.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/html", '<figure><img src="/nothing" alt="" onerror="window.ran=1">'
                + '<script>window.ran = 1</scr' + 'ipt></figure>');
            document.querySelector(".tiptap").dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    editor.locator(".preserved").wait_for()
    save(editor)
    article.refresh_from_db()
    assert "onerror" not in article.body
    assert "script" not in article.body
    assert editor.evaluate("window.ran") is None
    # Chromium reports a handler even where nothing can run, as while it parses what is pasted.
    visitor.errors[:] = [e for e in visitor.errors if "inline event handler" not in e]


def test_question_is_asked_about_words_changed_and_taken_away(editor: Any) -> None:
    article = ArticleFactory(draft=True, body="<p>They just came and stood there.</p>")
    editor.goto(f"/admin/articles/article/{article.pk}/change/")
    body, said = editor.locator(".tiptap"), []

    def ask(answer: str | None) -> None:
        def answered(dialog: Any) -> None:
            said.append((dialog.message, dialog.default_value))
            dialog.dismiss() if answer is None else dialog.accept(answer)

        editor.once("dialog", answered)
        editor.get_by_role("button", name="Ask readers about the selected words").click()

    # Nothing is selected: the button says what it needs.
    body.click()
    ask(None)
    assert said[-1][0] == "Select the words that you ask about first."
    editor.keyboard.press("Home")
    for _ in range(4):
        editor.keyboard.press("Shift+ArrowRight")
    ask(' Would "you" <come>? ')
    expect(body.locator("span[data-question]")).to_have_text("They")
    save(editor)
    article.refresh_from_db()
    asked = '<span data-question="Would &quot;you&quot; &lt;come&gt;?">They</span>'
    assert article.body == f"<p>{asked} just came and stood there.</p>"

    body.locator("span[data-question]").click()
    ask("Why?")
    assert said[-1][1] == 'Would "you" <come>?'
    expect(body.locator("span[data-question]")).to_have_attribute("data-question", "Why?")
    ask(None)  # given up: nothing changes
    expect(body.locator("span[data-question]")).to_have_attribute("data-question", "Why?")
    ask("")
    expect(body.locator("span[data-question]")).to_have_count(0)
    save(editor)
    article.refresh_from_db()
    assert article.body == "<p>They just came and stood there.</p>"


def test_standing_page_has_the_same_editor(editor: Any) -> None:
    page = Page.objects.create(title="About", slug="about", body=PRESERVED["definitions"])
    editor.goto(f"/admin/articles/page/{page.pk}/change/")
    expect(editor.locator(".preserved")).to_have_count(1)


def test_lead_image_is_uploaded_from_the_form_of_the_report(editor: Any, tmp_path: Path) -> None:
    picture = tmp_path / "ship.jpg"
    PillowImage.new("RGB", (60, 40)).save(picture)
    article = ArticleFactory(draft=True)
    editor.goto(f"/admin/articles/article/{article.pk}/change/")
    editor.locator("[data-id='related-widget-wrapper-lead_image'] [x-ref]").click()
    editor.locator("#add_id_lead_image").click()
    popup = editor.frame_locator("iframe.related-modal-frame")
    popup.locator("[name=file]").set_input_files(picture)
    popup.locator("[name=alt]").fill("A ship <img src=x onerror=window.ran=1>")
    popup.locator("[name=_save]").click()
    editor.wait_for_function("document.querySelector('[name=lead_image]').value")
    save(editor)
    article.refresh_from_db()
    assert article.lead_image is not None
    assert article.lead_image.alt.startswith("A ship")
    assert editor.evaluate("window.ran") is None
