"""People, for tests."""

from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from accounts.models import User

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A reader with a verified address; ``role="Editor"`` makes one of the staff with that role.

    ``is_verified=False`` leaves the address unverified.
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    display_name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *_args: Any, **kwargs: Any) -> User:
        role, is_verified = kwargs.pop("role", None), kwargs.pop("is_verified", True)
        kwargs.setdefault("is_staff", role is not None)
        user = model_class.objects.create_user(password=PASSWORD, **kwargs)
        if is_verified:
            verify_address(user)
        if role is not None:
            user.groups.add(Group.objects.get(name=role))
        return user


def verify_address(user: User) -> None:
    """Take the account's address as theirs, as after the code by email."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
