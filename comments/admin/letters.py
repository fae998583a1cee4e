"""Letters in the admin: what waits, what failed; and, without a mail server, the outbox."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.mail import mailers
from django.core.mail.backends.filebased import EmailBackend
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe
from unfold.admin import ModelAdmin
from unfold.decorators import display

from comments.models import Letter
from comments.tasks import schedule_sending

NEWEST = 100  # messages on the outbox's page
SEPARATOR = b"-" * 79  # what Django's file mailer writes between messages
BARE_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "sandbox": ["allow-popups"],
}


class StateFilter(admin.SimpleListFilter):
    """Letters by what became of them."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("Waiting")), ("failed", _("Given up")), ("sent", _("Sent"))]

    def queryset(self, _request: HttpRequest, letters: QuerySet[Letter]) -> QuerySet[Letter]:
        match self.value():
            case "waiting":
                return letters.filter(sent_at=None, is_given_up=False)
            case "failed":
                return letters.filter(is_given_up=True)
            case "sent":
                return letters.filter(sent_at__isnull=False)
        return letters


@admin.register(Letter)
class LetterAdmin(ModelAdmin):
    """Read only, but for sending again what could not be sent."""

    list_display = ["__str__", "address", "discussion", "state", "due_at", "attempts", "error"]
    list_filter = [StateFilter, "kind"]
    list_select_related = ["discussion__article"]
    search_fields = ["address"]
    ordering = ["-created_at"]
    show_full_result_count = False
    actions = ["send_again"]
    list_before_template = "admin/comments/letter/outbox_link.html"
    fields = [
        "kind", "address", "discussion", "created_at", "due_at", "sent_at", "attempts", "error",
        "is_given_up",
    ]  # fmt: skip
    readonly_fields = fields

    @display(  # type: ignore[untyped-decorator]
        description=_("state"), label={"sent": "success", "waiting": "warning", "failed": "danger"}
    )
    def state(self, letter: Letter) -> tuple[str, Any]:
        if letter.sent_at:
            return "sent", _("Sent")
        return ("failed", _("Given up")) if letter.is_given_up else ("waiting", _("Waiting"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {**(extra_context or {}), "has_outbox": has_outbox()}
        page: HttpResponse = super().changelist_view(request, context)
        return page

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("outbox/", wrap(self.outbox), name="comments_letter_outbox"),
            path(
                "outbox/<str:name>/<int:number>/",
                wrap(self.message),
                name="comments_letter_message",
            ),
            *super().get_urls(),
        ]

    @admin.action(description=_("Send again"), permissions=["view"])
    def send_again(self, request: HttpRequest, letters: QuerySet[Letter]) -> None:
        """Let what was given up wait once more, unless newer news waits for the same reader."""
        number = 0
        for letter in letters.filter(is_given_up=True):
            waiting = Letter.objects.waiting_news(letter.discussion_id)
            if letter.kind == Letter.Kind.NEWS and waiting.filter(address=letter.address).exists():
                letter.notifications.update(letter=waiting.get(address=letter.address))
                letter.delete()
            else:
                letter.is_given_up, letter.attempts, letter.due_at = False, 0, timezone.now()
                letter.save()
            number += 1
        schedule_sending(timezone.now())
        text = ngettext("%d letter waits again.", "%d letters wait again.", number) % number
        messages.success(request, text)

    @method_decorator(require_safe)
    def outbox(self, request: HttpRequest) -> HttpResponse:
        """List what was sent, where it lies in files (whoever may see letters)."""
        self._check(request)
        names = sorted((p.name for p in _folder().glob("*.log")), reverse=True)[:NEWEST]
        found = [(name, number, one) for name in names for number, one in enumerate(_read(name))]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Outbox"),
            "mails": [{"file": name, "number": number, "mail": one} for name, number, one in found],
        }
        return TemplateResponse(request, "admin/comments/letter/outbox.html", context)

    @method_decorator(require_safe)
    def message(self, request: HttpRequest, name: str, number: int) -> HttpResponse:
        """Show one message; with ``?html`` what a mail program would (whoever may see letters)."""
        self._check(request)
        mails = _read(name)
        if number >= len(mails):
            raise Http404
        mail = mails[number]
        html, plain = (mail.get_body((kind,)) for kind in ("html", "plain"))
        if "html" in request.GET:
            return _bare(request, html.get_content() if html else "")
        context = {
            **self.admin_site.each_context(request),
            "title": mail["subject"],
            "mail": mail,
            "headers": [(key, value) for key, value in mail.items() if key != "Subject"],
            "plain": plain.get_content() if plain else "",
            "has_html": html is not None,
        }
        return TemplateResponse(request, "admin/comments/letter/message.html", context)

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not has_outbox():
            raise Http404

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


def has_outbox() -> bool:
    """Tell whether what is sent lies in files instead of leaving."""
    return isinstance(mailers["default"], EmailBackend)


def _folder() -> Path:
    return Path(settings.MAILERS["default"]["OPTIONS"]["file_path"])


def _read(name: str) -> list[EmailMessage]:
    """Return the messages of a file of the outbox, none when there is no such file."""
    path = _folder() / name
    if path.parent != _folder() or path.suffix != ".log" or not path.is_file():
        return []
    texts = path.read_bytes().split(SEPARATOR)
    policy = email.policy.default
    return [
        email.message_from_bytes(text.lstrip(), policy=policy) for text in texts if text.strip()
    ]


def _bare(request: HttpRequest, html: str) -> HttpResponse:
    """Return a letter's page in a frame that runs nothing and belongs to nobody."""
    response = HttpResponse(html)  # shown in a sandbox
    return csp_override(BARE_CSP)(lambda _request: response)(request)
