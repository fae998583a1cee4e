"""What the body editor's picture button asks the media library."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from articles.models import Image
from articles.renditions import smallest

SHOWN = 24
MAX_QUERY = 200


def picture_choice(desk: Any, request: HttpRequest) -> HttpResponse:
    """Answer with pictures of the library as JSON, the newest first, for those who may see it.

    ``q``: words to find; ``before``: the number of the last one shown, for those that follow.
    Raises PermissionDenied.
    """
    if not desk.has_view_or_change_permission(request):
        raise PermissionDenied
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1).clean(
            request.GET.get("before", "")
        )
    except ValidationError as error:
        return JsonResponse({"error": error.messages[0]}, status=400)
    rows = desk.get_queryset(request).exclude(file="").order_by("-pk")
    rows, _may_repeat = desk.get_search_results(request, rows, request.GET.get("q", "")[:MAX_QUERY])
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: SHOWN + 1])
    return JsonResponse(
        {"pictures": [_facts_of(image) for image in found[:SHOWN]], "more": len(found) > SHOWN}
    )


def _facts_of(image: Image) -> dict[str, Any]:
    return {
        "id": image.pk, "name": str(image), "src": image.file.url, "thumbnail": smallest(image),
        "width": image.width, "height": image.height, "alt": image.alt,
        "is_decorative": image.is_decorative, "caption": image.caption, "credit": image.credit,
    }  # fmt: skip
