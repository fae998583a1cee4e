"""The public record: what was said of a report after its publication."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Status


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """Corrections by who may see them."""

    def on_record(self) -> Self:
        """Those of reports that readers see or saw: a withdrawn one's stay."""
        shown = Q(article__in=Article.objects.published()) | Q(article__status=Status.WITHDRAWN)
        rows = self.filter(shown).select_related("article")
        return rows.defer("article__body", "article__search_vector")


class Correction(models.Model):
    """A typed, dated entry about a published report, shown to its readers for good."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("Correction")
        CLARIFICATION = "clarification", _("Clarification")
        UPDATE = "update", _("Update")
        RETRACTION = "retraction", _("Retraction")

    article = models.ForeignKey(Article, models.CASCADE, related_name="corrections")
    kind = models.CharField(_("kind"), max_length=13, choices=Kind, default=Kind.CORRECTION)
    text = models.TextField(_("text"), help_text=_("What was wrong, and what is right."))
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False,
        related_name="+",
    )  # fmt: skip

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-issued_at", "-pk"]
        indexes = [models.Index(fields=["-issued_at", "-id"], name="correction_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text[:60]}"

    def get_absolute_url(self) -> str:
        """Where it stands on its report; a withdrawn report's stand in the list of all."""
        if self.article.is_public:
            return f"{self.article.get_absolute_url()}#correction-{self.pk}"
        return f"{reverse('articles:corrections')}#correction-{self.pk}"
