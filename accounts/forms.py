"""What signing up asks for beyond allauth's own fields, and what an account tells of itself."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Profile, User
from accounts.names import validate_public_name


class SignupForm(forms.Form):
    """Adds the display name to allauth's form."""

    display_name = forms.CharField(
        label=_("Display name"), max_length=80, validators=[validate_public_name],
        help_text=_("Shown beside what you write."),
    )  # fmt: skip

    def signup(self, _request: HttpRequest, user: User) -> None:
        """Keep the name (allauth calls this with the new user)."""
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])


class ProfileForm(forms.ModelForm[Profile]):
    """The name others read, and the profile."""

    display_name = forms.CharField(
        label=_("Display name"), max_length=80, validators=[validate_public_name],
        help_text=_("Shown beside what you write, also beside what you have written."),
    )  # fmt: skip

    class Meta:
        model = Profile
        fields = ("display_name", "bio", "shows_history", "allows_followers")
        widgets = {"bio": forms.Textarea(attrs={"rows": 4})}

    field_order = ("display_name",)

    def save(self, commit: bool = True) -> Profile:
        """Keep both; the caller's account is the profile's."""
        user = self.instance.user
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])
        return super().save(commit)
