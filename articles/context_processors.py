"""What every template may show of the publication."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from articles.models import MenuItem, Publication


def publication(request: HttpRequest) -> dict[str, Any]:
    """Give the publication and its menus (one query, when a template first asks for them)."""

    def menus() -> dict[str, list[MenuItem]]:
        grouped: dict[str, list[MenuItem]] = {"header": [], "footer": []}
        for item in MenuItem.objects.all():
            grouped[item.menu].append(item)
        return grouped

    # An error page may be made before the middleware has run.
    return {
        "publication": getattr(request, "publication", None) or SimpleLazyObject(Publication.current),
        "menus": SimpleLazyObject(menus),
    }
