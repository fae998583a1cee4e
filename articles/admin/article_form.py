"""The form of a report, which refuses to overwrite what somebody else saved meanwhile."""

import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from articles.admin.editor import body_field
from articles.differences import field_differences
from articles.models import PUBLIC, Article, Status

# What the steps of the workflow change, and this form never does.
_NOT_OF_THE_FORM = ("status", "published_at", "withdrawal_notice", "version")


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A report, and when it is to appear."""

    body = body_field(label=_("Body"), required=False)
    schedule_at = forms.SplitDateTimeField(
        label=_("Appears at"), required=False, widget=UnfoldAdminSplitDateTimeWidget,
        help_text=_("Only for “Schedule”, in the publication's time zone."),
    )  # fmt: skip

    # What somebody else saved meanwhile, and how it differs from what was sent.
    stored: Article | None = None
    differences: list[Any] = []
    # What the user typed earlier and did not save; set by the admin when they ask for it.
    unsaved: dict[str, str] = {}
    unsaved_version: int | None = None

    class Meta:
        model = Article
        exclude: list[str] = []  # the admin's fieldsets say which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lede", "key_points"):
            if name in self.fields:
                self.fields[name].widget.attrs["rows"] = 3
        if self.instance.status == Status.SCHEDULED and "schedule_at" in self.fields:
            self.fields["schedule_at"].initial = self.instance.published_at
        self.initial.update(self.unsaved)

    @property
    def stored_by(self) -> Any:
        """Who saved the version that this form did not know of."""
        newest = self.stored.history.select_related("history_user").first() if self.stored else None
        return newest.history_user if newest else None

    @property
    def version_shown(self) -> str:
        """The version of the report that this form began with."""
        if self.is_bound:
            return str(self.data.get("version", ""))
        if self.unsaved_version is not None:
            return str(self.unsaved_version)
        return str(self.instance.version)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_schedule(cleaned)
        if self.instance.pk is not None:
            self._check_version(cleaned)
        self._check_embargo(cleaned)
        return cleaned

    def _check_schedule(self, cleaned: dict[str, Any]) -> None:
        if "_schedule" not in self.data or "schedule_at" not in self.fields.keys() - self.errors:
            return
        at = cleaned.get("schedule_at")
        if not at:
            self.add_error("schedule_at", _("Say when it is to appear."))
        elif at <= timezone.now():
            self.add_error("schedule_at", _("This time is past. Choose one to come."))

    def _check_version(self, cleaned: dict[str, Any]) -> None:
        """Take the row, and refuse to save over a version that this form did not begin with.

        ``_overwrite`` names the version whose differences were shown: then it is meant.
        """
        rows = Article.objects.select_for_update(of=("self",)).defer("search_vector")
        stored = rows.get(pk=self.instance.pk)
        for name in _NOT_OF_THE_FORM:
            setattr(self.instance, name, getattr(stored, name))
        if str(stored.version) in {self.data.get("version"), self.data.get("_overwrite")}:
            return
        mine = copy.copy(stored)
        for name in {field.name for field in Article._meta.concrete_fields} & cleaned.keys():  # noqa: SLF001 (documented)
            setattr(mine, name, cleaned[name])
        self.stored, self.differences = stored, field_differences(stored, mine)
        raise ValidationError(
            _("Somebody saved this report while you had it open. Nothing was overwritten.")
        )

    def _check_embargo(self, cleaned: dict[str, Any]) -> None:
        until, article = cleaned.get("embargo_until"), self.instance
        if until is None or article.status not in PUBLIC or "_schedule" in self.data:
            return
        if article.published_at is not None and until > article.published_at:
            self.add_error(
                "embargo_until",
                _("It appears before that. Return it to draft first, or choose an earlier time."),
            )
