"""What was decided about comments and their writers, for good."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.models.comment import Comment, CommentStatus


class Reason(models.TextChoices):
    """What a writer is told that their comment broke."""

    RULES = "rules", _("It breaks our comment rules")
    INSULT = "insult", _("It insults somebody")
    HATE = "hate", _("It stirs up hatred")
    OFF_TOPIC = "off-topic", _("It is not about the report")
    ADVERTISING = "advertising", _("It advertises")
    PERSONAL = "personal", _("It tells private things about somebody")
    UNLAWFUL = "unlawful", _("It may be against the law")
    FALSE = "false", _("It states as a fact what is known to be false")


class ModerationEvent(models.Model):
    """One decision: who, what, why and when. A trigger refuses every change and every deletion.

    So it names nobody but the one who decided, and holds no words of a reader.
    """

    class Action(models.TextChoices):
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        SPAM = "spam", _("marked as spam")
        REMOVED = "removed", _("removed")
        HELD = "held", _("held")
        EDITED = "edited", _("edited")
        PINNED = "pinned", _("pinned")
        UNPINNED = "unpinned", _("unpinned")
        FEATURED = "featured", _("made an editor's pick")
        UNFEATURED = "unfeatured", _("no longer an editor's pick")
        CLOSED = "closed", _("thread closed")
        REOPENED = "reopened", _("thread reopened")
        REPORTED = "reported", _("hidden after reports")
        FLAGGED = "flagged", _("noticed")
        APPEALED = "appealed", _("appealed against")
        UPHELD = "upheld", _("decision upheld")
        BANNED = "banned", _("writer banned")
        SUSPENDED = "suspended", _("writer suspended")
        SHADOWED = "shadowed", _("writer put in shadow")
        LIFTED = "lifted", _("ban lifted")
        FROZEN = "frozen", _("votes frozen")
        UNFROZEN = "unfrozen", _("votes open again")
        VOTES_REMOVED = "votes-removed", _("votes removed")
        SETTLED = "settled", _("vote burst settled")
        CLAIMED = "claimed", _("taken over from a guest by an account")
        UNDONE = "undone", _("undone")
        ERASED = "erased", _("erased by its writer")

    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    action = models.CharField(_("what"), max_length=20, choices=Action)
    # They may go one day, and the log stays as it is: so nothing in the database ties it to them.
    comment = models.ForeignKey(
        Comment, models.DO_NOTHING, null=True, db_constraint=False, related_name="events",
        verbose_name=_("comment"),
    )  # fmt: skip
    article = models.ForeignKey(
        Article, models.DO_NOTHING, null=True, db_constraint=False, related_name="+",
        verbose_name=_("article"),
    )  # fmt: skip
    # Empty for what a rule decided.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False,
        related_name="+", verbose_name=_("who"),
    )  # fmt: skip
    from_status = models.CharField(max_length=10, choices=CommentStatus, blank=True)
    to_status = models.CharField(max_length=10, choices=CommentStatus, blank=True)
    rule = models.CharField(_("rule"), max_length=100, blank=True)
    reason = models.CharField(_("why"), max_length=20, choices=Reason, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    told = models.CharField(
        _("told to the writer"), max_length=300, blank=True, default="", db_default=""
    )
    undoes = models.OneToOneField(
        "self", models.DO_NOTHING, null=True, db_constraint=False, related_name="undone_by"
    )

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("moderation log")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="event_newest"),
            models.Index(fields=["comment", "-id"], name="event_of_comment"),
            models.Index(fields=["rule", "-id"], name="event_of_rule", condition=~Q(rule="")),
        ]

    def __str__(self) -> str:
        return self.get_action_display()

    @property
    def is_automatic(self) -> bool:
        return self.by_id is None
