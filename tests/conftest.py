"""Fixtures for all tests."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from comments.limits import buckets


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the group that takes minutes: at the end the other core would wait for it."""

    def is_short(item: pytest.Item) -> bool:
        group = item.get_closest_marker("xdist_group")
        return group is None or group.args != ("kill",)

    items.sort(key=is_short)


def missing(component: str) -> None:
    """Skip for want of a component, with the reason; in CI, where it must be there, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{component} is missing, and CI must have it.")
    pytest.skip(f"{component} is missing.")


@pytest.fixture(autouse=True)
def unlimited(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests write and log in at will, but those of the limits, where nothing is full at first."""
    settings.COMMENT_LIMITS = False
    settings.ACCOUNT_RATE_LIMITS = settings.MFA_RATE_LIMITS = False
    settings.REDIS_URL = ""
    monkeypatch.setattr(buckets, "full_buckets", buckets.FullBuckets())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let tests that commit empty ledger and log afterwards; the guards have tests of their own."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("movement", "conversion", "entry"):
            cursor.execute(f"ALTER TABLE donations_{table} DISABLE TRIGGER {table}_is_kept_whole")
        cursor.execute(
            "ALTER TABLE comments_moderationevent DISABLE TRIGGER moderation_log_is_not_emptied"
        )


@pytest.fixture(autouse=True)
def trusted_staff(settings: Any) -> None:
    """Staff need no second factor, but in the tests of it."""
    settings.STAFF_SECOND_FACTOR = False


@pytest.fixture(autouse=True)
def plain_storage(settings: Any, tmp_path: Path) -> None:
    """Media in a folder of the test's own; static files served as they lie in the sources."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def shared_data() -> Path:
    """The folder of real data beside the project; without it the test skips."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    if not folder.exists():
        pytest.skip("The shared data are not here.")
    return folder
