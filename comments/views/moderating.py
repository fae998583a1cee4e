"""The moderation desk. Moderators alone; whoever else works here is refused, readers log in."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from comments.log import latest_event
from comments.models import Ban, Comment, ModerationEvent, Reason
from comments.moderation import undo_decision
from comments.moderation.acting import ACTIONS, act
from comments.moderation.desk import PAGE, QUEUES, RELATED, Queue, cases, handle, handled_by_others

MAX_AT_ONCE = 100
MAX_SHOWN = 200


def moderators_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let nobody else in: whoever works here is refused, others are led to the log-in."""

    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("comments.moderate_comment"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return admin.site.admin_view(guarded)


@moderators_only
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show a queue, or what one writer has in it (moderators)."""
    queue = _queue(request.GET)
    like = None
    if number := _number(request.GET.get("like", "")):
        like = get_object_or_404(Comment.objects.select_related("user"), pk=number)
    rows = queue.page(_number(request.GET.get("after", "")), like=like)
    context = {
        "queue": queue,
        "like": like,
        "queues": _counted(),
        "cases": cases(rows, request.user),  # type: ignore[arg-type]
        "undoable": [n for text in request.GET.getlist("event") if (n := _number(text))],
        "next": rows[-1].pk if len(rows) == PAGE else None,
        **_choices(),
    }
    return TemplateResponse(request, "moderation/desk.html", context)


@moderators_only
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide about one comment or many (moderators); to a script, say so as JSON.

    What another moderator decided meanwhile is refused with their name, and changes nothing.
    """
    action = request.POST.get("action", "")
    numbers = [number for text in request.POST.getlist("comment") if (number := _number(text))]
    if action not in ACTIONS or not 0 < len(numbers) <= MAX_AT_ONCE:
        return _answer(request, [], [_("Choose comments, and what is to be done with them.")], 400)
    found = Comment.objects.select_related("user", "discussion__article").in_bulk(numbers)
    done, refused = [], []
    for number in numbers:
        comment = found.get(number)
        if comment is None:
            refused.append({"comment": number, "message": _("This comment is gone.")})
            continue
        try:
            event = act(action, comment=comment, by=request.user, sent=request.POST)  # type: ignore[arg-type]
        except ValidationError as refusal:
            refused.append({"comment": number, "message": " ".join(refusal.messages)})
        else:
            last = event or latest_event(comment)
            seen = last.pk if last else 0
            done.append({"comment": number, "event": event and event.pk, "seen": seen})
    return _answer(request, done, refused, 409 if refused else 200)


@moderators_only
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take decisions back (moderators)."""
    numbers = [number for text in request.POST.getlist("event") if (number := _number(text))]
    events = ModerationEvent.objects.select_related("comment__discussion")
    done, refused = [], []
    for event in events.filter(pk__in=numbers[:MAX_AT_ONCE]).order_by("-pk"):
        try:
            undone = undo_decision(event=event, by=request.user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            refused.append({"comment": event.comment_id, "message": " ".join(refusal.messages)})
        else:
            done.append({"comment": event.comment_id, "event": None, "seen": undone.pk})
    if not done and not refused:
        refused.append({"comment": None, "message": _("There is nothing to undo.")})
    return _answer(request, done, refused, 409 if refused else 200)


@moderators_only
@require_POST
def take(request: HttpRequest, number: int) -> HttpResponse:
    """Note that a comment is before the asker; say who else has it (moderators)."""
    other = handle(get_object_or_404(Comment, pk=number), request.user)  # type: ignore[arg-type]
    return JsonResponse({"by": other.display_name if other else None})


@moderators_only
@require_safe
def case(request: HttpRequest, number: int) -> HttpResponse:
    """Show one comment as the desk shows it, as it is now (moderators)."""
    found = get_object_or_404(Comment.objects.select_related(*RELATED), pk=number)
    return HttpResponse(_drawn(request, _queue(request.GET), [found])[0])


@moderators_only
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """Tell a script what has changed in a queue (moderators).

    It sends the numbers of the comments that it shows (``shown``), and whether it has enough of
    them (``full``). It gets some that it lacks, as HTML, where the oldest come first; which of its
    own colleagues have before them; which are in the queue no more, and by whose decision.
    """
    queue = _queue(request.GET)
    numbers = [n for text in request.GET.get("shown", "").split(",") if (n := _number(text))]
    numbers = numbers[:MAX_SHOWN]
    is_wanted = queue.is_oldest_first and "full" not in request.GET
    rows = queue.page(without=numbers) if is_wanted else []
    asker: User = request.user  # type: ignore[assignment]
    gone = set(numbers) - queue.holds(numbers)
    return JsonResponse(
        {
            "counts": _numbers(),
            "cases": _drawn(request, queue, rows),
            "handled": {
                n: who.display_name for n, who in handled_by_others(numbers, asker).items()
            },
            "gone": {number: _last_word(number) for number in gone},
        }
    )


def _drawn(request: HttpRequest, queue: Queue, rows: list[Comment]) -> list[str]:
    shown = {"queue": queue, **_choices()}
    return [
        render_to_string("moderation/_case.html", {"case": case, **shown}, request)
        for case in cases(rows, request.user)  # type: ignore[arg-type]
    ]


def _last_word(number: int) -> str:
    """Return who decided what about a comment, for those who still have it before them."""
    comment = Comment.objects.filter(pk=number).first()
    last = latest_event(comment) if comment else None
    if last is None:
        return _("This comment is gone.")
    return f"{last.by.display_name if last.by else last.rule}: {last.get_action_display()}"


def _answer(
    request: HttpRequest, done: list[dict[str, Any]], refused: list[Any], status: int
) -> HttpResponse:
    if "application/json" in request.headers.get("Accept", ""):
        body = {"done": done, "refused": refused, "counts": _numbers()}
        return JsonResponse(body, status=status)
    for one in refused:
        if isinstance(one, dict):
            comment = Comment.objects.filter(pk=one["comment"]).first()
            text = Truncator(comment.body).chars(60) if comment else f"#{one['comment']}"
            messages.error(request, f"{text}: {one['message']}")
        else:
            messages.error(request, one)
    if done:
        text = ngettext("%d comment decided.", "%d comments decided.", len(done)) % len(done)
        messages.success(request, text)
    events = "".join(f"&event={one['event']}" for one in done if one["event"])
    queue = _queue(request.POST).name
    return HttpResponseRedirect(f"{reverse('moderation:desk')}?queue={queue}{events}")


def _queue(sent: Any) -> Queue:
    name = sent.get("queue") or "waiting"
    if name not in QUEUES:
        raise Http404
    return QUEUES[name]


def _counted() -> list[tuple[str, Any, str]]:
    """Return name, label and number of each queue; the number of all is nobody's concern."""
    found = []
    for queue in QUEUES.values():
        number = None if queue.name == "all" else queue.count()
        text = "" if number is None else str(number) if number < 1_000 else "999+"
        found.append((queue.name, queue.label, text))
    return found


def _numbers() -> dict[str, str]:
    return {name: text for name, _label, text in _counted()}


def _choices() -> dict[str, Any]:
    return {"reasons": Reason.choices, "modes": Ban.Mode.choices}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
