"""The body editor: which marks and blocks it offers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csp import get_nonce
from django.urls import reverse_lazy
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget
from js_asset import Media
from unfold.admin import ModelAdmin

from articles.html import clean_html

# The three "Preserved" (static/js/admin/preserved.js) carry whatever markup the editor itself does
# not know, such as an imported gallery, through an edit unharmed.
EXTENSIONS: dict[str, Any] = {
    "Preserved": True, "PreservedInline": True, "PreservedAttributes": True,
    "Bold": True, "Italic": True, "Strike": True, "Subscript": True, "Superscript": True,
    "Code": True, "CodeBlock": True, "HardBreak": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True, "OrderedList": True, "ListItem": True,
    "Blockquote": True, "HorizontalRule": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "Table": True, "TableRow": True, "TableHeader": True, "TableCell": True,
    "LibraryPicture": {"address": reverse_lazy("admin:articles_image_choice")},
    "Question": True,
    "HTML": True,
}  # fmt: skip


def body_field(**options: Any) -> ProseEditorFormField:
    """Return the form field of a body, sanitised as every body is."""
    return ProseEditorFormField(
        extensions=EXTENSIONS, sanitize=clean_html, widget=AdminProseEditorWidget, **options
    )


class BodyEditorAdmin(ModelAdmin):
    """An admin whose form holds the editor: its import map stands in the page, with a nonce."""

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["media"] = Media.from_media(context["media"], nonce=get_nonce(request))
        page: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return page
