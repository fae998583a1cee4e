"""The publication itself: what it is called, how it looks, its menus and standing pages."""

import zoneinfo
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from articles.html import clean_html
from articles.models.redirect import SluggedModel


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless value is a zone of the IANA database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(value)s” is not a time zone."), params={"value": value})


at_least_a_day = MinValueValidator(1)


class CommentPolicy(models.TextChoices):
    """Whose comments appear at once."""

    OPEN = "open", _("Open: every comment appears at once")
    HOLD_NEW = "hold-new", _("Hold the first comment of each writer")
    HOLD_ALL = "hold-all", _("Hold every comment")
    ACCOUNTS = "accounts", _("Only accounts may comment; their first is held")
    CLOSED = "closed", _("Closed")


class Publication(models.Model):
    """The identity of the site. There is one row; ``Publication.current()`` returns it."""

    name = models.CharField(_("name"), max_length=120, default="Newsroom")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    logo = models.FileField(_("logo"), upload_to="identity/", blank=True)
    accent_colour = models.CharField(
        _("accent colour"), max_length=7, default="#9b2226",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write it as #rrggbb."))],
    )  # fmt: skip
    contact_email = models.EmailField(_("contact email"), blank=True)
    social_links = models.TextField(
        _("social links"), blank=True, help_text=_("One per line: name, a space, address.")
    )
    footer_text = models.TextField(_("footer"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="UTC", validators=[validate_time_zone]
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="USD",
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Three capital letters, like USD."))],
    )  # fmt: skip
    comment_policy = models.CharField(
        _("discussion policy"), max_length=10, choices=CommentPolicy, default=CommentPolicy.HOLD_NEW
    )
    comments_close_after = models.PositiveSmallIntegerField(
        _("discussions close after days"), null=True, blank=True,
        help_text=_("Counted from a report's publication. Empty: never."),
    )  # fmt: skip
    report_threshold = models.PositiveSmallIntegerField(
        _("reports that hide a comment"), null=True, blank=True, default=5, db_default=5,
        help_text=_(
            "So many readers' reports hide a comment until a moderator decides. Empty: never."
        ),
    )  # fmt: skip
    trust_after = models.PositiveSmallIntegerField(
        _("approved comments that earn trust"), default=1, db_default=1,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Where only new writers are held: whoever has so many approved comments is not held."
        ),
    )  # fmt: skip
    trust_refused = models.PositiveSmallIntegerField(
        _("refused comments that lose trust, in percent"), default=20, db_default=20,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "Of all that was decided about a writer's comments: with more of it rejected or spam,"
            " their comments are held again."
        ),
    )  # fmt: skip
    spam_hold_from = models.PositiveSmallIntegerField(
        _("spam score that holds a comment"), null=True, blank=True, default=80, db_default=80,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
        help_text=_(
            "From 50 to 100. What looks so much like spam waits for a moderator. Empty: never."
        ),
    )  # fmt: skip
    spam_from = models.PositiveSmallIntegerField(
        _("spam score that makes it spam"), null=True, blank=True, default=95, db_default=95,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
        help_text=_(
            "From 50 to 100. What looks so much like spam goes among the spam; of a trusted writer"
            " it waits. Empty: never."
        ),
    )  # fmt: skip
    burst_votes = models.PositiveSmallIntegerField(
        _("votes in ten minutes that may be a burst"), null=True, blank=True, default=10,
        db_default=10, validators=[MinValueValidator(5)],
        help_text=_(
            "With fewer on one comment moderators are never alerted; with more, if they are far"
            " above what is usual and come from one network or from readers never seen before."
            " Empty: never."
        ),
    )  # fmt: skip
    downvotes = models.BooleanField(
        _("votes against"), default=True, db_default=True,
        help_text=_("Off, readers can vote for a comment, not against it."),
    )  # fmt: skip
    # For how long what is known of people is kept: see docs/operators.md, "Personal data".
    address_days = models.PositiveSmallIntegerField(
        _("guests' email addresses"), default=90, db_default=90, validators=[at_least_a_day],
        help_text=_(
            "Days that a comment keeps its writer's address. After that the writer is known again "
            "by a keyed hash only. Who follows a discussion is known as long as they follow it."
        ),
    )  # fmt: skip
    letter_days = models.PositiveSmallIntegerField(
        _("letters"), default=30, db_default=30, validators=[MinValueValidator(2)],
        help_text=_("Days that letters, whom they told of what, and results of tasks are kept."),
    )  # fmt: skip
    follow_days = models.PositiveSmallIntegerField(
        _("guests' subscriptions"), default=365, db_default=365, validators=[at_least_a_day],
        help_text=_("Days without a new comment after which a guest follows no longer."),
    )  # fmt: skip
    network_days = models.PositiveSmallIntegerField(
        _("networks"), default=30, db_default=30, validators=[at_least_a_day],
        help_text=_(
            "Days that the keyed hash of a network is kept; addresses of machines are kept nowhere."
        ),
    )  # fmt: skip
    four_eyes = models.BooleanField(
        _("four eyes"), default=False, db_default=False,
        help_text=_("A report is approved by somebody who neither wrote nor submitted it."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publication")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="publication_only_one"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stylesheet_url(self) -> str:
        """The address of the accent's stylesheet; another colour has another address."""
        return reverse("articles:identity", args=[self.accent_colour.removeprefix("#").lower()])

    @property
    def social_link_pairs(self) -> list[tuple[str, str]]:
        """Name and address of each social link; lines that are no link are left out."""
        pairs = (line.strip().rpartition(" ") for line in self.social_links.splitlines())
        return [
            (name.strip(), address)
            for name, _space, address in pairs
            if name.strip() and address.startswith("https://")
        ]

    @classmethod
    def current(cls) -> "Publication":
        """Return the publication with its menus, in one query; an unsaved one has the defaults."""
        items = MenuItem.objects.values(json=JSONObject(menu="menu", label="label", url="url"))
        row = cls.objects.filter(pk=1).annotate(menu_items=ArraySubquery(items)).first()
        return row or cls(pk=1)

    @property
    def menus(self) -> dict[str, list[dict[str, str]]]:
        """The items of each menu (``label`` and ``url``), of a publication got by ``current()``."""
        grouped: dict[str, list[dict[str, str]]] = {menu: [] for menu in MenuItem.Menu.values}
        for item in getattr(self, "menu_items", []):
            grouped[item["menu"]].append(item)
        return grouped


class Page(SluggedModel):
    """A standing page: about, contact, privacy, comment rules."""

    title = models.CharField(_("title"), max_length=300, blank=True)
    slug = models.SlugField(_("slug"), max_length=200, unique=True, allow_unicode=True)
    body = models.TextField(_("body"), blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children",
        verbose_name=_("part of"),
    )  # fmt: skip
    is_public = models.BooleanField(_("public"), default=True)
    modified_at = models.DateTimeField(_("modified"), auto_now=True)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title or self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a clean body."""
        self.body = clean_html(self.body)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("articles:page", args=[self.slug])


class MenuItem(models.Model):
    """A link of the head's or the foot's menu."""

    class Menu(models.TextChoices):
        HEADER = "header", _("Head")
        FOOTER = "footer", _("Foot")

    menu = models.CharField(_("menu"), max_length=10, choices=Menu, default=Menu.HEADER)
    label = models.CharField(_("label"), max_length=60)
    url = models.CharField(
        _("address"), max_length=500,
        validators=[RegexValidator(r"^(/(?!/)|https?://|mailto:)", _("Begin with / or https://."))],
    )  # fmt: skip
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("menu item")
        verbose_name_plural = _("menu items")
        ordering = ["menu", "position", "pk"]

    def __str__(self) -> str:
        return self.label
