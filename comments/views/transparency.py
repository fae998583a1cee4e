"""What moderation did, for everyone to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comments.moderation.transparency import months
from pagecache import cached_page, changes_at, midnight


@cached_page("transparency")
@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """Show the numbers of moderation, month by month (public)."""
    changes_at(midnight)
    return render(request, "comments/transparency.html", {"months": months()})
