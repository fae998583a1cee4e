"""Readers' votes, and the page that shows one its own."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from comments.drawing import Drawing
from comments.limits.guarding import limited
from comments.models import Comment
from comments.networks import network_key
from comments.readers import guest_id_of, remember_guest, user_of
from comments.views.reading import comment_numbered, context_of
from comments.voting import cast_vote, seems_published, vote_of

VALUES = {"1": 1, "0": 0, "-1": -1}


@csrf_exempt
@limited("vote")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, number: int) -> HttpResponse:
    """Take a reader's vote (anyone, except on their own comment), or show them the one they cast.

    The page is for those without scripts: on public pages nobody's own vote can be seen.
    """
    comment = comment_numbered(number)
    user, guest_id = user_of(request), guest_id_of(request)
    if not seems_published(comment, user=user, guest_id=guest_id):
        raise Http404
    if request.method == "POST":
        return _take(request, comment)
    discussion = comment.discussion
    value = vote_of(comment, user=user, guest_id=guest_id)
    context = context_of(discussion.article, discussion) | {"comment": comment, "value": value}
    return render(request, "comments/comment_vote.html", context)


def _take(request: HttpRequest, comment: Comment) -> HttpResponse:
    user = user_of(request)
    guest_id = None if user else guest_id_of(request) or uuid.uuid4()
    value = VALUES.get(request.POST.get("value", ""))
    if value is None:
        message = _("A vote is 1, 0 or -1.")
        return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")
    try:
        cast_vote(
            comment=comment, value=value, user=user, guest_id=guest_id,
            network=network_key(request),
        )  # fmt: skip
    except PermissionDenied as refusal:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(str(refusal), status=403, content_type="text/plain; charset=utf-8")
        raise
    response: HttpResponse
    if request.htmx:  # type: ignore[attr-defined]
        comment.refresh_from_db(fields=["upvotes", "downvotes", "score"])
        drawing = Drawing(comment.discussion.article, request)
        response = HttpResponse(drawing.vote(comment))
    else:
        response = HttpResponseRedirect(reverse("comments:vote", args=[comment.pk]))
        response.status_code = 303
    if guest_id is not None:
        remember_guest(response, guest_id)
    return response
