"""What a browser calculates to show that no flood of programs sent a comment."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments.limits.challenges import new_challenge


@never_cache
@require_safe
def challenge(_request: HttpRequest) -> JsonResponse:
    """Return a new challenge (anyone; unsolved it is worth nothing)."""
    return JsonResponse(new_challenge())
