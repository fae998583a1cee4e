"""The one request that tells a page who reads it. Everything else on a public page is for all."""

from typing import Any

from django.contrib.auth import get_user
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments.personal import personal_discussion, unseen_notifications


@never_cache
@require_safe
def personal(request: HttpRequest) -> JsonResponse:
    """Return the asker's name, and their part in the discussion of ``?discussion=<article id>``.

    Anyone may ask, and learns only of themselves.
    """
    user = get_user(request)
    answer: dict[str, Any] = {"user": None, "discussion": None}
    if user.is_authenticated:
        answer["user"] = {
            "name": str(user), "is_staff": user.is_staff, "unseen": unseen_notifications(user)
        }  # fmt: skip
    article = request.GET.get("discussion", "")
    if article.isascii() and article.isdigit() and len(article) < 19:
        answer["discussion"] = personal_discussion(request, int(article))
    return JsonResponse(answer)
