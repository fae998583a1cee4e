"""The one request that tells a page who reads it. Everything else on a public page is for all."""

from typing import Any

from django.contrib.auth import get_user
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments.models import Discussion
from comments.personal import personal_discussion


@never_cache
@require_safe
def personal(request: HttpRequest) -> JsonResponse:
    """Return the asker's name, and their part in the discussion named by ``?discussion=``.

    Anyone may ask, and learns only of themselves.
    """
    user = get_user(request)
    answer: dict[str, Any] = {"user": None, "discussion": None}
    if user.is_authenticated:
        answer["user"] = {"name": str(user), "is_staff": user.is_staff}
    number = request.GET.get("discussion", "")
    if number.isascii() and number.isdigit() and len(number) < 19:
        discussion = get_object_or_404(Discussion, pk=number)
        answer["discussion"] = personal_discussion(request, discussion)
    return JsonResponse(answer)
