"""Drives: a goal for a time, once or anew each month."""

import calendar
import datetime
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from donations.money import MAXIMUM, validate_currency
from donations.querysets import CampaignQuerySet


@dataclass(frozen=True)
class Period:
    """The days, first and last included, within which gifts count for a goal."""

    starts_on: datetime.date
    ends_on: datetime.date

    @property
    def before(self) -> datetime.date:
        """The day before its first."""
        return self.starts_on - datetime.timedelta(days=1)


class Campaign(models.Model):
    """A drive with a goal. What it has raised is never stored: the ledger says it.

    What comes in within its days counts for it. A monthly drive begins anew at the publication's
    midnight: its month follows from the clock, so nothing has to run for that.
    """

    class Kind(models.TextChoices):
        ONE_OFF = "one-off", _("Once")
        MONTHLY = "monthly", _("Anew each month")

    label = models.CharField(_("label"), max_length=80, help_text=_("For example: JULY 2022"))
    kind = models.CharField(
        _("kind"), max_length=7, choices=Kind, default=Kind.ONE_OFF, db_default=Kind.ONE_OFF,
        help_text=_("A monthly drive begins anew at midnight and is called after its month."),
    )  # fmt: skip
    goal_minor = models.BigIntegerField(
        _("goal, in minor units"), validators=[MinValueValidator(1)],
        help_text=_("In cents, or whatever is the currency's smallest unit: 500000 is $5,000."),
    )  # fmt: skip
    currency = models.CharField(
        _("currency"), max_length=3, default="USD", validators=[validate_currency]
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(
        _("last day"), null=True, blank=True, help_text=_("A monthly drive may go without.")
    )
    purpose = models.TextField(_("what it pays for"), blank=True)
    is_active = models.BooleanField(
        _("active"), default=True,
        help_text=_("Off: paused; the meter is not shown, and gifts still count."),
    )  # fmt: skip
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(goal_minor__gt=0), name="campaign_has_goal"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(kind="monthly") | Q(ends_on__isnull=False), name="campaign_once_ends"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Raise ValidationError when the days are the wrong way round, or the goal absurd."""
        if self.kind == self.Kind.ONE_OFF and not self.ends_on:
            raise ValidationError({"ends_on": _("Say when it ends, or make it monthly.")})
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day is before the first.")})
        if self.goal_minor and self.goal_minor > MAXIMUM:
            raise ValidationError({"goal_minor": _("The goal is too large to be true.")})

    @staticmethod
    def month_of(day: datetime.date) -> Period:
        """Return the whole month of a day."""
        last = calendar.monthrange(day.year, day.month)[1]
        return Period(day.replace(day=1), day.replace(day=last))

    def period_on(self, day: datetime.date) -> Period:
        """Return the days that count together with one: a month of it, or all of a drive."""
        month = self.month_of(day)
        if self.kind == self.Kind.MONTHLY:
            ends_on = min(month.ends_on, self.ends_on or month.ends_on)
            return Period(max(month.starts_on, self.starts_on), ends_on)
        return Period(self.starts_on, self.ends_on or self.starts_on)

    def label_of(self, period: Period) -> str:
        """Return what the drive is called in a period: JULY 2022, for a monthly one."""
        return month_label(period.starts_on) if self.kind == self.Kind.MONTHLY else self.label

    @property
    def days_left(self) -> int:
        """Days until the drive or its month ends, today included; 0 when it is over."""
        today = timezone.localdate()
        return max(0, (self.period_on(today).ends_on - today).days + 1)


class FormerGoal(models.Model):
    """What a monthly drive's goal was, up to a month: the past keeps the goal it had."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="former_goals")
    until = models.DateField()
    goal_minor = models.BigIntegerField()

    class Meta:
        verbose_name = _("former goal")
        verbose_name_plural = _("former goals")
        ordering = ["until"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "until"], name="former_goal_once"),
            models.CheckConstraint(condition=Q(goal_minor__gt=0), name="former_goal_is_one"),
        ]


class Milestone(models.Model):
    """Words that the meter says from a share of the goal on."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestones")
    percent = models.PositiveSmallIntegerField(
        _("per cent of the goal"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    message = models.CharField(
        _("message"), max_length=200, help_text=_("For example: Half of it is there. Thank you!")
    )

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["percent"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "percent"], name="milestone_once"),
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"


def month_label(day: datetime.date) -> str:
    """Return what a month's drive is called: JULY 2022."""
    return date_format(day, "F Y").upper()
