"""The form under an article and under each comment."""

from functools import lru_cache
from typing import Any, Self

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments.limits.suspicion import BAIT
from comments.models import Comment, Passage, Subscription
from comments.text import MAX_NAME


class CommentForm(forms.Form):
    """What a reader sends. Its rules are in ``text`` and ``posting``; here fields have a shape."""

    body = forms.CharField(
        label=_("Your comment"), required=False, strip=False, widget=forms.Textarea
    )
    name = forms.CharField(label=_("Name"), required=False)
    email = forms.CharField(label=_("Email"), required=False, help_text=_("Never shown."))
    notify = forms.ChoiceField(
        label=_("Notify me of"), required=False,
        choices=[
            ("none", _("nothing")),
            (Subscription.Kind.REPLIES, _("replies to my comments")),
            (Subscription.Kind.ALL, _("all new comments here")),
        ],
    )  # fmt: skip
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    exact = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    prefix = forms.CharField(  # type: ignore[assignment]  # the form's own prefix is not used
        required=False, strip=False, widget=forms.HiddenInput
    )
    suffix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        parent: Comment | None = None,
        quoting: Passage | bool = False,
        **kwargs: Any,
    ) -> None:
        """parent: the comment that is answered; its number tells the page's forms apart.

        quoting: the passage the comment will be on; True: one that is to be copied into a field.
        """
        if isinstance(quoting, Passage):
            selector = {name: getattr(quoting, name) for name in ("exact", "prefix", "suffix")}
            kwargs["initial"] = selector | kwargs.get("initial", {})
        kwargs["auto_id"] = f"reply-{parent.pk}-%s" if parent else "comment-%s"
        if parent:
            kwargs["initial"] = {"parent": parent.pk, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.is_blank = not (self.is_bound or self.initial or quoting)
        if quoting is True:
            self.fields["exact"] = forms.CharField(
                label=_("The passage, copied from the report"), required=False, strip=False,
                widget=forms.Textarea({"rows": 2}),
            )  # fmt: skip
        # For programs, which fill in whatever there is. A browser's own filling-in leaves it alone.
        self.fields[BAIT] = forms.CharField(
            label=_("Leave this field empty"), required=False,
            widget=forms.TextInput({"tabindex": -1, "autocomplete": "off"}),
        )  # fmt: skip
        self.fields["name"].widget.attrs |= {"autocomplete": "name", "maxlength": MAX_NAME}
        self.fields["email"].widget.attrs |= {"autocomplete": "email", "inputmode": "email"}
        self.fields["body"].widget.attrs |= {"rows": 4}
        for field in self.fields.values():
            # What Postgres and UTF-8 cannot hold is told by ``text`` in words; Django's own check
            # for NUL would come first.
            field.validators = []
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the form stands on public pages: see architecture.md
        self.helper.layout = Layout(
            *(["exact"] if quoting is True else []),
            Field("body"), Field("name", wrapper_class="comment-form__guest"),
            Field("email", wrapper_class="comment-form__guest"),
            Field("notify", wrapper_class="comment-form__notify"),
            Div(BAIT, css_class="comment-form__web", aria_hidden="true"),
            "parent", "key", *([] if quoting is True else ["exact"]), "prefix", "suffix",
        )  # fmt: skip

    @classmethod
    def with_errors(
        cls, data: QueryDict, error: ValidationError, *, parent: Comment | None
    ) -> Self:
        """Return the form as it was sent, with the errors at their fields.

        Its key is taken out: nothing was made with it, or something else was.
        """
        sent = data.copy()
        sent.pop("key", None)
        form = cls(sent, parent=parent)
        form.is_valid()
        for name, messages in error.message_dict.items():
            for message in messages:
                form.add_error(name if name in {"body", "name", "email"} else None, message)
        return form


def fields_of(form: CommentForm) -> SafeString:
    """Return the form's fields as HTML."""
    fields: SafeString = render_crispy_form(form)
    return fields


@lru_cache(maxsize=100)
def blank_fields(_language: str) -> SafeString:
    """Return the fields of an empty form in the language that is active: the same on each page."""
    return fields_of(CommentForm())


class CommentEditForm(forms.Form):
    """The text of one's own comment, to be changed. Its rules are in ``text`` and ``editing``."""

    body = forms.CharField(
        label=_("Your comment"), required=False, strip=False, widget=forms.Textarea({"rows": 8})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "edit-%s"
        super().__init__(*args, **kwargs)
        self.fields["body"].validators = []
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
