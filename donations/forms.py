"""What readers fill in to give."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from donations.money import exponent_of, format_money, parse_money

CHOICES = (5, 10, 25, 50, 100)  # whole units


class CardForm(forms.Form):
    """How much, and how often. An amount of one's own wins over a chosen one."""

    choice = forms.CharField(required=False, max_length=10)
    own = forms.CharField(required=False, max_length=30)
    interval = forms.ChoiceField(
        choices=[("once", _("Once")), ("month", _("Every month"))],
        error_messages={"required": _("Say whether once or every month.")},
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        scale = 10 ** exponent_of(currency) * (100 if exponent_of(currency) == 0 else 1)
        # A hundred yen are about a dollar; so it is with most currencies without cents.
        self.choices = [(str(n * scale), format_money(n * scale, currency)) for n in CHOICES]
        self.chosen = self.data.get("choice") or (self.choices[1][0] if not self.is_bound else "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        own, choice = cleaned.get("own", "").strip(), cleaned.get("choice")
        if own:
            try:
                cleaned["amount_minor"] = parse_money(own, self.currency)
            except ValidationError as error:
                self.add_error("own", error)
        elif choice in dict(self.choices):
            cleaned["amount_minor"] = int(choice or 0)
        elif "own" not in self.errors:
            self.add_error("own", _("Choose an amount, or write your own."))
        return cleaned
