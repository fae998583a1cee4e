"""What readers send to moderators."""

from typing import Any, Self

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from comments.models import Reason
from comments.moderation import appeals, reports


class AskingForm(forms.Form):
    """A form of public pages; its rules are with what it asks for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.validators = []  # what cannot be kept is told in words
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # as all forms of readers: see architecture.md

    @classmethod
    def with_errors(cls, data: QueryDict, error: ValidationError) -> Self:
        """Return the form as it was sent, with the errors at their fields."""
        form = cls(data)
        form.is_valid()
        for name, messages in error.message_dict.items():
            if name in form.errors:
                del form.errors[name]
            for message in messages:
                form.add_error(name, message)
        return form


class ReportForm(AskingForm):
    """Why a comment should not stand."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Reason, widget=forms.RadioSelect, required=False
    )
    text = forms.CharField(
        label=_("In your words, if you like"), required=False,
        widget=forms.Textarea({"rows": 3, "maxlength": reports.MAX_TEXT}),
    )  # fmt: skip


class AppealForm(AskingForm):
    """Why one's own comment should stand."""

    text = forms.CharField(
        label=_("Why should your comment stand?"), required=False,
        widget=forms.Textarea({"rows": 4, "maxlength": appeals.MAX_TEXT}),
    )  # fmt: skip
