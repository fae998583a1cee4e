"""What the desk notes about reports: their states, who has them open, what is not yet saved."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article, Status


class StateChange(models.Model):
    """One step of a report's way to its readers: who took it and when. Never changed."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="state_changes")
    from_status = models.CharField(_("from"), max_length=10, choices=Status)
    to_status = models.CharField(_("to"), max_length=10, choices=Status)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("by"), help_text=_("Empty when a program did it."),
    )  # fmt: skip
    at = models.DateTimeField(_("at"), default=timezone.now)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["article", "-at", "-id"], name="state_change_newest")]

    def __str__(self) -> str:
        return f"{self.get_from_status_display()} → {self.get_to_status_display()}"


class EditLock(models.Model):
    """Who has a report open for editing. It lapses when its page is no longer heard of."""

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="edit_lock"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.article_id}: {self.user}"


class Autosave(models.Model):
    """What somebody typed into a report's form and has not saved yet; one for each of both."""

    article = models.ForeignKey(
        Article, models.CASCADE, null=True, related_name="autosaves"
    )  # none: a report that was never saved
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    fields = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)  # the article's version it was typed over
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["article", "user"], name="autosave_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.user}"


class PreviewLink(models.Model):
    """A link that shows a report before it is published to somebody without an account.

    The address carries the signed number of this row, so nothing secret is stored.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="preview_links")
    label = models.CharField(
        _("for"), max_length=120, blank=True, help_text=_("Whom you give it to.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label or str(self.created_at)
