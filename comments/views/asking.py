"""What readers ask of moderators: to look at a comment, and to look at a decision again."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments.forms_asking import AppealForm, ReportForm
from comments.limits.guarding import limited
from comments.models import Comment
from comments.moderation.appeals import appeal as make_appeal
from comments.moderation.reports import report_comment
from comments.readers import guest_id_of, remember_guest, user_of
from comments.views.reading import comment_numbered, context_of, waiting_page
from comments.voting import is_own, seems_published


@csrf_exempt
@limited("ask")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, number: int) -> HttpResponse:
    """Tell moderators of a comment (anyone, except of their own)."""
    comment = comment_numbered(number)
    if not seems_published(comment, user=user_of(request), guest_id=guest_id_of(request)):
        raise Http404
    if request.method != "POST":
        return _report_page(request, comment, ReportForm())
    form = ReportForm(request.POST)
    user = user_of(request)
    guest_id = None if user else guest_id_of(request) or uuid.uuid4()
    form.is_valid()
    try:
        report_comment(
            comment=comment, reason=form.data.get("reason", ""), text=form.data.get("text", ""),
            user=user, guest_id=guest_id,
        )  # fmt: skip
    except PermissionDenied as refusal:
        return _report_page(request, comment, form, status=403, message=str(refusal))
    except ValidationError as error:
        form = ReportForm.with_errors(request.POST, error)
        return _report_page(request, comment, form, status=400)
    response = _report_page(request, comment, None)
    if guest_id is not None:
        remember_guest(response, guest_id)
    return response


def _report_page(
    request: HttpRequest,
    comment: Comment,
    form: ReportForm | None,
    *,
    status: int = 200,
    message: str = "",
) -> HttpResponse:
    context = context_of(comment.discussion.article, comment.discussion)
    context |= {"comment": comment, "form": form, "message": message}
    return render(request, "comments/comment_report.html", context, status=status)


@csrf_exempt
@limited("ask")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for another look at one's own rejected comment, or a ban (its writer alone, once)."""
    comment = comment_numbered(number)
    user, guest_id = user_of(request), guest_id_of(request)
    if not is_own(comment, user=user, guest_id=guest_id):
        raise Http404
    if request.method != "POST":
        return waiting_page(request, comment)
    form = AppealForm(request.POST)
    form.is_valid()
    try:
        make_appeal(comment=comment, text=form.data.get("text", ""), user=user, guest_id=guest_id)
    except PermissionDenied as refusal:
        return waiting_page(request, comment, form, status=403, message=str(refusal))
    except ValidationError as error:
        form = AppealForm.with_errors(request.POST, error)
        return waiting_page(request, comment, form, status=400)
    response = HttpResponseRedirect(reverse("comments:appeal", args=[comment.pk]))
    response.status_code = 303
    return response
