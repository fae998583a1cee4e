"""The report: what is written, edited, published and read."""

import math
import re
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from articles.html import clean_html
from articles.models.redirect import SluggedModel
from articles.models.taxonomy import Tag
from articles.querysets import ArticleQuerySet

WORDS_PER_MINUTE = 230  # silent reading of non-fiction in English: Brysbaert 2019 gives 238


class Kind(models.TextChoices):
    REPORT = "report", _("Report")
    ANALYSIS = "analysis", _("Analysis")
    OPINION = "opinion", _("Opinion")
    LIVE = "live", _("Live")
    VIDEO = "video", _("Video")


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Readers see these from ``published_at`` on. The partial indexes and constraints say the same.
PUBLIC = (Status.SCHEDULED, Status.PUBLISHED)
_PUBLIC = Q(status__in=PUBLIC)

_REVISION_MODELS = {
    "Article": "Revision", "Byline": "RevisionByline", "Article_tags": "RevisionTag",
    "Article_related": "RevisionRelated",
}  # fmt: skip


class Byline(models.Model):
    """One author's place in a report's byline."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="bylines")
    author = models.ForeignKey(
        "articles.Author", models.PROTECT, related_name="bylines", verbose_name=_("author")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "author"], name="byline_once"),
        ]

    def __str__(self) -> str:
        return str(self.author)


# Revisions are kept by name (``revisions.keep_revision``), not by every save. What they hold of
# other tables has to be known by the time the article is: bylines stand above, tags are imported.
RECORDS = HistoricalRecords(
    custom_model_name=lambda name: _REVISION_MODELS[name],
    excluded_fields=["search_vector"],
    m2m_fields=["authors", "tags", "related"],
    cascade_delete_history=True,
)


class Article(SluggedModel):
    """A report. It is public when published, or scheduled and its time has come.

    Saving sanitises the body and refreshes the search index; ``workflow`` changes the state, and
    ``revisions`` keeps what was saved.
    """

    headline = models.CharField(_("headline"), max_length=500, blank=True)
    slug = models.SlugField(_("slug"), max_length=200, unique=True, allow_unicode=True)
    lede = models.TextField(_("lede"), blank=True, help_text=_("One or two sentences."))
    body = models.TextField(_("body"), blank=True)
    key_points = models.TextField(_("key points"), blank=True, help_text=_("One per line."))
    dateline = models.CharField(
        _("dateline"), max_length=120, blank=True, help_text=_("Where it was reported from.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.REPORT)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="en"
    )
    section = models.ForeignKey(
        "articles.Section", models.PROTECT, related_name="articles", verbose_name=_("section")
    )
    series = models.ForeignKey(
        "articles.Series", models.SET_NULL, null=True, blank=True, related_name="articles",
        verbose_name=_("series"),
    )  # fmt: skip
    series_part = models.PositiveSmallIntegerField(_("part"), null=True, blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="articles", verbose_name=_("tags"))
    authors = models.ManyToManyField("articles.Author", through=Byline, related_name="articles")
    lead_image = models.ForeignKey(
        "articles.Image", models.SET_NULL, null=True, blank=True, related_name="led_articles",
        verbose_name=_("lead image"),
    )  # fmt: skip
    related = models.ManyToManyField("self", blank=True, verbose_name=_("related articles"))

    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    embargo_until = models.DateTimeField(
        _("embargo until"), null=True, blank=True,
        help_text=_("It cannot appear before this time, whoever publishes it."),
    )  # fmt: skip
    withdrawal_notice = models.TextField(
        _("notice of withdrawal"), blank=True, editable=False, db_default="",
        help_text=_("What readers are told in its place."),
    )  # fmt: skip
    updated_at = models.DateTimeField(
        _("updated"), null=True, blank=True,
        help_text=_("Shown to readers when the report has changed since publication."),
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False,
        related_name="+",
    )  # fmt: skip
    created_at = models.DateTimeField(auto_now_add=True)
    modified_at = models.DateTimeField(auto_now=True)
    search_vector = SearchVectorField(null=True, editable=False)
    # Counts the saves, so that one who edits an older state than the newest is told.
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    history: Any = RECORDS
    skip_history_when_saving = True
    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-pk"]
        permissions = [
            ("publish_article", "Can publish, schedule and unpublish articles"),
            ("edit_any_article", "Can edit articles of other authors"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~_PUBLIC | Q(published_at__isnull=False),
                name="article_public_has_its_time",
            ),
            models.CheckConstraint(
                condition=~_PUBLIC
                | Q(embargo_until=None)
                | Q(published_at__gte=F("embargo_until")),
                name="article_not_before_embargo",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], name="article_newest",
                condition=_PUBLIC,
            ),
            models.Index(
                fields=["section", "-published_at", "-id"], name="article_newest_of_section",
                condition=_PUBLIC,
            ),
            GinIndex(fields=["search_vector"], name="article_search"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a clean body, and the search index in step."""
        self.body = clean_html(self.body)
        super().save(*args, **kwargs)
        type(self).objects.filter(pk=self.pk).index_for_search()

    def get_absolute_url(self) -> str:
        return reverse("articles:detail", args=[self.slug])

    @property
    def title(self) -> str:
        """The headline, or what stands for it where a report came without one."""
        if self.headline:
            return self.headline
        when = self.published_at or self.created_at or timezone.now()
        return _("Untitled, %(date)s") % {"date": timezone.localtime(when).strftime("%Y-%m-%d")}

    @property
    def is_public(self) -> bool:
        """Whether readers may see it now."""
        return (
            self.status in PUBLIC
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def text_direction(self) -> str:
        """``rtl`` for a language written from right to left, else ``ltr``."""
        return "rtl" if self.language.partition("-")[0] in {"ar", "fa", "he", "ur"} else "ltr"

    @property
    def reading_minutes(self) -> int:
        """How long the body takes to read, in minutes, at least one."""
        words = len(re.sub(r"<[^>]+>", " ", self.body).split())
        return max(1, math.ceil(words / WORDS_PER_MINUTE))

    @property
    def key_point_lines(self) -> list[str]:
        return [line.strip() for line in self.key_points.splitlines() if line.strip()]

    @property
    def is_labelled(self) -> bool:
        """Whether readers are told the kind: whatever is not a plain report."""
        return self.kind != Kind.REPORT
