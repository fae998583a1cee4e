"""A passage of a report that readers speak about."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.discussion import Discussion


class Passage(models.Model):
    """Words of a report's text, and where they stand in it now.

    Named as a TextQuoteSelector of the W3C Web Annotation data model: the words, and what stands
    before and after them. After an edit all three are what the passage has become.
    """

    discussion = models.ForeignKey(Discussion, models.CASCADE, related_name="passages")
    exact = models.TextField(_("passage"))
    prefix = models.CharField(max_length=200, blank=True)
    suffix = models.CharField(max_length=200, blank=True)
    # What an editor asks about it; empty for one that a reader chose.
    question = models.CharField(_("question"), max_length=300, blank=True)
    # Its place among the text's characters that are not white space; empty when it is gone.
    start = models.PositiveIntegerField(null=True, blank=True, editable=False)
    end = models.PositiveIntegerField(null=True, blank=True, editable=False)
    # Approved comments; kept in the transaction that approves or removes one.
    comment_count = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start=None, end=None) | models.Q(end__gt=models.F("start")),
                name="passage_has_a_place_or_none",
            ),
        ]

    def __str__(self) -> str:
        return self.question or self.exact[:60]

    @property
    def is_lost(self) -> bool:
        """Whether the text does not hold it any more."""
        return self.start is None
