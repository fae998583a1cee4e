"""The form under an article and under each comment."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from comments.models import Comment


class CommentForm(forms.Form):
    """What a reader sends. Its rules are those of ``posting``; here fields only have their shape."""

    name = forms.CharField(label=_("Name"), required=False, max_length=200)
    email = forms.CharField(
        label=_("Email"), required=False, help_text=_("Never shown.")
    )
    body = forms.CharField(
        label=_("Your comment"), required=False, strip=False, widget=forms.Textarea
    )
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    exact = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    prefix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    suffix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, parent: Comment | None = None, **kwargs: Any) -> None:
        """parent: the comment that is answered; its number tells the page's forms apart."""
        place = f"reply-{parent.pk}" if parent else "comment"
        if parent:
            kwargs["initial"] = {"parent": parent.pk, **kwargs.get("initial", {})}
        super().__init__(*args, auto_id=f"{place}-%s", **kwargs)
        self.fields["name"].widget.attrs |= {"autocomplete": "name", "maxlength": 80}
        self.fields["email"].widget.attrs |= {"autocomplete": "email", "inputmode": "email"}
        self.fields["body"].widget.attrs |= {"rows": 4, "data-autofocus": ""}
        for field in self.fields.values():
            # Postgres' and UTF-8's limits are told by ``posting`` in words; Django's own check
            # for NUL would come first, under the wrong name.
            field.validators = []
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the form stands on public pages: see architecture.md
        self.helper.layout = Layout(
            Field("body"), Field("name", wrapper_class="comment-form__guest"),
            Field("email", wrapper_class="comment-form__guest"),
            "parent", "key", "exact", "prefix", "suffix",
        )  # fmt: skip
