"""What readers tell moderators about a comment, and what its writer asks of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.event import ModerationEvent, Reason


class Report(models.Model):
    """A reader's word that a comment should not stand, one of each reader; or a rule's."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    guest_id = models.UUIDField(null=True)  # the signed cookie of a guest's browser
    # The name of the rule that noticed it, where no reader did.
    rule = models.CharField(_("rule"), max_length=100, blank=True, default="", db_default="")
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    text = models.CharField(_("in your words"), max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # The decision that answered it; empty while it waits for one.
    answer = models.ForeignKey(
        ModerationEvent, models.DO_NOTHING, null=True, db_constraint=False, related_name="reports"
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="report_once_by_account"),
            models.UniqueConstraint(fields=["comment", "guest_id"], name="report_once_by_guest"),
            models.CheckConstraint(
                condition=models.Q(rule="") & (models.Q(user=None) ^ models.Q(guest_id=None))
                | ~models.Q(rule="") & models.Q(user=None, guest_id=None),
                name="report_of_one_reader_or_rule",
            ),
        ]
        indexes = [
            models.Index(
                fields=["comment"], name="report_unanswered", condition=models.Q(answer=None)
            )
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class Appeal(models.Model):
    """What a writer says against a decision on their comment; once, to another moderator."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="appeal")
    against = models.ForeignKey(
        ModerationEvent, models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    text = models.CharField(_("why it should stand"), max_length=1_000)
    created_at = models.DateTimeField(default=timezone.now)
    answer = models.ForeignKey(
        ModerationEvent, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        indexes = [
            models.Index(
                fields=["created_at"], name="appeal_unanswered", condition=models.Q(answer=None)
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
