"""The outbox: what lies there instead of leaving can be read by those who may see letters."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def outbox(settings: Any, tmp_path: Path) -> Client:
    """One letter in the outbox; a client of somebody who may see it."""
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path)},
        }
    }
    letter = EmailMultiAlternatives(
        "Ada <b>wrote</b>", "See http://news.example/a/?x=1 <script>alert(1)</script>",
        "news@example.org", ["a.very.long.address.of.a.reader@example.org"],
    )  # fmt: skip
    letter.attach_alternative("<p>See <script>alert(1)</script></p>", "text/html")
    letter.send()
    client = Client()
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


def test_letter_is_read_as_text_and_as_mail_programs_show_it(
    outbox: Client, tmp_path: Path
) -> None:
    page = outbox.get("/admin/comments/letter/outbox/").content.decode()
    [path] = tmp_path.glob("*.log")
    address = f"/admin/comments/letter/outbox/{path.name}/0/"
    assert f'href="{address}"' in page
    assert "Ada &lt;b&gt;wrote&lt;/b&gt;" in page
    letter = outbox.get(address).content.decode()
    assert '<a href="http://news.example/a/?x=1" rel="nofollow">' in letter
    assert "&lt;script&gt;alert(1)" in letter
    assert "<script>alert(1)" not in letter
    bare = outbox.get(f"{address}?html")
    assert b"<p>See <script>" in bare.content
    assert "default-src 'none'" in bare["Content-Security-Policy"]
    assert "script-src" not in bare["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["secret_key/0", "nothing.log/0"])
def test_nothing_else_is_read(outbox: Client, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret_key").write_text("a: b\n\nsecret")
    assert outbox.get(f"/admin/comments/letter/outbox/{name}/").status_code == 404


def test_letters_lie_in_the_data_folder_unless_a_server_is_named(tmp_path: Path) -> None:
    ask = "import newsroom.settings as s; print(s.MAILERS['default']['OPTIONS']['file_path'])"
    for address, expected in (
        ("", tmp_path / "mail"),
        (f"filemail://{tmp_path}/x", tmp_path / "x"),
    ):
        environment = {**os.environ, "NEWSROOM_DATA": str(tmp_path), "EMAIL_URL": address}
        if not address:
            del environment["EMAIL_URL"]
        told = subprocess.run(
            [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
        )
        assert told.stdout.strip() == str(expected)
