"""Looking at a report before its publication, and lending the look to people without an account."""

import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from articles.admin.desk import DeskAdmin
from articles.models import PreviewLink
from articles.previews import create_preview_link, is_working, preview_path, revoke_preview_link
from articles.views.reading import preview_page

_LASTS = [(1, _("An hour")), (24, _("A day")), (24 * 7, _("A week")), (24 * 30, _("30 days"))]


class PreviewLinkForm(forms.Form):
    """Whom a new link is for, and how many hours it lasts."""

    label = forms.CharField(
        label=_("For"), max_length=120, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("Whom you give it to, so that you know which one to revoke."),
    )  # fmt: skip
    hours = forms.TypedChoiceField(
        label=_("Works for"), choices=_LASTS, coerce=int, initial=24,
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip


class PreviewsAdmin(DeskAdmin):
    """Previews of a report. Looking is for those who see it, lending for those who may edit it."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.desk_path("preview/", self.preview_view, "preview"),
            self.desk_path("previews/", self.previews_view, "previews"),
            self.desk_path("previews/<int:link>/revoke/", self.revoke_view, "revoke_preview"),
            *super().get_urls(),
        ]

    def preview_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show the report as last saved, exactly as readers will see it."""
        return preview_page(request, self.article_to_see(request, number))

    def previews_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """List a report's preview links, and make a new one."""
        article, user = self.article_to_edit(request, number), request.user
        form = PreviewLinkForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            lasts = datetime.timedelta(hours=form.cleaned_data["hours"])
            by: Any = user
            create_preview_link(
                article=article, by=by, lasts=lasts, label=form.cleaned_data["label"]
            )
            messages.success(request, _("The link is made. Copy it below."))
            return HttpResponseRedirect(self._previews_url(number))
        links = [
            {
                "link": link,
                "is_working": is_working(link),
                "address": request.build_absolute_uri(preview_path(link)),
            }
            for link in article.preview_links.select_related("created_by")
        ]
        return self.desk_page(
            request, "previews.html", article, title=_("Preview links"), form=form, links=links
        )

    def revoke_view(self, request: HttpRequest, number: int, link: int) -> HttpResponse:
        if request.method != "POST":
            raise Http404
        article = self.article_to_edit(request, number)
        revoke_preview_link(get_object_or_404(PreviewLink, pk=link, article=article))
        messages.success(request, _("Revoked. The link shows nothing any more."))
        return HttpResponseRedirect(self._previews_url(number))

    def _previews_url(self, number: int) -> str:
        return reverse("admin:articles_article_previews", args=[number])
