"""Old addresses: noted when a slug changes or an import brings them, and followed for ever."""

from collections.abc import Mapping
from urllib.parse import unquote

from django.contrib.contenttypes.models import ContentType
from django.db import models

from articles.models import OLD_PATH_LENGTH, Redirect


def remember_old_paths(targets: Mapping[str, models.Model]) -> None:
    """Have many old addresses lead to their targets, as ``remember_old_path`` does.

    An address that leads somewhere already stays as it is.
    """
    kept: dict[str, models.Model] = {}
    for path, target in targets.items():
        if (old_path := _stored(path)) is not None:
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


def _stored(path: str) -> str | None:
    """Return an old address as it is kept, or None for one that cannot be anybody's."""
    path = unquote(path)
    if len(path) > OLD_PATH_LENGTH or not path.startswith("/") or "\x00" in path:
        return None
    return path


def remember_old_path(path: str, target: models.Model) -> bool:
    """Have an old address lead to target; return whether it is new.

    path: as in a link, percent-encoded or not, with a leading slash; of a query, one parameter.
    The last target wins. One too long to be anybody's is not kept.
    """
    old_path = _stored(path)
    if old_path is None:
        return False
    _row, is_new = Redirect.objects.update_or_create(
        old_path=old_path,
        defaults={
            "content_type": ContentType.objects.get_for_model(target),
            "object_id": target.pk,
        },
    )
    return is_new
