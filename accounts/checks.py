"""What ``manage.py check --deploy`` says about accounts."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 (Django's name)


@register(Tags.security, deploy=True)
def check_second_factor(**_options: Any) -> list[CheckMessage]:
    """Warn where staff need no second factor, as in the demo."""
    if settings.STAFF_SECOND_FACTOR:
        return []
    return [
        Warning(
            "STAFF_SECOND_FACTOR is off: a guessed password opens the desk.",
            hint="It is for the demo. Remove it from the environment.",
            id="accounts.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_proxies(**_options: Any) -> list[CheckMessage]:
    """Warn where all readers would seem to log in from one network, and share its limits."""
    if not settings.SECURE_PROXY_SSL_HEADER or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "BEHIND_PROXY is on, and TRUSTED_PROXIES names no proxy: all readers look like one"
            " network, which may log in only so often.",
            hint="Set TRUSTED_PROXIES to the proxy's address.",
            id="accounts.W002",
        )
    ]
