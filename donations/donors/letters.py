"""Letters to donors: what they look like, whoever writes them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Identity:
    """Who sends: the publication's name and language."""

    name: str
    language: str


def site_identity() -> Identity:
    """Return who the site is. ``SITE_IDENTITY`` names the function that knows."""
    known: Callable[[], tuple[str, str]] = import_string(settings.SITE_IDENTITY)
    return Identity(*known())


def letter_to(
    address: str, template: str, context: Callable[[Identity], dict[str, Any]]
) -> EmailMultiAlternatives:
    """Return a message in plain text and HTML.

    template: its name below ``donations/mail/``, without the ending. context: called in the
    publication's language; its ``subject`` is the message's.
    """
    identity = site_identity()
    with translation.override(identity.language):
        told = context(identity) | {"publication": identity, "base": settings.NEWSROOM_URL}
        message = EmailMultiAlternatives(
            subject=" ".join(str(told["subject"]).split()),
            body=render_to_string(f"donations/mail/{template}.txt", told),
            to=[address],
            headers={"Auto-Submitted": "auto-generated"},  # RFC 3834
        )
        message.attach_alternative(
            render_to_string(f"donations/mail/{template}.html", told), "text/html"
        )
    return message
