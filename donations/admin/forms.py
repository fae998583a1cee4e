"""Amounts as people type them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from donations.money import exponent_of, parse_money


class MoneyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose amount is typed in whole units; ``amount_minor`` of the cleaned data has it."""

    amount = forms.CharField(
        label=_("Amount"), max_length=30, widget=UnfoldAdminTextInputWidget,
        help_text=_("In whole units, like 100 or 12.50."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("amount") and cleaned.get("currency"):
            try:
                cleaned["amount_minor"] = parse_money(cleaned["amount"], cleaned["currency"])
            except ValidationError as error:
                self.add_error("amount", error)
        return cleaned


def in_whole_units(minor: int, currency: str) -> str:
    """Return an amount as it is typed: 12.50."""
    exponent = exponent_of(currency)
    return f"{minor / 10**exponent:.{exponent}f}"
