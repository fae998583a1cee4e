"""What moderators let a machine decide."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.comment import CommentStatus
from comments.models.event import Reason


class Outcome(models.TextChoices):
    """What becomes of a comment; the strictest last."""

    REPORT = "report", _("Report: it appears, and moderators are told")
    HOLD = "hold", _("Hold: it waits for a moderator")
    REJECT = "reject", _("Reject: its writer is told why, and may appeal")
    SPAM = "spam", _("Spam: it goes among the spam")

    @property
    def status(self) -> CommentStatus:
        return STATUS_OF[self]

    @property
    def strictness(self) -> int:
        return list(Outcome).index(self)


STATUS_OF = {
    Outcome.REPORT: CommentStatus.APPROVED,
    Outcome.HOLD: CommentStatus.HELD,
    Outcome.REJECT: CommentStatus.REJECTED,
    Outcome.SPAM: CommentStatus.SPAM,
}


class Rule(models.Model):
    """One rule for comments: what it looks for, and what it does when it finds it.

    Which of ``entries``, ``number``, ``minutes`` and ``share`` it goes by depends on its kind.
    """

    class Kind(models.TextChoices):
        WORDS = "words", _("Words")
        PATTERNS = "patterns", _("Patterns")
        LINKS = "links", _("Links")
        FLOOD = "flood", _("Flood: many comments of one writer")
        DUPLICATES = "duplicates", _("Duplicates: the same text again")
        CAPITALS = "capitals", _("Capitals")

    name = models.CharField(
        _("name"), max_length=80, unique=True,
        help_text=_("Writers are told it, and the log keeps it."),
    )  # fmt: skip
    kind = models.CharField(_("looks for"), max_length=12, choices=Kind, default=Kind.WORDS)
    outcome = models.CharField(_("does"), max_length=10, choices=Outcome, default=Outcome.HOLD)
    is_active = models.BooleanField(_("active"), default=True)
    spares_trusted = models.BooleanField(
        _("not for trusted writers"), default=False,
        help_text=_("Lets writers be whose record speaks for them."),
    )  # fmt: skip
    entries = models.TextField(_("list"), blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    share = models.PositiveSmallIntegerField(_("percent"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, default=Reason.RULES)
    told = models.CharField(
        _("message for the writer"), max_length=300, blank=True,
        help_text=_("Empty: a sentence that says what was found."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
