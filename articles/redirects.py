"""Old addresses: noted when a slug changes or an import brings them, and followed for ever."""

from urllib.parse import unquote

from django.contrib.contenttypes.models import ContentType
from django.db import models

from articles.models import OLD_PATH_LENGTH, Redirect


def remember_old_path(path: str, target: models.Model) -> bool:
    """Have an old address lead to target; return whether it is new.

    path: as in a link, percent-encoded or not, with a leading slash; of a query, one parameter.
    The last target wins. One too long to be anybody's is not kept.
    """
    path = unquote(path)
    if len(path) > OLD_PATH_LENGTH or not path.startswith("/") or "\x00" in path:
        return False
    _row, is_new = Redirect.objects.update_or_create(
        old_path=path,
        defaults={
            "content_type": ContentType.objects.get_for_model(target),
            "object_id": target.pk,
        },
    )
    return is_new
