"""Old addresses, of this site and of one it was imported from, lead to where things are now."""

import re
from collections.abc import Mapping
from urllib.parse import unquote

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest

from articles.models import Article, Page, Redirect, Status
from articles.models.redirect import stored_path

# WordPress's own addresses by number: posts, pages, files, categories, tags and authors.
NUMBERED = ("p", "page_id", "attachment_id", "cat", "tag", "author")
# What may follow a thing's address and goes along with it.
_ENDING = re.compile(
    r"(?P<base>/.*?/)(?P<ending>comments/(?:feed/(?:atom/|json/)?|news/|new/)?|follow/|changes/"
    r"|feed/(?:atom/|json/)?)"
)
_WORDPRESS_FEED = re.compile(r"(?P<base>/.*?/)feed/(?:rss2?|rdf)/?")


def remember_old_path(path: str, target: models.Model) -> bool:
    """Have an old address lead to target; return whether it is new. See ``Redirect.objects``."""
    return Redirect.objects.remember(path, target)


def remember_old_paths(targets: Mapping[str, models.Model]) -> None:
    """Have many old addresses lead to their targets, as ``remember_old_path`` does.

    An address that leads somewhere already stays as it is.
    """
    kept: dict[str, models.Model] = {}
    for path, target in targets.items():
        if (old_path := stored_path(path)) is not None:
            kept.setdefault(old_path, target)
    Redirect.objects.bulk_create(
        (
            Redirect(
                old_path=path,
                content_type=ContentType.objects.get_for_model(target),
                object_id=target.pk,
            )
            for path, target in kept.items()
        ),
        ignore_conflicts=True,
    )


def asks_by_number(request: HttpRequest) -> bool:
    """Tell whether the front page is asked for by one of WordPress's numbers."""
    return request.path_info == "/" and any(name in request.GET for name in NUMBERED)


def new_address(request: HttpRequest) -> str | None:
    """Return where a request that nothing else answers should go, or None. Asks one query.

    Only a thing that readers may see has an address to tell; a withdrawn report says so there.
    """
    path = request.path_info
    endings = _candidates(request)
    found = Redirect.objects.filter(old_path__in=list(endings)).prefetch_related("target")
    for row in sorted(found, key=lambda row: -len(row.old_path)):
        address = _public_address(row.target)
        if address is None:
            continue
        if _takes(row.target, endings[row.old_path]):
            address += endings[row.old_path]
        if unquote(address) != path:
            query = "" if "?" in row.old_path else request.META.get("QUERY_STRING", "")
            return f"{address}?{query}" if query else address
    return None


def _candidates(request: HttpRequest) -> dict[str, str]:
    """Return the old addresses that a request may mean, each with the ending to go along."""
    path = request.path_info
    if name := next((name for name in NUMBERED if name in request.GET), None):
        numbered = {f"{path}?{name}={request.GET[name]}": ""}
        if path == "/":
            return numbered
    else:
        numbered = {}
    bare = path.rstrip("/")
    endings = numbered | {path: "", bare: "", f"{bare}/": ""}
    if match := _ENDING.fullmatch(f"{bare}/"):
        endings[match["base"]] = endings[match["base"].rstrip("/")] = match["ending"]
    elif match := _WORDPRESS_FEED.fullmatch(path):
        endings[match["base"]] = endings[match["base"].rstrip("/")] = "feed/"
    return {old: ending for old, ending in endings.items() if old}


def _public_address(target: models.Model | None) -> str | None:
    if isinstance(target, Article) and not (target.is_public or target.status == Status.WITHDRAWN):
        return None
    if isinstance(target, Page) and not target.is_public:
        return None
    if target is None or not hasattr(target, "get_absolute_url"):
        return None
    return str(target.get_absolute_url())


def _takes(target: models.Model | None, ending: str) -> bool:
    """Tell whether the thing has a page of that ending: a report has no feed of its own."""
    if isinstance(target, Article):
        return ending.startswith(("comments/", "follow/", "changes/"))
    return ending.startswith("feed/") and not isinstance(target, Page)
