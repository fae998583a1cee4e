"""What is forgotten of accounts."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.retention import forget_unconfirmed_accounts
from tests.accounts.factories import UserFactory
from tests.accounts.test_account_pages import SIGN_UP

pytestmark = pytest.mark.django_db


def test_accounts_that_nobody_confirmed_give_the_address_back() -> None:
    old = timezone.now() - datetime.timedelta(days=8)
    Client().post("/accounts/signup/", SIGN_UP | {"email": "squatter@example.org"})
    User.objects.update(date_joined=old)
    Client().post("/accounts/signup/", SIGN_UP | {"email": "new@example.org"})
    kept = [
        UserFactory(date_joined=old),
        UserFactory(date_joined=old, is_verified=False, is_staff=True),
        UserFactory(date_joined=old, is_verified=False, last_login=old),
        User.objects.create_user("made-by-a-chief@example.org", "x", date_joined=old),
    ]
    assert [forget_unconfirmed_accounts(5), forget_unconfirmed_accounts(5)] == [1, 0]
    assert set(User.objects.exclude(email="new@example.org")) == set(kept)
    assert User.objects.filter(email="new@example.org").exists()
