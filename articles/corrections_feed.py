"""The feed of corrections."""

import datetime

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.clock import next_publication
from articles.models import Correction, Publication
from pagecache import cached_page, changes_at

LENGTH = 30


@cached_page("corrections", "articles")
@method_decorator(require_safe, name="__call__")
class CorrectionsFeed(Feed[Correction, None]):
    """The newest corrections of all reports. Public."""

    def title(self) -> str:
        return _("Corrections: %(name)s") % {"name": Publication.current().name}

    def link(self) -> str:
        return reverse("articles:corrections")

    def description(self) -> str:
        return _("What was put right after publication.")

    def items(self) -> QuerySet[Correction]:
        changes_at(next_publication)
        return Correction.objects.on_record()[:LENGTH]

    def item_title(self, item: Correction) -> str:
        return f"{item.get_kind_display()}: {item.article.title}"

    def item_description(self, item: Correction) -> str:
        return item.text

    def item_pubdate(self, item: Correction) -> datetime.datetime:
        return item.issued_at

    def item_guid(self, item: Correction) -> str:
        return f"correction-{item.pk}"

    item_guid_is_permalink = False
