"""The media library by hand: the focal point, and pictures that are put into a text."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from articles.models import Article, Image
from tests.articles.factories import ArticleFactory
from tests.articles.test_pictures import picture_bytes
from tests.browser.test_body_editor import editor as editor  # noqa: PLC0414 (a fixture)
from tests.browser.test_body_editor import save


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
