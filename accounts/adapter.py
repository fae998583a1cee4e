"""What we ask of allauth beyond its defaults."""

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import LONGEST_EMAIL


class AccountAdapter(DefaultAccountAdapter):
    def clean_email(self, email: str) -> str:
        """Return email. Raises ValidationError when it is longer than we store, rather than cut."""
        if len(email) > LONGEST_EMAIL:
            raise ValidationError(
                _("An address has at most %(longest)d characters."),
                params={"longest": LONGEST_EMAIL},
            )
        return str(super().clean_email(email))
