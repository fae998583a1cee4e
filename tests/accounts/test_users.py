"""Accounts: one address, one person; four roles."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_email_counts_once_however_it_is_cased() -> None:
    User.objects.create_user("ada@example.org", "x")
    with pytest.raises(IntegrityError):
        User.objects.create_user("ADA@example.org", "x")


def test_user_without_name_is_called_by_the_local_part() -> None:
    assert str(User.objects.create_user("ada@example.org", "x")) == "ada"


def test_roles_exist_after_migration() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {
        "Author",
        "Editor",
        "Moderator",
        "Chief",
    }


@pytest.mark.parametrize(
    ("role", "permission", "expected"),
    [
        ("Author", "articles.publish_article", False),
        ("Editor", "articles.publish_article", True),
        ("Editor", "comments.moderate_comment", False),
        ("Moderator", "comments.moderate_comment", True),
        ("Moderator", "articles.change_article", False),
        ("Chief", "articles.change_publication", True),
        ("Chief", "comments.moderate_comment", True),
    ],
)
def test_role_may(role: str, permission: str, expected: bool) -> None:
    user = User.objects.create_user("ada@example.org", "x")
    user.groups.add(Group.objects.get(name=role))
    assert user.has_perm(permission) is expected
