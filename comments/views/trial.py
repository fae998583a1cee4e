"""The page on which moderators try a text on the rules."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from comments.forms_trial import TrialForm
from comments.screening.trial import try_text
from comments.views.moderating import moderators_only


@moderators_only
@require_http_methods(["GET", "HEAD", "POST"])
def trial(request: HttpRequest) -> HttpResponse:
    """Show what would become of a text, and why (moderators). Nothing is kept."""
    form = TrialForm(request.POST if request.method == "POST" else None)
    tried = try_text(**form.cleaned_data) if form.is_bound and form.is_valid() else None
    status = 400 if form.is_bound and tried is None else 200
    context = {"form": form, "trial": tried}
    return TemplateResponse(request, "moderation/trial.html", context, status=status)
