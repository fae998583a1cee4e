"""How passkeys and security keys are added and used: allauth's forms, hardened and in our words."""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# What reading a credential that no browser made ends with, besides the errors allauth expects.
MALFORMED = (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error)


class CredentialField(forms.JSONField):
    """What the browser's authenticator answered."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        """Return the parsed object. Raises ValidationError for anything else."""
        try:
            parsed = super().to_python(value)
        except RecursionError as error:
            raise _incorrect() from error
        if parsed is not None and not isinstance(parsed, dict):
            raise _incorrect()
        return parsed


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """The passkey is the usual choice, a key that stands beside the password the other."""

    name = forms.CharField(
        label=_("Name"), required=False, max_length=80,
        help_text=_("So that you know it again: “Phone”, “Key on my key ring”."),
    )  # fmt: skip
    credential = CredentialField()
    passwordless = forms.BooleanField(
        label=_("Log in with it alone"), required=False, initial=True,
        help_text=_("A passkey: without email and password, by fingerprint, face or PIN."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        try:
            return dict(super().clean())
        except ValidationError:
            raise
        except MALFORMED as error:
            raise _incorrect() from error


class Careful:
    """For the forms that take the answer of a passkey there is."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError:
            raise
        except MALFORMED as error:
            raise _incorrect() from error


class LoginForm(Careful, webauthn.LoginWebAuthnForm):
    credential = CredentialField()


class AuthenticateForm(Careful, webauthn.AuthenticateWebAuthnForm):
    credential = CredentialField()


class ReauthenticateForm(Careful, webauthn.ReauthenticateWebAuthnForm):
    credential = CredentialField()


def _incorrect() -> ValidationError:
    error: ValidationError = get_adapter().validation_error("incorrect_code")
    return error
