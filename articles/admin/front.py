"""The front page on the desk: one page on which it is looked at and arranged."""

import datetime
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from articles import curation
from articles.front_page import TOP_STORIES, front_page
from articles.models import PUBLIC, Article, FrontSlot, Publication

FOUND = 12
MAX_QUERY = 200
TEMPLATE = "admin/articles/frontslot/front_page.html"
# A scripted page asks for the part it will replace; without script the whole page comes anew.
PART = "X-Part"
LEAD, TOP = FrontSlot.Place.LEAD, FrontSlot.Place.TOP


@dataclass
class Row:
    """A report at a place of the board. ``index``: among those that were placed there."""

    article: Article
    slot: FrontSlot | None = None
    place: str = TOP
    index: int = 0
    is_last: bool = True
    has_room: bool = True


class MoveForm(forms.Form):
    place = forms.ChoiceField(choices=FrontSlot.Place.choices)
    index = forms.IntegerField(min_value=0, max_value=curation.MAX_PLACED)


class ExpiryForm(forms.Form):
    until = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


@admin.register(FrontSlot)
class FrontSlotAdmin(ModelAdmin):
    """Whoever may see the places sees the page; the model's permissions say what they may do."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.changelist_view)
        return [path("", view, name="articles_frontslot_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._arrange(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        if request.headers.get(PART) == "found":
            return render(request, f"{TEMPLATE}#found", self._search(request))
        context = {
            **self.admin_site.each_context(request), **self._board(request),
            **self._search(request), "title": _("Front page"), "opts": self.opts,
            **(extra_context or {}),
        }  # fmt: skip
        return TemplateResponse(request, TEMPLATE, context)

    def _arrange(self, request: HttpRequest) -> HttpResponse:
        """Do what was asked for, and show how the page stands then; or say why it was not done."""
        status, said = HTTPStatus.OK, ""
        try:
            said = _do(request)
        except curation.StaleArrangementError as error:
            status, said = HTTPStatus.CONFLICT, " ".join(error.messages)
        except ValidationError as error:
            status, said = HTTPStatus.BAD_REQUEST, " ".join(error.messages)
        if request.headers.get(PART) == "board":
            context = self._board(request) | {"said": said}
            return render(request, f"{TEMPLATE}#board", context, status=status)
        messages.add_message(
            request, messages.SUCCESS if status == HTTPStatus.OK else messages.ERROR, said
        )
        return HttpResponseRedirect(request.get_full_path())

    def _board(self, request: HttpRequest) -> dict[str, Any]:
        slots = curation.all_slots()
        page = front_page()
        shown = {article.pk for article in [page.lead, *page.top] if article}
        by_time = [article for article in page.top if article.pk not in _articles_of(slots)]
        leads = _placed_rows(slots, LEAD, shown)
        if page.lead and page.lead.pk not in _articles_of(slots):
            leads.append(Row(page.lead, place=LEAD))
        return {
            "leads": leads,
            "tops": _placed_rows(slots, TOP, shown) + [Row(article) for article in by_time],
            "expired": [slot for slot in slots if slot.is_expired],
            "version": curation.version_of(slots),
            "may_place": self.has_add_permission(request),
            "may_move": self.has_change_permission(request),
            "may_take_off": self.has_delete_permission(request),
            "time_zone": Publication.current().time_zone,
            "room": TOP_STORIES,
        }

    def _search(self, request: HttpRequest) -> dict[str, Any]:
        """Return what was asked for and the reports that match; the newest, asked for nothing."""
        query = re.sub("[\x00\ud800-\udfff]", "", request.GET.get("q", ""))[:MAX_QUERY].strip()
        rows = Article.objects.filter(status__in=PUBLIC, front_slot=None)
        for word in query.split():
            rows = rows.filter(headline__icontains=word)
        rows = rows.select_related("section").defer("body", "search_vector").newest_first()
        return {
            "query": query, "found": rows[:FOUND], "may_place": self.has_add_permission(request),
            "version": curation.version_of(curation.all_slots()),
        }  # fmt: skip


def _articles_of(slots: list[FrontSlot]) -> set[int]:
    return {slot.article_id for slot in slots if not slot.is_expired}


def _placed_rows(slots: list[FrontSlot], place: str, shown: set[int]) -> list[Row]:
    there = [slot for slot in slots if slot.place == place and not slot.is_expired]
    return [
        Row(
            slot.article, slot, place, index, index == len(there) - 1,
            has_room=slot.article_id in shown or not slot.is_seen,
        )
        for index, slot in enumerate(there)
    ]  # fmt: skip


def _do(request: HttpRequest) -> str:
    """Do the posted action; return what to tell. Raises PermissionDenied, ValidationError."""
    by: Any = request.user
    article = _posted_article(request)
    seen = request.POST.get("seen", "")
    action = request.POST.get("action")
    names = {"headline": article.title}
    if action == "place":
        place = request.POST.get("place", "")
        curation.place_article(article=article, by=by, place=place, seen=seen)
        said = _("“%(headline)s” is on the front page.")
    elif action == "move":
        form = MoveForm(request.POST)
        if not form.is_valid():
            raise ValidationError(_("There is no such place on the front page."))
        curation.move_slot(article=article, by=by, seen=seen, **form.cleaned_data)
        said = _("“%(headline)s” was moved.")
    elif action == "expiry":
        curation.set_expiry(article=article, by=by, seen=seen, expires_at=_posted_expiry(request))
        said = _("“%(headline)s”: its time is set.")
    elif action == "take_off":
        curation.take_off(article=article, by=by, seen=seen)
        said = _("“%(headline)s” was taken off. Time decides where it stands.")
    else:
        raise ValidationError(_("There is nothing of that kind to do here."))
    return said % names


def _posted_article(request: HttpRequest) -> Article:
    field = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    try:
        number = field.clean(request.POST.get("article"))
        return Article.objects.defer("body", "search_vector").get(pk=number)
    except (ValidationError, Article.DoesNotExist):
        raise ValidationError(_("There is no such report.")) from None


def _posted_expiry(request: HttpRequest) -> datetime.datetime | None:
    """Return the time of a quick choice, or the one entered (in the publication's zone)."""
    now = timezone.localtime()
    choice = request.POST.get("choice")
    if choice == "never":
        return None
    if choice == "day":
        return now + datetime.timedelta(days=1)
    if choice == "tonight":
        tomorrow = (now + datetime.timedelta(days=1)).date()
        return datetime.datetime.combine(tomorrow, datetime.time.min, now.tzinfo)
    form = ExpiryForm(request.POST)
    if not form.is_valid():
        raise ValidationError(_("Enter a date and a time."))
    until: datetime.datetime = form.cleaned_data["until"]
    return until
