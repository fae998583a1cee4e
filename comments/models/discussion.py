"""The discussion of one article."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Article, CommentPolicy


class Discussion(models.Model):
    """Whether and how an article is discussed. An article without one follows the site's policy."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed: comments stay, none are added")
        NONE = "none", _("None: no discussion is shown")

    article = models.OneToOneField(Article, models.CASCADE, related_name="discussion")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    policy = models.CharField(
        _("policy"), max_length=10, choices=CommentPolicy, blank=True,
        help_text=_("Empty: as the whole site."),
    )  # fmt: skip
    closes_after = models.PositiveSmallIntegerField(
        _("closes after days"), null=True, blank=True,
        help_text=_("Empty: as the whole site. 0: never."),
    )  # fmt: skip
    # Approved comments; kept in the transaction that approves or removes one.
    comment_count = models.PositiveIntegerField(_("comments"), default=0, editable=False)

    # A digest of the text that the passages were last looked for in.
    anchored_to = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )

    # False where it was read together with the fact that nothing is pinned, or quoted, in it.
    may_have_pinned: bool = True
    may_have_passages: bool = True
    # Where it was read together with it: when a comment last became visible.
    last_approved_at: datetime.datetime | None = None

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")

    def __str__(self) -> str:
        return str(self.article)
