"""Addresses that things had before."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models

OLD_PATH_LENGTH = 600


class Redirect(models.Model):
    """An address that leads, for ever, to where its thing is now.

    ``old_path`` is decoded and begins with a slash. Of a query it holds at most one parameter, in
    the form ``/?p=123``. The target is a thing, not an address: a second change needs no chain.
    """

    old_path = models.CharField(max_length=OLD_PATH_LENGTH, unique=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey("content_type", "object_id")

    class Meta:
        indexes = [models.Index(fields=["content_type", "object_id"], name="redirect_target")]

    def __str__(self) -> str:
        return self.old_path
