"""People, for tests."""

from typing import Any

import factory
from django.contrib.auth.models import Group

from accounts.models import User

PASSWORD = "correct horse battery"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A reader; ``role="Editor"`` makes one of the staff with that role."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person-{n}@example.org")
    display_name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *_args: Any, **kwargs: Any) -> User:
        role = kwargs.pop("role", None)
        kwargs.setdefault("is_staff", role is not None)
        user = model_class.objects.create_user(password=PASSWORD, **kwargs)
        if role is not None:
            user.groups.add(Group.objects.get(name=role))
        return user
