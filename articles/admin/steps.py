"""The steps of the workflow on the desk: buttons that save and step, pages that ask, bulk steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin.desk import DeskAdmin
from articles.models import Article
from articles.workflow import (
    RIGHT,
    STEPS,
    approve_article,
    open_steps,
    publish_article,
    return_article,
    schedule_article,
    submit_article,
    withdraw_article,
)

# Buttons of the form: they save it first. The other steps have a page that asks for a note.
BUTTONS = ("submit", "approve", "schedule", "publish")
ASKED = {
    "return": _("What is to be done? Its authors read this note."),
    "withdraw": _("What are readers told in its place?"),
}
DONE = {
    "submit": _("Submitted. The editors see it under “Waiting for review”."),
    "approve": _("Approved."),
    "schedule": _("Scheduled. It appears by itself."),
    "publish": _("Published. Readers see it now."),
    "return": _("Returned to draft."),
    "withdraw": _("Withdrawn. Its address answers with your notice."),
}
NOTE_LENGTH = 5_000


class StepsAdmin(DeskAdmin):
    """Takes a report from state to state. ``workflow`` decides who may and when."""

    actions = ["submit_selected", "approve_selected", "publish_selected", "return_selected"]

    def get_urls(self) -> list[URLPattern]:
        return [self.desk_path("step/<slug:name>/", self.step_view, "step"), *super().get_urls()]

    def pressed_step(self, request: HttpRequest) -> str | None:
        """Return the step whose button of the form was pressed."""
        return next((name for name in BUTTONS if f"_{name}" in request.POST), None)

    def take_pressed_step(self, request: HttpRequest, article: Article, at: Any) -> None:
        """Take the step of the pressed button, once the form is saved, and say what came of it."""
        by: Any = request.user
        match self.pressed_step(request):
            case "submit":
                self._take(request, "submit", lambda: submit_article(article=article, by=by))
            case "approve":
                self._take(request, "approve", lambda: approve_article(article=article, by=by))
            case "schedule":
                self._take(
                    request, "schedule", lambda: schedule_article(article=article, by=by, at=at)
                )
            case "publish":
                self._take(request, "publish", lambda: publish_article(article=article, by=by))

    def _take(self, request: HttpRequest, name: str, step: Callable[[], None]) -> None:
        try:
            step()
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            messages.warning(request, _("Saved, but its state was not changed."))
        except PermissionDenied as error:
            messages.error(request, str(error))
        else:
            messages.success(request, DONE[name])

    def step_buttons(self, request: HttpRequest, article: Article | None) -> list[dict[str, Any]]:
        """Return name and label of the steps that the form of this report offers."""
        user: Any = request.user
        if article is None:
            names = ["submit", *(["schedule", "publish"] if user.has_perm(RIGHT) else [])]
        else:
            names = [name for name in open_steps(article, user) if name in BUTTONS]
        return [{"name": f"_{name}", "label": STEPS[name].label} for name in names]

    def step_view(self, request: HttpRequest, number: int, name: str) -> HttpResponse:
        """Ask for the note of a step that needs one, and take it. For those who may take it."""
        if name not in ASKED:
            raise Http404
        article, user = self.article_to_see(request, number), request.user
        if name not in open_steps(article, user):  # type: ignore[arg-type]
            raise PermissionDenied
        note = request.POST.get("note", "").replace("\x00", "")[:NOTE_LENGTH]
        errors: list[str] = []
        if request.method == "POST":
            by: Any = user
            try:
                if name == "withdraw":
                    withdraw_article(article=article, by=by, notice=note)
                else:
                    return_article(article=article, by=by, note=note)
            except ValidationError as error:
                errors = error.messages
            else:
                messages.success(request, DONE[name])
                return HttpResponseRedirect(self.form_url(article))
        return self.desk_page(
            request, "step.html", article, title=STEPS[name].label, question=ASKED[name],
            note=note, errors=errors, is_withdrawal=name == "withdraw", note_length=NOTE_LENGTH,
        )  # fmt: skip

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    @admin.action(description=_("Submit for review"), permissions=["change"])
    def submit_selected(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._take_all(request, articles, submit_article)

    @admin.action(description=_("Approve"), permissions=["publish"])
    def approve_selected(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._take_all(request, articles, approve_article)

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._take_all(request, articles, publish_article)

    @admin.action(description=_("Return to draft"), permissions=["change"])
    def return_selected(self, request: HttpRequest, articles: QuerySet[Article]) -> None:
        self._take_all(request, articles, return_article)

    def _take_all(
        self, request: HttpRequest, articles: QuerySet[Article], step: Callable[..., None]
    ) -> None:
        """Take a step with each report, and say which could not be taken and why."""
        taken = 0
        for article in articles.select_related("lead_image"):
            try:
                step(article=article, by=request.user)
                taken += 1
            except ValidationError as error:
                messages.error(request, f"{article}: {' '.join(error.messages)}")
            except PermissionDenied as error:
                messages.error(request, f"{article}: {error}")
        if taken:
            text = ngettext("%d report changed.", "%d reports changed.", taken)
            messages.success(request, text % taken)
