"""What is forgotten of accounts."""

import datetime

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User

UNCONFIRMED_DAYS = 7


def forget_unconfirmed_accounts(limit: int) -> int:
    """Delete accounts that signed up with an address and never typed its code in; return how many.

    So many at most. Nobody keeps another's address from having an account.
    """
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    due = User.objects.filter(
        Exists(addresses), ~Exists(addresses.filter(verified=True)), last_login=None,
        is_staff=False, is_superuser=False,
        date_joined__lt=timezone.now() - datetime.timedelta(days=UNCONFIRMED_DAYS),
    )  # fmt: skip
    numbers = list(due.values_list("pk", flat=True)[:limit])
    User.objects.filter(pk__in=numbers).delete()
    return len(numbers)
