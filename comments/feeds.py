"""The feed of a report's discussion."""

import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from articles.feeds import ContentFeed
from articles.feeds.formats import absolute_html, storable
from articles.models import Article
from comments.models import Comment, Discussion
from comments.views.reading import article_named
from pagecache import cached_page, shows

LENGTH = 50


@cached_page()
class DiscussionFeed(ContentFeed):
    """The newest approved comments on a report, with name and text and nothing else of a writer."""

    def get_object(self, _request: HttpRequest, slug: str) -> Article:
        article = article_named(slug)
        discussion = Discussion.objects.filter(article=article).first()
        if discussion is not None:
            shows(f"discussion:{discussion.pk}")
            if discussion.state == Discussion.State.NONE:
                raise Http404
        shows(f"article:{article.pk}")
        return article

    def last_change(self, _obj: Article) -> None:
        """Nothing: a comment that was removed leaves no time. Readers ask again by the ETag."""

    def title(self, obj: Article) -> str:
        return storable(_("Comments on “%(title)s”") % {"title": obj.title})

    def description(self, obj: Article) -> str:
        return self.title(obj)

    def subtitle(self, obj: Article) -> str:
        return self.title(obj)

    def link(self, obj: Article) -> str:
        return obj.get_absolute_url()

    def items(self, obj: Article) -> list[Comment]:
        rows = Comment.objects.filter(discussion__article=obj).approved()
        return list(rows.to_show().order_by("-created_at", "-pk")[:LENGTH])

    def item_title(self, item: Comment) -> str:
        return storable(_("%(name)s writes") % {"name": item.author_name})

    def item_description(self, _item: Comment) -> str:
        return ""

    def item_guid(self, item: Comment) -> str:
        return self.identity("comment", item.pk)

    def item_pubdate(self, item: Comment) -> datetime.datetime:
        return item.created_at

    def item_updateddate(self, item: Comment) -> datetime.datetime:
        return item.edited_at or item.created_at

    def item_categories(self, _item: Comment) -> list[str]:
        return []

    def item_extra_kwargs(self, item: Comment) -> dict[str, Any]:
        return {
            "authors": [storable(item.author_name)],
            "content": absolute_html(item.body_html, self.absolute(item.get_absolute_url())),
            "image": "",
            "language": "",
        }
