"""A report's history on the desk: who did what, two revisions side by side, one brought back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from articles.admin.desk import DeskAdmin
from articles.differences import field_differences
from articles.models import Article
from articles.revisions import restore_revision

SHOWN = 200  # of each kind; a report with more is read by its public record


class RevisionsAdmin(DeskAdmin):
    """The history of a report, for those who see it; restoring is for those who may edit it."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.desk_path("compare/", self.compare_view, "compare"),
            self.desk_path("restore/<int:revision>/", self.restore_view, "restore"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, _extra_context: Any = None
    ) -> HttpResponse:
        """Show the changes of state and the revisions of a report, the newest first."""
        if not object_id.isdigit():
            raise Http404
        article = self.article_to_see(request, int(object_id))
        light = ("history_id", "history_date", "history_change_reason", "history_user", "status")
        revisions = article.history.select_related("history_user").only(
            *light, "history_user__display_name", "history_user__email"
        )
        return self.desk_page(
            request, "history.html", article, title=_("History"),
            changes=article.state_changes.select_related("by")[:SHOWN],
            revisions=list(revisions[:SHOWN]),
        )  # fmt: skip

    def compare_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show two revisions side by side: ``?from=`` and ``?to=``, else the last two."""
        article = self.article_to_see(request, number)
        old, new = self._chosen(request, article)
        if old.history_id > new.history_id:
            old, new = new, old
        return self.desk_page(
            request, "compare.html", article, title=_("Compare"), old=old, new=new,
            differences=field_differences(old, new),
            may_restore=self.has_change_permission(request, article),
        )  # fmt: skip

    def _chosen(self, request: HttpRequest, article: Article) -> tuple[Any, Any]:
        revisions = article.history.select_related("history_user")
        last_two = list(revisions[:2])
        if not last_two:
            raise Http404
        names = (request.GET.get("from", ""), request.GET.get("to", ""))
        default = (last_two[-1], last_two[0])
        chosen = []
        for name, fallback in zip(names, default, strict=True):
            if not name:
                chosen.append(fallback)
                continue
            if not (name.isascii() and name.isdigit() and len(name) < 19):
                raise Http404
            row = revisions.filter(history_id=int(name)).first()
            if row is None:
                raise Http404
            chosen.append(row)
        return chosen[0], chosen[1]

    def restore_view(self, request: HttpRequest, number: int, revision: int) -> HttpResponse:
        if request.method != "POST":
            raise Http404
        article = self.article_to_edit(request, number)
        row = article.history.filter(history_id=revision).first()
        if row is None:
            raise Http404
        by: Any = request.user
        for message in restore_revision(article=article, revision=row, by=by):
            messages.warning(request, message)
        messages.success(request, _("Restored. What stood in between is still in the history."))
        return HttpResponseRedirect(self.form_url(article))
