"""Allauth's adapters, with what the other apps know: the publication's name, who is a proxy."""

from typing import Any

from allauth.core import context
from django.http import HttpRequest

from accounts import adapter
from articles.models import Publication
from comments.networks import network_of


class AccountAdapter(adapter.AccountAdapter):
    def format_email_subject(self, subject: str) -> str:
        """Return the subject with the publication's name before it, in one line, as heads want."""
        return " ".join(f"{Publication.current().name}: {subject}".split())

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the first address of the network the request comes from; all others are like it.

        Nobody's own address is kept. Behind a proxy that nobody has named all are one network.
        """
        network = network_of(request)
        return str(network.network_address) if network else "127.0.0.1"


class MFAAdapter(adapter.MFAAdapter):
    def get_totp_issuer(self) -> str:
        return Publication.current().name

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        host = context.request.get_host().partition(":")[0]
        return {"id": host, "name": Publication.current().name}
