"""The page that tells staff how good the spam score is."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from articles.models import Publication
from comments.spam.accuracy import PERIODS, accuracy
from comments.spam.knowledge import MINIMUM
from comments.views.moderating import moderators_only

USUAL = 30  # days


@moderators_only
@require_safe
def spam(request: HttpRequest) -> HttpResponse:
    """Show precision and recall of the spam score, by threshold, over some days (moderators)."""
    asked = request.GET.get("days", "")
    days = next((number for number in PERIODS if asked == str(number)), USUAL)
    publication = Publication.current()
    set_to = {"hold": publication.spam_hold_from, "spam": publication.spam_from}
    context = {
        "accuracy": accuracy(days=days, also=tuple(set_to.values())),
        "periods": PERIODS,
        "hold_from": set_to["hold"],
        "spam_from": set_to["spam"],
        "minimum": MINIMUM,
    }
    return TemplateResponse(request, "moderation/spam.html", context)
