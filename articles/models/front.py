"""What editors put on the front page; time fills the rest."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import PUBLIC, Article


class FrontSlotQuerySet(models.QuerySet["FrontSlot"]):
    """Places by what readers see of them."""

    def standing(self) -> Self:
        """Those that have not expired, in the order of the page."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now())).order_by(
            "place", "position", "pk"
        )


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

    objects = FrontSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("place on the front page")
        verbose_name_plural = _("places on the front page")
        ordering = ["place", "position", "pk"]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.article}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_seen(self) -> bool:
        """Whether readers get the report at this place now, if the page has room for it."""
        return not self.is_expired and self.article.is_public

    @property
    def is_waiting(self) -> bool:
        """Whether the report is to appear by itself later."""
        return self.article.status in PUBLIC and not self.article.is_public
