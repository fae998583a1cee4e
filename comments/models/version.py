"""What a comment said before its writer changed it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment


class CommentVersion(models.Model):
    """A text that was replaced, for moderators."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="versions")
    body = models.TextField(_("text"))
    replaced_at = models.DateTimeField(_("replaced"), default=timezone.now)

    class Meta:
        verbose_name = _("earlier text")
        verbose_name_plural = _("earlier texts")
        ordering = ["-replaced_at", "-pk"]

    def __str__(self) -> str:
        return self.body[:60]
