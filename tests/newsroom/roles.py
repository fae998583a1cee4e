"""Who there is to try an address, and whether it answered them: for the tables of permissions."""

from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.test import Client

from tests.accounts.factories import UserFactory

FORM = "application/x-www-form-urlencoded"
# Everybody by a letter: nobody in particular, a reader with an account, staff without a role, the
# four roles, and a superuser.
NAMES = {
    "-": None, "R": "reader", "N": "staff", "A": "Author", "E": "Editor", "M": "Moderator",
    "C": "Chief", "S": "superuser",
}  # fmt: skip


def person(letter: str) -> Any:
    """Return an account for a letter; None for nobody in particular."""
    match NAMES[letter]:
        case None:
            return None
        case "reader":
            return UserFactory()
        case "staff":
            return UserFactory(is_staff=True)
        case "superuser":
            return UserFactory(is_staff=True, is_superuser=True)
        case role:
            return UserFactory(role=role)


def log_in(letter: str) -> Client:
    client, user = Client(), person(letter)
    if user is not None:
        client.force_login(user)
    return client


def writes() -> int:
    """Return how many rows this transaction has written so far, sessions and log-ins aside."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
            " WHERE relname NOT IN ('django_session', 'accounts_user')"
        )
        return int(cursor.fetchone()[0] or 0)


def is_answered(
    client: Client, method: str, address: str, data: dict[str, Any], led_to: str = ""
) -> bool:
    """Ask, and undo what it did; tell whether it was answered. A refusal has written nothing.

    led_to: where those are led to whom the page is not for, besides the log-in.
    """
    with transaction.atomic():
        before, cookies = writes(), client.cookies.copy()
        if method == "post":
            answer = client.post(address, urlencode(data), content_type=FORM)
        else:
            answer = client.get(address, data)
        list(answer)  # to its end, so that a file is closed
        client.cookies = cookies
        # Nobody in particular is led to the log-in; what one may not see "does not exist".
        target = answer.headers.get("Location", "")
        led_away = (
            "/login/" in target
            or "/reauthenticate/" in target
            or target == led_to != ""
            or (target == "/admin/" and "/articles/" in address)
        )
        refused = answer.status_code in {400, 403, 404, 405} or led_away
        assert refused or answer.status_code in {200, 301, 302, 303, 204}, (method, address, answer)
        assert not refused or writes() == before, f"{method} {address} was refused, but wrote"
        transaction.set_rollback(True)
    return not refused
