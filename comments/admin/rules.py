"""The rules that moderators let a machine apply to comments."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from comments.models import ModerationEvent, Outcome, Rule
from comments.screening.patterns import checked_patterns

MAX_LIST = 200_000  # characters
WEEK = 7 * 24 * 60  # minutes
Kind = Rule.Kind
# What a rule of each kind goes by, and which of it must be given.
FIELDS = {
    Kind.WORDS: ["entries"], Kind.PATTERNS: ["entries"], Kind.LINKS: ["entries", "number"],
    Kind.FLOOD: ["number", "minutes"], Kind.DUPLICATES: ["number", "minutes"],
    Kind.CAPITALS: ["number", "share"],
}  # fmt: skip
REQUIRED = {
    Kind.WORDS: ["entries"], Kind.PATTERNS: ["entries"], Kind.LINKS: [],
    Kind.FLOOD: ["number", "minutes"], Kind.DUPLICATES: [], Kind.CAPITALS: ["number", "share"],
}  # fmt: skip
OUTCOME_COLOURS = {
    Outcome.REPORT.value: "info", Outcome.HOLD.value: "warning", Outcome.REJECT.value: "danger",
    Outcome.SPAM.value: "danger",
}  # fmt: skip


def _shown_for(name: str) -> str:
    """Return the condition, in the browser, under which a field is shown."""
    kinds = [kind.value for kind, names in FIELDS.items() if name in names]
    return " || ".join(f"kind == '{kind}'" for kind in kinds)


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    minutes = forms.IntegerField(
        label=_("Minutes"), required=False, min_value=1, max_value=WEEK,
        help_text=_("Of a flood: within so many. Of duplicates: looks back so far; empty, a day."),
    )  # fmt: skip
    share = forms.IntegerField(
        label=_("Percent"), required=False, min_value=1, max_value=99,
        help_text=_("More capitals than that among the letters are too many."),
    )  # fmt: skip

    class Meta:
        model = Rule
        fields = [
            "name", "kind", "entries", "number", "minutes", "share", "outcome", "reason", "told",
            "spares_trusted", "is_active",
        ]  # fmt: skip
        help_texts = {
            "entries": _(
                "One in a line. Words and phrases are found whole, a * at the end finds longer "
                "words too; case, accents, look-alike letters and digits, invisible signs, spaced "
                "and drawn-out letters make no difference. Patterns are regular expressions as RE2 "
                "knows them, in upper or lower case. For links: sites that may not be named, like "
                "example.org, with all below them."
            ),
            "number": _(
                "Of links: more than that are too many; empty, only the listed sites count. Of a "
                "flood: so many comments may be. Of duplicates: as often it must have come before; "
                "empty, once. Of capitals: texts with fewer letters are let be."
            ),
        }

    def clean(self) -> dict[str, Any]:
        """Ask for what the kind needs, and put away what it does not."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind not in FIELDS:
            return cleaned
        for name in {"entries", "number", "minutes", "share"} - set(FIELDS[kind]):
            cleaned[name] = "" if name == "entries" else None
            self.errors.pop(name, None)
        for name in REQUIRED[kind]:
            if cleaned.get(name) in {None, ""} and name not in self.errors:
                self.add_error(name, _("A rule of this kind needs it."))
        entries = cleaned.get("entries", "")
        if len(entries) > MAX_LIST:
            self.add_error("entries", _("The list is too long."))
        elif kind == Kind.PATTERNS:
            try:
                checked_patterns(entries)
            except ValidationError as error:
                self.add_error("entries", error)
        elif kind == Kind.LINKS and not entries.strip() and cleaned.get("number") is None:
            self.add_error("number", _("Give a number, or sites, or both."))
        return cleaned


@admin.register(Rule)
class RuleAdmin(ModelAdmin):
    """Moderators and chiefs; the page's own history says who changed what."""

    form = RuleForm
    list_display = ["name", "kind", "does", "is_active", "fired"]
    list_filter = ["kind", "outcome", "is_active"]
    search_fields = ["name", "entries"]
    warn_unsaved_form = True
    fieldsets = [
        (None, {"fields": ["name", "kind", "entries", "number", "minutes", "share"]}),
        (
            _("When it finds something"),
            {"fields": ["outcome", "reason", "told", "spares_trusted", "is_active"]},
        ),
    ]
    conditional_fields = {
        name: _shown_for(name) for name in ("entries", "number", "minutes", "share")
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        events = ModerationEvent.objects.filter(rule=OuterRef("name"), by=None).order_by()
        counted = events.values("rule").annotate(number=Count("pk")).values("number")
        rules: QuerySet[Rule] = super().get_queryset(request)
        return rules.annotate(fired_number=Coalesce(Subquery(counted), 0))

    @display(description=_("does"), label=OUTCOME_COLOURS)  # type: ignore[untyped-decorator]
    def does(self, rule: Rule) -> tuple[str, str]:
        return rule.outcome, rule.get_outcome_display().partition(":")[0]

    @admin.display(description=_("fired"), ordering="fired_number")
    def fired(self, rule: Rule) -> int:
        number: int = rule.fired_number  # type: ignore[attr-defined]
        return number
