"""The worker and the page behind saved reports."""

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def test_worker_is_small_and_asked_for_anew(client: Client) -> None:
    answer = client.get("/service-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert len(answer.content) < 4096
    assert '"/saved/"' in answer.text


def test_worker_can_be_switched_off(client: Client, settings: Settings) -> None:
    settings.OFFLINE_READING = False
    text = client.get("/service-worker.js").text
    assert "unregister" in text
    assert "fetch" not in text


def test_page_says_the_same_to_everyone(client: Client) -> None:
    answer = client.get("/saved/")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "noindex" in answer.text
