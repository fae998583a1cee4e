"""Changing and deleting one's own comment: pages of their writer alone."""

import uuid
from typing import TypedDict

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from comments.editing import changeable_until, check_may_change, delete_comment, edit_comment
from comments.forms import CommentEditForm
from comments.limits.guarding import limited
from comments.markup import render as render_markup
from comments.mentions import people_in_reach
from comments.models import Comment
from comments.readers import guest_id_of, user_of
from comments.text import checked_body
from comments.views.reading import comment_numbered, context_of
from comments.voting import is_own


@csrf_exempt
@limited("comment")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Change one's own comment (its writer alone, for a while; a refusal for others)."""
    comment = _readable(request, number)
    if request.method != "POST":
        form = CommentEditForm(initial={"body": comment.body})
        try:
            check_may_change(comment=comment, **_asker(request))
        except PermissionDenied as refusal:
            return _page(request, comment, None, status=403, message=str(refusal))
        return _page(request, comment, form)
    form = CommentEditForm(request.POST)
    form.is_valid()
    return _change(request, comment, form)


def _change(request: HttpRequest, comment: Comment, form: CommentEditForm) -> HttpResponse:
    body = form.data.get("body", "")
    try:
        check_may_change(comment=comment, **_asker(request))
        if "preview" in form.data:
            text = checked_body(body)
            html = render_markup(text, people_in_reach(text, comment.root_id))
            return _page(request, comment, form, preview=mark_safe(html))
        edit_comment(comment=comment, body=body, **_asker(request))
    except PermissionDenied as refusal:
        return _page(request, comment, form, status=403, message=str(refusal))
    except ValidationError as error:
        form.add_error("body", error.messages)
        return _page(request, comment, form, status=400)
    return _see(comment.get_absolute_url())


@csrf_exempt
@limited("comment")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Delete one's own comment, after asking (its writer alone, for a while)."""
    comment = _readable(request, number)
    discussion = comment.discussion
    try:
        if request.method == "POST":
            delete_comment(comment=comment, **_asker(request))
            return _see(f"{discussion.article.get_absolute_url()}comments/")
        check_may_change(comment=comment, **_asker(request))
    except PermissionDenied as refusal:
        return _page(request, comment, None, status=403, message=str(refusal))
    context = context_of(discussion.article, discussion) | {"comment": comment, "is_mine": True}
    return render(request, "comments/comment_delete.html", context)


class _Asker(TypedDict):
    user: User | None
    guest_id: uuid.UUID | None


def _asker(request: HttpRequest) -> _Asker:
    return {"user": user_of(request), "guest_id": guest_id_of(request)}


def _readable(request: HttpRequest, number: int) -> Comment:
    """Return a comment that the asker can read. Raises Http404."""
    comment = comment_numbered(number)
    if comment.is_approved or is_own(comment, **_asker(request)):
        return comment
    raise Http404


def _page(
    request: HttpRequest,
    comment: Comment,
    form: CommentEditForm | None,
    *,
    status: int = 200,
    message: str = "",
    preview: str = "",
) -> HttpResponse:
    context = context_of(comment.discussion.article, comment.discussion) | {
        "comment": comment, "form": form, "message": message, "preview": preview, "is_mine": True,
        "until": changeable_until(comment),
    }  # fmt: skip
    return render(request, "comments/comment_edit.html", context, status=status)


def _see(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
