"""Where providers deliver their events."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from donations.events import keep_event, note_refusal
from donations.providers import provider_named
from donations.providers.base import Reason, RefusedError, UnavailableError

LARGEST = 512 * 1024  # bytes; the largest documented event is half of that


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Keep an event and answer at once. Public: whoever delivers proves by signature who it is."""
    source = provider_named(provider)
    if source is None:
        raise Http404
    try:
        delivery = source.check(_body(request), request.headers)
    except RefusedError as refused:
        note_refusal(provider=provider, reason=refused.reason)
        status = 413 if refused.reason == Reason.SIZE else 400
        return HttpResponse(f"{refused.reason.label}.\n", status=status, content_type="text/plain")
    except UnavailableError:
        return HttpResponse("Send it again.\n", status=503, headers={"Retry-After": "60"})
    headers = {name: request.headers.get(name, "") for name in source.KEPT_HEADERS}
    keep_event(provider=provider, delivery=delivery, headers=headers)
    return HttpResponse("Kept.\n", content_type="text/plain")


def _body(request: HttpRequest) -> bytes:
    """Return what was posted. Raises RefusedError when it is larger than any event."""
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise RefusedError(Reason.SIZE)
    return body
