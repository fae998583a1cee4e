"""What editors put on the front page; time fills the rest."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class FrontSlot(models.Model):
    """A report's place on the front page, until it expires."""

    class Place(models.TextChoices):
        LEAD = "lead", _("Lead")
        TOP = "top", _("Top stories")

    place = models.CharField(_("place"), max_length=4, choices=Place)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    article = models.OneToOneField(
        Article, models.CASCADE, related_name="front_slot", verbose_name=_("article")
    )
    expires_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: until somebody takes it off.")
    )
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    placed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("place on the front page")
        verbose_name_plural = _("places on the front page")
        ordering = ["place", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.article}"
