"""Comments that readers send."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Article
from comments.drawing import Drawing
from comments.forms import CommentForm
from comments.markup import render as render_markup
from comments.mentions import people_in_reach
from comments.models import Comment, Discussion
from comments.moderation.appeals import may_appeal
from comments.moderation.bans import BannedError
from comments.networks import network_key
from comments.posting import post_comment
from comments.readers import guest_id_of, remember_guest, user_of
from comments.text import checked_body
from comments.views.reading import MAX_NUMBER, context_of
from comments.voting import is_own


def take_comment(request: HttpRequest, article: Article, doubt: str = "") -> HttpResponse:
    """Post a comment; answer as the contract says, and give back what was typed with any error.

    doubt: a sentence for moderators, why they should read it first.
    """
    discussion = _discussion_of(article)
    typed = request.POST
    user = user_of(request)
    parent = None
    try:
        parent = _parent_of(typed.get("parent", ""))
        if "preview" in typed:
            return _preview(request, discussion, parent)
        comment = post_comment(
            discussion=discussion,
            body=typed.get("body", ""),
            parent=parent,
            user=user,
            guest_name=typed.get("name", ""),
            guest_email=typed.get("email", ""),
            guest_id=None if user else guest_id_of(request),
            key=_key_of(typed.get("key", "")),
            quote_exact=typed.get("exact", ""),
            quote_prefix=typed.get("prefix", ""),
            quote_suffix=typed.get("suffix", ""),
            notify=typed.get("notify", ""),
            network=network_key(request),
            doubt=doubt,
            publication=getattr(request, "publication", None),
        )
    except PermissionDenied as refusal:
        return _refusal(
            request, discussion, _form_as_sent(typed), status=403, message=str(refusal),
            appeal_at=_appeal_at(request, refusal),
        )  # fmt: skip
    except ValidationError as error:
        form = CommentForm.with_errors(request.POST, error, parent=parent)
        return _refusal(request, discussion, form, status=400, parent=parent)
    return _accepted(request, comment, user)


def _discussion_of(article: Article) -> Discussion:
    """Return the discussion of an article that was read with it; a new one where is none yet."""
    try:
        return article.discussion
    except Discussion.DoesNotExist:
        discussion, _created = Discussion.objects.get_or_create(article=article)
        discussion.article = article
        return discussion


def _form_as_sent(typed: QueryDict) -> CommentForm:
    form = CommentForm(typed)
    form.is_valid()
    return form


def _accepted(request: HttpRequest, comment: Comment, user: User | None) -> HttpResponse:
    response: HttpResponse
    if request.htmx:  # type: ignore[attr-defined]
        drawing = Drawing(comment.discussion.article, request, is_mine=True)
        response = HttpResponse(drawing.comment(comment))
    else:
        response = HttpResponseRedirect(comment.get_absolute_url())
        response.status_code = 303
    if user is None and comment.guest_id is not None:
        remember_guest(response, comment.guest_id)
    return response


def _preview(request: HttpRequest, discussion: Discussion, parent: Comment | None) -> HttpResponse:
    """Show what the comment will look like, and the form as it is. Nothing is kept."""
    body = checked_body(request.POST.get("body", ""))
    root = None if parent is None else parent.root_id or parent.pk
    preview = mark_safe(render_markup(body, people_in_reach(body, root)))
    form = CommentForm(initial=dict(request.POST.items()), parent=parent)
    return _form(request, discussion, form, parent=parent, preview=preview)


def _refusal(
    request: HttpRequest,
    discussion: Discussion,
    form: CommentForm,
    *,
    status: int,
    message: str = "",
    parent: Comment | None = None,
    appeal_at: str = "",
) -> HttpResponse:
    """Give the form back with the message and the text."""
    if message:
        form.add_error(None, message)
    return _form(request, discussion, form, status=status, parent=parent, appeal_at=appeal_at)


def _appeal_at(request: HttpRequest, refusal: PermissionDenied) -> str:
    """Return where a banned writer may ask for another look, empty where they may not."""
    comment = refusal.ban.comment if isinstance(refusal, BannedError) else None
    if comment is None or not may_appeal(comment):
        return ""
    if not is_own(comment, user=user_of(request), guest_id=guest_id_of(request)):
        return ""
    return reverse("comments:appeal", args=[comment.pk])


def _form(
    request: HttpRequest,
    discussion: Discussion,
    form: CommentForm,
    *,
    status: int = 200,
    parent: Comment | None,
    preview: str = "",
    appeal_at: str = "",
) -> HttpResponse:
    is_fragment = bool(request.htmx)  # type: ignore[attr-defined]
    template = "comments/comment_form.html" + ("#form" if is_fragment else "")
    context = context_of(discussion.article, discussion) | {
        "form": form, "parent": parent, "preview": preview, "appeal_at": appeal_at,
    }  # fmt: skip
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
