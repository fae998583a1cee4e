"""Writers who may not write, or not be read, for a while or for good."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.models.comment import Comment
from comments.models.event import Reason


class Ban(models.Model):
    """One of a writer's marks that is kept out: an account, an address, a browser or a network."""

    class Kind(models.TextChoices):
        ACCOUNT = "account", _("account")
        EMAIL = "email", _("email address")
        BROWSER = "browser", _("browser")
        NETWORK = "network", _("network")

    class Mode(models.TextChoices):
        BAN = "ban", _("may not write")
        SHADOW = "shadow", _("is read by nobody else, and not told so")

    kind = models.CharField(_("of"), max_length=10, choices=Kind)
    mode = models.CharField(_("what"), max_length=10, choices=Mode, default=Mode.BAN)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="bans"
    )
    guest_id = models.UUIDField(null=True)
    # Of an address or a network: a keyed hash, which tells nobody whose it is.
    digest = models.CharField(max_length=64, blank=True)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason, default=Reason.RULES)
    note = models.CharField(_("note"), max_length=500, blank=True)
    # The comment that led to it.
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["digest"], name="ban_digest", condition=~Q(digest="")),
            models.Index(
                fields=["guest_id"], name="ban_browser", condition=Q(guest_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_mode_display()}"
