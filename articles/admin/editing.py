"""The open form of a report: the lock, what is typed and not saved, and the way back to it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import editing
from articles.admin.desk import DeskAdmin
from articles.models import Article, EditLock

MAX_VERSION = 2**31 - 1


class EditingAdmin(DeskAdmin):
    """Tells who has a report open, and keeps what is typed until it is saved.

    Every view here is for those who may edit the report (or add one), and only takes POSTs.
    """

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "autosave/", self.admin_site.admin_view(self.autosave_new_view),
                name="articles_article_autosave_new",
            ),
            self.desk_path("autosave/", self.autosave_view, "autosave"),
            self.desk_path("open/", self.open_view, "open"),
            self.desk_path("take-over/", self.take_over_view, "take_over"),
            self.desk_path("close/", self.close_view, "close"),
            *super().get_urls(),
        ]  # fmt: skip

    def editing_context(self, request: HttpRequest, article: Article | None) -> dict[str, Any]:
        """Return what the form's page says of the lock and of unsaved text; opens the lock."""
        user: Any = request.user
        unsaved = editing.unsaved_text(article=article, user=user)
        is_shown = unsaved is not None and "unsaved" in request.GET
        addresses = {"autosave": reverse("admin:articles_article_autosave_new")}
        lock = None
        if article is not None:
            lock = editing.open_for_editing(article=article, user=user)
            addresses = {
                name: reverse(f"admin:articles_article_{name}", args=[article.pk])
                for name in ("autosave", "open", "close")
            }
        return {
            "desk_addresses": addresses,
            "lock_of_another": lock if lock is not None and lock.user_id != user.pk else None,
            "unsaved": unsaved,
            "is_unsaved_shown": is_shown,
            "is_unsaved_outdated": bool(
                unsaved and article is not None and unsaved.version != article.version
            ),
        }

    def autosave_new_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            return JsonResponse({"error": _("You may not write reports.")}, status=403)
        return self._autosave(request, None)

    def autosave_view(self, request: HttpRequest, number: int) -> HttpResponse:
        return self._autosave(request, self.article_to_edit(request, number))

    def _autosave(self, request: HttpRequest, article: Article | None) -> HttpResponse:
        """Keep what was typed; with ``discard`` among the fields, forget it."""
        self._only_post(request)
        user: Any = request.user
        if "discard" in request.POST:
            editing.discard_unsaved(article=article, user=user)
            add = reverse("admin:articles_article_add")
            return HttpResponseRedirect(add if article is None else self.form_url(article))
        sent = request.POST.get("version", "")
        version = min(int(sent), MAX_VERSION) if sent.isascii() and sent.isdigit() else 0
        row = editing.keep_unsaved(
            article=article, user=user, fields=request.POST.dict(), version=version
        )
        when = date_format(timezone.localtime(row.saved_at), "TIME_FORMAT")
        return JsonResponse({"said": _("Kept at %(time)s, not saved yet") % {"time": when}})

    def open_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Tell whether the report is still this user's to edit, and who has it if not."""
        self._only_post(request)
        article, user = self.article_to_edit(request, number), request.user
        lock = editing.open_for_editing(article=article, user=user)  # type: ignore[arg-type]
        is_mine = lock.user_id == user.pk
        return JsonResponse({"is_mine": is_mine, "said": "" if is_mine else said_of(lock)})

    def take_over_view(self, request: HttpRequest, number: int) -> HttpResponse:
        self._only_post(request)
        article = self.article_to_edit(request, number)
        editing.take_over(article=article, user=request.user)  # type: ignore[arg-type]
        return HttpResponseRedirect(self.form_url(article))

    def close_view(self, request: HttpRequest, number: int) -> HttpResponse:
        self._only_post(request)
        article = self.article_to_edit(request, number)
        editing.close(article=article, user=request.user)  # type: ignore[arg-type]
        return HttpResponse(status=204)

    def _only_post(self, request: HttpRequest) -> None:
        if request.method != "POST":
            raise Http404


def said_of(lock: EditLock) -> str:
    """Return who has a report open and since when, as a sentence."""
    when = date_format(timezone.localtime(lock.opened_at), "TIME_FORMAT")
    return _("%(name)s has this report open since %(time)s.") % {"name": lock.user, "time": when}
