"""Who gets to the desk, and what a chief may do to accounts there."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Erasure, User
from accounts.personal_data.erasing import carry_out
from tests.accounts.factories import PASSWORD, UserFactory
from tests.comments.factories import CommentFactory

pytestmark = pytest.mark.django_db

ADD = "/admin/accounts/user/add/"


def change_url(user: User) -> str:
    return reverse("admin:accounts_user_change", args=[user.pk])


def fields_of(user: User, **changes: Any) -> dict[str, Any]:
    fields = {
        "email": user.email, "display_name": user.display_name, "is_active": "on",
        "groups": [str(group.pk) for group in user.groups.all()],
    }  # fmt: skip
    return fields | changes


@pytest.fixture
def chief(client: Client) -> User:
    user = UserFactory(role="Chief")
    client.force_login(user)
    return user


def test_stranger_is_sent_to_the_sites_own_log_in(client: Client) -> None:
    response = client.get("/admin/articles/article/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=%2Fadmin")


def test_log_in_to_the_desk_returns_only_to_this_site(client: Client) -> None:
    user = UserFactory(role="Editor")
    form = client.get("/admin/login/?next=https://evil.example/")["Location"]
    response = client.post(form, {"login": user.email, "password": PASSWORD}, follow=True)
    assert response.status_code == 200
    assert response.request["PATH_INFO"] == "/admin/"
    assert all(address[0] == "/" != address[1] for address, _status in response.redirect_chain)


def test_reader_is_refused_the_desk(client: Client) -> None:
    client.force_login(UserFactory())
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403


def test_chief_makes_an_account_and_gives_it_a_role(client: Client, chief: User) -> None:
    assert client.get(ADD).status_code == 200
    client.post(
        ADD,
        {
            "email": "new@example.org", "display_name": "<script>x</script>",
            "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD,
        },
    )  # fmt: skip
    user = User.objects.get(email="new@example.org")
    editor = Group.objects.get(name="Editor")
    client.post(change_url(user), fields_of(user, is_staff="on", groups=[editor.pk]))
    user.refresh_from_db()
    assert user.is_staff
    assert user.has_perm("articles.publish_article")
    assert b"<script>x" not in client.get("/admin/accounts/user/").content


def test_chief_cannot_give_more_than_the_roles(client: Client, chief: User) -> None:
    user = UserFactory()
    permission = Permission.objects.get(codename="delete_user")
    client.post(
        change_url(user), fields_of(user, is_superuser="on", user_permissions=[permission.pk])
    )
    user.refresh_from_db()
    assert not user.is_superuser
    assert not user.user_permissions.exists()


def test_chief_cannot_give_a_group_that_may_do_more(client: Client, chief: User) -> None:
    group = Group.objects.create(name="Operators")
    group.permissions.add(Permission.objects.get(codename="delete_user"))
    response = client.post(change_url(chief), fields_of(chief, is_staff="on", groups=[group.pk]))
    assert response.context["errors"]
    assert not chief.groups.filter(name="Operators").exists()


@pytest.mark.parametrize("is_active", [True, False])
@pytest.mark.parametrize("kind", ["superuser", "operator"])
def test_chief_cannot_take_over_who_may_do_more(
    client: Client, chief: User, kind: str, is_active: bool
) -> None:
    other = UserFactory(is_active=is_active, is_superuser=kind == "superuser")
    if kind == "operator":
        other.user_permissions.add(Permission.objects.get(codename="delete_user"))
    password = reverse("admin:auth_user_password_change", args=[other.pk])
    words = {"password1": "taken over now", "password2": "taken over now"}
    assert client.post(password, words).status_code == 403
    assert client.post(change_url(other), fields_of(other)).status_code == 403
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_editor_does_not_see_accounts(client: Client) -> None:
    client.force_login(UserFactory(role="Editor"))
    assert client.get("/admin/accounts/user/").status_code == 403
    assert b"/admin/accounts/user/" not in client.get("/admin/").content


@pytest.mark.parametrize(
    "changes",
    [{"email": "TAKEN@example.org"}, {"display_name": "x" * 81}, {"display_name": "a\x00"}],
)
def test_bad_change_is_refused_at_the_field(
    client: Client, chief: User, changes: dict[str, str]
) -> None:
    UserFactory(email="taken@example.org")
    user = UserFactory(email="ada@example.org", display_name="Ada")
    response = client.post(change_url(user), fields_of(user, **changes))
    assert response.context["adminform"].form.errors.keys() == changes.keys()
    user.refresh_from_db()
    assert (user.email, user.display_name) == ("ada@example.org", "Ada")


def test_replaced_address_no_longer_opens_the_account(client: Client, chief: User) -> None:
    user = UserFactory(email="old@example.org")
    client.post(change_url(user), fields_of(user, email="new@example.org"))
    stranger = Client()
    stranger.post("/accounts/login/", {"login": "old@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in stranger.session
    stranger.post("/accounts/login/", {"login": "new@example.org", "password": PASSWORD})
    assert "_auth_user_id" not in stranger.session
    assert mail.outbox[-1].to == ["new@example.org"]  # whose code opens it


@pytest.mark.parametrize("many", [False, True])
def test_account_deleted_in_the_admin_is_erased(client: Client, many: bool) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    user = UserFactory(display_name="Ada Lovelace", email="ada@example.org")
    comment = CommentFactory(user=user, guest_name="", guest_email="", guest_id=None)
    if many:
        chosen = {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
        answer = client.post("/admin/accounts/user/", chosen, follow=True)
    else:
        address = reverse("admin:accounts_user_delete", args=[user.pk])
        answer = client.post(address, {"post": "yes"}, follow=True)
    assert "The worker erases what is kept of it" in answer.text
    user.refresh_from_db()
    assert not user.is_active
    carry_out(Erasure.objects.get(user=user))
    comment.refresh_from_db()
    assert (comment.user, comment.is_approved) == (None, True)
    assert not User.objects.filter(pk=user.pk).exists()
    assert not LogEntry.objects.filter(object_repr__contains="Ada").exists()


def test_account_of_who_works_here_is_not_deleted(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    editor = UserFactory(role="Editor")
    address = reverse("admin:accounts_user_delete", args=[editor.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [editor.pk], "post": "yes"}
    assert client.post("/admin/accounts/user/", chosen).status_code == 403
    editor.refresh_from_db()
    assert editor.is_active
