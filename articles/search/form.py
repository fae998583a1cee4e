"""What a reader asks for."""

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from articles.models import Kind, Section
from articles.search.results import MAX_QUERY, Filters

# Days that a clock and a database can reckon with, in every time zone.
_DAYS = [
    MinValueValidator(datetime.date(1000, 1, 1)),
    MaxValueValidator(datetime.date(9000, 1, 1)),
]


class _Day(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})

    def __init__(self, label: Any) -> None:
        super().__init__(label=label, required=False, validators=_DAYS)


class SearchForm(forms.Form):
    """A query and what narrows it; everything may be left out."""

    q = forms.CharField(
        label=_("Words, “an exact phrase”, or -without"), required=False, max_length=MAX_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "class": "form-control"}),
    )  # fmt: skip
    section = forms.ModelChoiceField(
        label=_("Section"), queryset=Section.objects.all(), to_field_name="slug", required=False,
        empty_label=_("All sections"),
        error_messages={"invalid_choice": _("There is no such section.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("All kinds")), *Kind.choices], required=False,
        error_messages={"invalid_choice": _("There is no such kind of report.")},
    )  # fmt: skip
    since = _Day(_("From"))
    until = _Day(_("To"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first."))
        return values

    @property
    def filters(self) -> Filters:
        """What narrows the search. The form is valid."""
        names = ("section", "kind", "since", "until")
        return Filters(**{name: self.cleaned_data[name] for name in names})

    @property
    def narrows(self) -> bool:
        """Whether anything but words was asked for, valid or not."""
        return any(self.data.get(name) for name in self.fields if name != "q")
