"""Readers' views of discussions: reading, writing, one comment's own page, voting.

Reading is public and the same for everyone. Writes carry no token, as their forms stand on pages
that caches keep: SameOriginWritesMiddleware guards them.
"""

import uuid

from django.contrib.auth import get_user
from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from articles.models import Article
from comments.forms import CommentForm
from comments.guests import guest_id_of, remember_guest
from comments.models import Comment, Discussion
from comments.policy import is_open
from comments.posting import post_comment
from comments.reading import discussion_page, surroundings, thread_page
from comments.voting import cast_vote

MAX_NUMBER = 2**63 - 1


def _user_of(request: HttpRequest) -> User | None:
    user = get_user(request)
    return user if isinstance(user, User) else None


def _article(slug: str) -> Article:
    return get_object_or_404(
        Article.objects.published().select_related("section").defer("search_vector"), slug=slug
    )


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article's discussion as a page, or take a comment (anyone, as the policy says)."""
    article = _article(slug)
    if request.method == "POST":
        return _post(request, article)
    found = Discussion.objects.filter(article=article).first() or Discussion(article=article)
    if found.state == Discussion.State.NONE:
        raise Http404
    page = discussion_page(
        found,
        sort=request.GET.get("sort", ""),
        after=request.GET.get("after", ""),
        only_quotes=request.GET.get("filter") == "inline",
    )
    context = _context(article, found) | {"page": page}
    template = "comments/discussion_detail.html"
    # One address, two renderings: caches must know what the answer depends on.
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        template += "#threads" if request.GET.get("after") else "#section"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


def _context(article: Article, found: Discussion) -> dict[str, object]:
    return {
        "article": article,
        "discussion": found,
        "is_open": is_open(found),
        "form": CommentForm(),
    }


def _post(request: HttpRequest, article: Article) -> HttpResponse:
    """Post a comment; answer as the contract says, and give back what was typed with any error."""
    found, _created = Discussion.objects.get_or_create(article=article)
    try:
        form = CommentForm(request.POST)
    except RequestDataTooBig:
        message = _("The comment is far too long: 10,000 characters are the most. Nothing was posted.")
        return _refusal(request, article, found, CommentForm({}), status=413, message=message)
    form.is_valid()
    user = _user_of(request)
    guest_id = None if user else guest_id_of(request) or uuid.uuid4()
    parent = None
    try:
        parent = _parent_of(form.data.get("parent", ""))
        comment = post_comment(
            discussion=found,
            body=form.data.get("body", ""),
            parent=parent,
            user=user,
            guest_name=form.data.get("name", ""),
            guest_email=form.data.get("email", ""),
            guest_id=guest_id,
            key=_key_of(form.data.get("key", "")),
            quote_exact=form.data.get("exact", ""),
            quote_prefix=form.data.get("prefix", ""),
            quote_suffix=form.data.get("suffix", ""),
        )
    except PermissionDenied as refusal:
        return _refusal(request, article, found, form, status=403, message=str(refusal))
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            for message in messages:
                form.add_error(name if name in {"body", "name", "email"} else None, message)
        return _refusal(request, article, found, form, status=400, parent=parent)
    return _accepted(request, comment, user)


def _accepted(request: HttpRequest, comment: Comment, user: User | None) -> HttpResponse:
    response: HttpResponse
    if request.htmx:  # type: ignore[attr-defined]
        response = render(
            request, "comments/_comment.html", {"comment": comment, "is_mine": True}
        )
    else:
        response = HttpResponseRedirect(comment.get_absolute_url())
        response.status_code = 303
    if user is None and comment.guest_id is not None:
        # Also when the form came twice: its key is a secret of the browser that made it, which
        # may not have got the first answer with the cookie in it.
        remember_guest(response, comment.guest_id)
    return response


def _refusal(
    request: HttpRequest,
    article: Article,
    found: Discussion,
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
    context = _context(article, found) | {"form": form, "parent": parent, "is_retry": True}
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _parent_of(text: str) -> Comment | None:
    """Return the comment a form answers. Raises ValidationError when there is none such."""
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) <= MAX_NUMBER:
        parent = Comment.objects.select_related("root", "discussion").filter(pk=int(text)).first()
        if parent:
            return parent
    raise ValidationError({"parent": _("The comment you answer does not exist. Nothing was posted.")})


def _key_of(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None


@require_safe
def permalink(request: HttpRequest, number: int) -> HttpResponse:
    """Show one comment where it stands in its thread.

    An approved one is public. A held one shows to its writer alone; everyone else gets a 404.
    """
    comment = _comment(number)
    if not comment.discussion.article.is_public:
        raise Http404
    is_waiting = not comment.is_approved and not (comment.parent_id is None and comment.reply_count)
    if is_waiting and not _is_writer(request, comment):
        raise Http404
    context = _context(comment.discussion.article, comment.discussion) | {
        "comment": comment,
        "is_mine": is_waiting,
        "form": CommentForm(parent=comment),
    }
    if is_waiting:
        response = render(request, "comments/comment_waiting.html", context)
        response["Cache-Control"] = "private, no-store"
        return response
    if comment.parent_id is None:
        context["thread"], context["next_cursor"] = thread_page(
            comment, after=request.GET.get("after", "")
        )
    else:
        context["surroundings"] = surroundings(comment)
    return render(request, "comments/comment_detail.html", context)


def _comment(number: int) -> Comment:
    if number > MAX_NUMBER:
        raise Http404
    return get_object_or_404(
        Comment.objects.select_related("user", "parent__user", "root", "discussion__article"),
        pk=number,
    )


def _is_writer(request: HttpRequest, comment: Comment) -> bool:
    """Whether the asker wrote it and it is not taken away: by account, or by a guest's cookie."""
    if comment.status not in {"held", "rejected", "spam"}:
        return False
    if comment.user_id is not None:
        user = _user_of(request)
        return user is not None and user.pk == comment.user_id
    return comment.guest_id is not None and guest_id_of(request) == comment.guest_id


@csrf_exempt
@require_POST
def vote(request: HttpRequest, number: int) -> HttpResponse:
    """Take a reader's vote (anyone, except on their own comment)."""
    comment = _comment(number)
    user = _user_of(request)
    guest_id = None if user else guest_id_of(request) or uuid.uuid4()
    value = {"1": 1, "0": 0, "-1": -1}.get(request.POST.get("value", ""))
    try:
        if value is None:
            raise ValidationError(_("A vote is 1, 0 or -1."))
        if not comment.discussion.article.is_public or not comment.is_approved:
            raise Http404
        cast_vote(comment=comment, value=value, user=user, guest_id=guest_id)
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=400, content_type="text/plain")
    response: HttpResponse
    if request.htmx:  # type: ignore[attr-defined]
        comment.refresh_from_db(fields=["upvotes", "downvotes", "score"])
        response = render(request, "comments/_vote.html", {"comment": comment, "my_vote": value})
    else:
        response = HttpResponseRedirect(comment.get_absolute_url())
        response.status_code = 303
    if guest_id is not None:
        remember_guest(response, guest_id)
    return response
