"""Addresses that things had before."""

import copy
from typing import Any
from urllib.parse import unquote

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

OLD_PATH_LENGTH = 600


def stored_path(path: str) -> str | None:
    """Return an old address as it is kept, or None for one that cannot be anybody's."""
    path = unquote(path)
    if len(path) > OLD_PATH_LENGTH or not path.startswith("/") or "\x00" in path:
        return None
    return path


class RedirectManager(models.Manager["Redirect"]):
    """Notes old addresses."""

    def remember(self, path: str, target: models.Model) -> bool:
        """Have an old address lead to target; return whether it is new.

        path: as in a link, percent-encoded or not, with a leading slash; of a query, one parameter.
        The last target wins. One too long to be anybody's is not kept.
        """
        old_path = stored_path(path)
        if old_path is None:
            return False
        _row, is_new = self.update_or_create(
            old_path=old_path,
            defaults={
                "content_type": ContentType.objects.get_for_model(target),
                "object_id": target.pk,
            },
        )
        return is_new


class Redirect(models.Model):
    """An address that leads, for ever, to where its thing is now.

    ``old_path`` is decoded and begins with a slash. Of a query it holds at most one parameter, in
    the form ``/?p=123``. The target is a thing, not an address: a second change needs no chain.
    """

    old_path = models.CharField(max_length=OLD_PATH_LENGTH, unique=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey("content_type", "object_id")

    objects = RedirectManager()

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id"], name="redirect_target")]

    def __str__(self) -> str:
        return self.old_path


class SluggedModel(models.Model):
    """A thing whose address comes from its slug; saved under another, the old one redirects."""

    slug: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and have the address before lead here if the slug has changed."""
        before = None
        if self.pk is not None and "slug" in (kwargs.get("update_fields") or ["slug"]):
            rows: Any = type(self)._base_manager.filter(pk=self.pk)  # noqa: SLF001 (documented)
            before = rows.values_list("slug", flat=True).first()
        with transaction.atomic():
            super().save(*args, **kwargs)
            if before and before != self.slug:
                former = copy.copy(self)
                former.slug = before
                Redirect.objects.remember(former.get_absolute_url(), self)

    def get_absolute_url(self) -> str:
        raise NotImplementedError
