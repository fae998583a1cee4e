"""The body editor: which marks and blocks it offers."""

from typing import Any

from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import AdminProseEditorWidget

from articles.html import clean_html

# "Preserved" (static/js/admin/preserved.js) carries whatever markup the editor itself does not
# know, such as an imported gallery, through an edit unharmed.
EXTENSIONS: dict[str, Any] = {
    "Preserved": True,
    "Bold": True, "Italic": True, "Strike": True, "Subscript": True, "Superscript": True,
    "Code": True, "CodeBlock": True, "HardBreak": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True, "OrderedList": True, "ListItem": True,
    "Blockquote": True, "HorizontalRule": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    "Table": True, "TableRow": True, "TableHeader": True, "TableCell": True,
}  # fmt: skip


def body_field(**options: Any) -> ProseEditorFormField:
    """Return the form field of a body, sanitised as every body is."""
    return ProseEditorFormField(
        extensions=EXTENSIONS, sanitize=clean_html, widget=AdminProseEditorWidget, **options
    )
