"""What readers send: comments and votes."""

import uuid

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.models import User
from articles.models import Article
from comments.forms import CommentForm
from comments.marks import author_accounts
from comments.models import Comment, Discussion
from comments.posting import post_comment
from comments.readers import guest_id_of, remember_guest, user_of
from comments.text import MAX_BODY, spelled
from comments.views.reading import MAX_NUMBER, comment_numbered, context_of
from comments.voting import cast_vote

VOTES = {"1": 1, "0": 0, "-1": -1}


def take_comment(request: HttpRequest, article: Article) -> HttpResponse:
    """Post a comment; answer as the contract says, and give back what was typed with any error."""
    discussion, _created = Discussion.objects.get_or_create(article=article)
    try:
        form = CommentForm(request.POST)
    except RequestDataTooBig:
        message = _("The comment is far too long: %s characters are the most. Nothing was posted.")
        return _refusal(
            request, discussion, CommentForm({}), status=413, message=message % spelled(MAX_BODY)
        )
    form.is_valid()
    user = user_of(request)
    parent = None
    try:
        parent = _parent_of(form.data.get("parent", ""))
        comment = post_comment(
            discussion=discussion,
            body=form.data.get("body", ""),
            parent=parent,
            user=user,
            guest_name=form.data.get("name", ""),
            guest_email=form.data.get("email", ""),
            guest_id=None if user else guest_id_of(request) or uuid.uuid4(),
            key=_key_of(form.data.get("key", "")),
            quote_exact=form.data.get("exact", ""),
            quote_prefix=form.data.get("prefix", ""),
            quote_suffix=form.data.get("suffix", ""),
        )
    except PermissionDenied as refusal:
        return _refusal(request, discussion, form, status=403, message=str(refusal))
    except ValidationError as error:
        form = CommentForm.with_errors(request.POST, error, parent=parent)
        return _refusal(request, discussion, form, status=400, parent=parent)
    return _accepted(request, comment, user)


def _accepted(request: HttpRequest, comment: Comment, user: User | None) -> HttpResponse:
    response: HttpResponse
    if request.htmx:  # type: ignore[attr-defined]
        accounts = author_accounts(comment.discussion.article)
        context = {"comment": comment, "is_mine": True, "author_accounts": accounts}
        response = render(request, "comments/_comment.html", context)
    else:
        response = HttpResponseRedirect(comment.get_absolute_url())
        response.status_code = 303
    if user is None and comment.guest_id is not None:
        remember_guest(response, comment.guest_id)
    return response


def _refusal(
    request: HttpRequest,
    discussion: Discussion,
    form: CommentForm,
    *,
    status: int,
    message: str = "",
    parent: Comment | None = None,
) -> HttpResponse:
    """Give the form back with the message and the text."""
    if message:
        form.add_error(None, message)
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    template = "comments/comment_form.html" + ("#form" if is_fragment else "")
    context = context_of(discussion.article, discussion) | {"form": form, "parent": parent}
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _parent_of(text: str) -> Comment | None:
    """Return the comment a form answers. Raises ValidationError when there is none such."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text[:20]) <= MAX_NUMBER:
        parent = Comment.objects.select_related("root", "user").filter(pk=int(text)).first()
        if parent:
            return parent
    message = _("The comment you answer does not exist. Nothing was posted.")
    raise ValidationError({"parent": message})


def _key_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


@csrf_exempt
@require_POST
def vote(request: HttpRequest, number: int) -> HttpResponse:
    """Take a reader's vote (anyone, except on their own comment)."""
    comment = comment_numbered(number)
    if not comment.is_approved:
        raise Http404
    user = user_of(request)
    guest_id = None if user else guest_id_of(request) or uuid.uuid4()
    value = VOTES.get(request.POST.get("value", ""))
    if value is None:
        message = _("A vote is 1, 0 or -1.")
        return HttpResponse(message, status=400, content_type="text/plain; charset=utf-8")
    cast_vote(comment=comment, value=value, user=user, guest_id=guest_id)
    response: HttpResponse
    if request.htmx:  # type: ignore[attr-defined]
        comment.refresh_from_db(fields=["upvotes", "downvotes", "score"])
        context = {"comment": comment, "address": comment.get_absolute_url()}
        response = render(request, "comments/_vote.html", context)
    else:
        response = HttpResponseRedirect(comment.get_absolute_url())
        response.status_code = 303
    if guest_id is not None:
        remember_guest(response, guest_id)
    return response
