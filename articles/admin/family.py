"""Things that are part of another of their kind: sections and standing pages."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class FamilyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form with a ``parent`` of the same kind, who may not be a descendant."""

    def clean_parent(self) -> Any:
        parent = ancestor = self.cleaned_data["parent"]
        while ancestor is not None:
            if self.instance.pk is not None and ancestor.pk == self.instance.pk:
                raise ValidationError(_("It cannot be a part of itself."))
            ancestor = ancestor.parent
        return parent
