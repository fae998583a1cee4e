"""The media library by hand: the focal point, and pictures that are put into a text."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from playwright.sync_api import Page

from articles.models import Article, Image
from tests.articles.factories import ArticleFactory
from tests.articles.test_pictures import picture_bytes
from tests.browser.test_body_editor import editor as editor  # noqa: PLC0414 (a fixture)
from tests.browser.test_body_editor import log_in_editor, save


@pytest.fixture
def library() -> list[Image]:
    """A harbour and a mill; the harbour has words."""
    content = picture_bytes("PNG", size=(600, 400))
    mill = Image.objects.create(file=ContentFile(content, "mill.png"), credit="Bo")
    harbour = Image.objects.create(
        file=ContentFile(content, "quay.png"), alt="A harbour", caption="At <dusk>.", credit="Ann"
    )
    return [harbour, mill]


def test_picture_is_put_into_the_text_by_keyboard(editor: Any, library: list[Image]) -> None:
    article = ArticleFactory(draft=True, body="<p>Begun.</p>")
    editor.goto(f"/admin/articles/article/{article.pk}/change/")
    editor.locator(".tiptap > p").click()
    editor.keyboard.press("End")
    editor.keyboard.type(" Ships came.")
    editor.click("button[data-name=libraryPicture]")
    dialog = editor.get_by_role("dialog", name="Insert a picture")
    dialog.locator("li").nth(1).wait_for()
    editor.keyboard.type("harb")
    dialog.locator("li").nth(1).wait_for(state="detached")
    editor.keyboard.press("Tab")  # the button that closes
    editor.keyboard.press("Tab")
    editor.keyboard.press("Enter")
    assert dialog.get_by_label("Text alternative").input_value() == "A harbour"
    editor.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    assert editor.locator(".preserved[data-label=Picture] img").is_visible()
    editor.keyboard.type("And went.")
    save(editor)
    article.refresh_from_db()
    url = library[0].file.url
    assert article.body == (
        "<p>Begun. Ships came.</p>"
        f'<figure><img src="{url}" alt="A harbour" width="600" height="400">'
        "<figcaption>At &lt;dusk&gt;. Ann</figcaption></figure><p>And went.</p>"
    )


def test_picture_without_words_is_asked_for_them_before_publication(
    editor: Any, library: list[Image]
) -> None:
    article = ArticleFactory(draft=True, body="<p>One.</p><p>Two.</p>")
    editor.goto(f"/admin/articles/article/{article.pk}/change/")
    editor.locator(".tiptap > p").first.click()
    editor.click("button[data-name=libraryPicture]")
    dialog = editor.get_by_role("dialog", name="Insert a picture")
    dialog.get_by_role("button", name="mill").click()
    dialog.get_by_role("button", name="Insert").click()
    editor.click("button[name=_publish]")
    editor.wait_for_load_state()
    assert "has no alternative" in editor.content()
    body = Article.objects.get().body
    assert f'<img src="{library[1].file.url}" width="600" height="400">' in body
    assert body.startswith("<p>One.</p><figure>")
    assert body.endswith("</figure><p>Two.</p>")


def test_focal_point_is_moved_by_mouse_and_keys(editor: Any, library: list[Image]) -> None:
    editor.goto(f"/admin/articles/image/{library[0].pk}/change/")
    handle = editor.get_by_role("slider", name="Focal point")
    box = editor.locator("[data-frame]").bounding_box()
    editor.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    editor.mouse.down()
    editor.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.3)
    editor.mouse.up()
    assert handle.get_attribute("aria-valuetext") == "80% from the left, 30% from the top"
    for key in ("ArrowLeft", "Shift+ArrowDown", "ArrowDown"):
        editor.keyboard.press(key)
    assert handle.get_attribute("aria-valuetext") == "79% from the left, 41% from the top"
    crop = editor.locator(".focal__crop--card")
    assert crop.evaluate("crop => crop.style.objectPosition") == "79% 41%"
    save(editor)
    library[0].refresh_from_db()
    assert (library[0].focal_x, library[0].focal_y) == (79, 41)


def test_library_selects_and_deletes_what_nothing_shows(editor: Any, library: list[Image]) -> None:
    editor.goto("/admin/articles/image/?use=none")
    editor.get_by_label("Select all on this page").check()
    assert editor.locator(".library__item.selected").count() == 2
    editor.get_by_label("Select “A harbour”").uncheck()
    editor.select_option("select[name=action]", "delete_selected")
    editor.click("button[name=index]")
    editor.wait_for_load_state()
    editor.click("[type=submit][value*=sure], form [type=submit] >> nth=-1")
    editor.wait_for_url("**/admin/articles/image/**")
    assert list(Image.objects.all()) == [library[0]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_library(
    visitor: Callable[..., Page], library: list[Image], scheme: str
) -> None:
    page = visitor(color_scheme=scheme, bypass_csp=True)  # axe writes styles
    log_in_editor(page)
    address = f"/admin/articles/image/{library[0].pk}/change/"
    ArticleFactory(lead_image=library[0])
    for path, part in (
        ("/admin/articles/image/", ".library-box"),
        ("/admin/articles/image/?q=zzz", ".library-box"),
        (address, ".focal"),
        (address, "#uses"),
    ):
        page.goto(path)
        assert violations(page, part) == []
    page.goto(f"/admin/articles/article/{ArticleFactory(draft=True).pk}/change/")
    page.click("button[data-name=libraryPicture]")
    page.locator(".picture-dialog li button").first.click()
    assert violations(page, ".picture-dialog") == []


def violations(page: Page, part: str) -> list[str]:
    """Return what axe finds in a part of a page, a line each."""
    found = Axe().run(page, context=part).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


@pytest.mark.parametrize("width", [320, 1280])
def test_library_fits_the_window(editor: Any, library: list[Image], width: int) -> None:
    Image.objects.filter(pk=library[0].pk).update(alt="x" * 300, credit="y" * 190)
    editor.set_viewport_size({"width": width, "height": 800})
    for path in ("", f"{library[0].pk}/change/"):
        editor.goto(f"/admin/articles/image/{path}")
        assert editor.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("size", [(600, 400), (400, 900)])
@pytest.mark.parametrize("width", [390, 1280])
def test_lead_picture_stands_whole_and_shifts_nothing(
    visitor: Callable[..., Page], size: tuple[int, int], width: int
) -> None:
    content = picture_bytes("PNG", size=size)
    lead = Image.objects.create(file=ContentFile(content, "a.png"), alt="A")
    page = visitor(viewport={"width": width, "height": 800})
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => "
        "(window.shift += entry.value))).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(ArticleFactory(lead_image=lead).get_absolute_url())
    picture = page.locator(".article__lead img")
    picture.evaluate("picture => picture.decode()")
    assert page.evaluate("window.shift") == 0
    box = picture.bounding_box()
    assert box["height"] <= 0.8 * 800 + 1
    assert picture.evaluate("picture => getComputedStyle(picture).objectFit") == "contain"
    if size == (600, 400):
        assert box["width"] / box["height"] == pytest.approx(1.5, abs=0.01)
