"""What every template may show of the publication."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.models import Publication


def publication(request: HttpRequest) -> dict[str, Any]:
    """Give the publication, which the middleware has read; an error page may come before it."""
    read = getattr(request, "publication", None)
    return {"publication": read or SimpleLazyObject(Publication.current)}
