"""The form on which moderators try a text on the rules."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments.text import checked_body, checked_name

MOST = 10_000  # comments just before


class TrialForm(forms.Form):
    body = forms.CharField(
        label=_("Text"), strip=False, required=False,
        widget=forms.Textarea({"rows": 8, "dir": "auto"}),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name of the writer"), required=False, strip=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    before = forms.IntegerField(
        label=_("Comments that they sent just before"), required=False, min_value=0, max_value=MOST
    )
    is_known = forms.BooleanField(label=_("Their record speaks for them"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("body", "name"):
            self.fields[name].validators = []  # ``text`` says what is wrong with them
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        """Take what could be sent as a comment, and refuse what could not in the same words."""
        cleaned = super().clean() or {}
        cleaned["before"] = cleaned.get("before") or 0
        for field, check in (("body", checked_body), ("name", checked_name)):
            if field == "name" and not cleaned[field].strip():
                continue
            try:
                cleaned[field] = check(cleaned[field])
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned
