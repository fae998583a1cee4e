"""What we ask of allauth beyond its defaults."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import LONGEST_EMAIL, User
from accounts.sealing import seal, unseal

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def clean_email(self, email: str) -> str:
        """Return email. Raises ValidationError when it is longer than we store, rather than cut."""
        if len(email) > LONGEST_EMAIL:
            raise ValidationError(
                _("An address has at most %(longest)d characters."),
                params={"longest": LONGEST_EMAIL},
            )
        return str(super().clean_email(email))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter at once; a server that does not take it is told to whoever asked for it.

        Whether the address has an account makes no difference to that.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # every failure of SMTP is one
            kind = type(error).__name__
            logger.error("An account's letter was not sent (%s): %s", template_prefix, kind)  # noqa: TRY400 (the traceback names the address)
            self.add_message(
                self.request, messages.ERROR,
                message=_("We could not send an email just now. Please try again in a while."),
            )  # fmt: skip

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell an address whose account somebody wanted to make again.

        It takes as long as making one: the clock must not tell either what the page keeps quiet.
        """
        User().set_password("as slow as a real one")
        super().send_account_already_exists_mail(email)


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted: a copy of the database opens no account."""

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: A002 (allauth's)
        """Return what a new passkey is called until somebody says better."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number} if number > 1 else _("Passkey")

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
