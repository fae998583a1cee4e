"""Which moderator has which comment before them."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from comments.models.comment import Comment


class Handling(models.Model):
    """A moderator is reading a comment; others see it for some minutes, and leave it to them."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="handling")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.by)
