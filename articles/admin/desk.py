"""What the report's pages of the desk share: finding the report, and drawing a page about it."""

from typing import Any

from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin

from articles.models import Article


class DeskAdmin(ModelAdmin):
    """An admin of reports with pages of its own under a report's address."""

    def desk_path(self, route: str, view: Any, name: str) -> URLPattern:
        """Return the URL of a view under ``<number>/``, for staff only."""
        guarded = self.admin_site.admin_view(view)
        pattern: URLPattern = path(
            f"<int:number>/{route}", guarded, name=f"articles_article_{name}"
        )
        return pattern

    def article_to_see(self, request: HttpRequest, number: int) -> Article:
        """Return a report this user may see. Raises Http404, PermissionDenied."""
        article: Article | None = self.get_object(request, str(number))
        if article is None:
            raise Http404
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def article_to_edit(self, request: HttpRequest, number: int) -> Article:
        """Return a report this user may edit. Raises Http404, PermissionDenied."""
        article = self.article_to_see(request, number)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article

    def desk_page(
        self, request: HttpRequest, template: str, article: Article, **context: Any
    ) -> HttpResponse:
        """Return a page about a report in the admin's frame."""
        return TemplateResponse(
            request,
            f"admin/articles/article/{template}",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": article,
                "article": article,
                **context,
            },
        )

    def form_url(self, article: Article) -> str:
        return reverse("admin:articles_article_change", args=[quote(article.pk)])
