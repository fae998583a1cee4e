"""Posting a comment: the one way in for readers, whoever they are."""

import datetime
import re
import unicodedata
import uuid

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from comments.counts import count_approval
from comments.markup import render
from comments.models import Comment, CommentStatus, Discussion
from comments.policy import check_may_write, status_for

MAX_BODY = 10_000  # characters
MAX_QUOTE = 2_000
MAX_CONTEXT = 200
# The recursive look-up of a comment's ancestors stays bounded by this.
MAX_DEPTH = 200
SAME_TEXT_WINDOW = datetime.timedelta(minutes=10)


def post_comment(
    *,
    discussion: Discussion,
    body: str,
    parent: Comment | None = None,
    user: User | None = None,
    guest_name: str = "",
    guest_email: str = "",
    guest_id: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
    quote_exact: str = "",
    quote_prefix: str = "",
    quote_suffix: str = "",
) -> Comment:
    """Return the new comment, approved or held as the policy says.

    A key that was used before, or the same text by the same writer in the same place a moment ago,
    returns the comment that was made then. Raises PermissionDenied when the discussion is not
    open to this writer, ValidationError by field name for anything else.
    """
    check_may_write(discussion=discussion, user=user)
    fields = {
        "body": _checked_text(body, "body", _("comment"), MAX_BODY),
        "quote_exact": _checked_quote(quote_exact, MAX_QUOTE),
        "quote_prefix": _checked_quote(quote_prefix, MAX_CONTEXT),
        "quote_suffix": _checked_quote(quote_suffix, MAX_CONTEXT),
    }
    if user is None:
        fields |= _checked_guest(guest_name, guest_email)
    _check_parent(parent, discussion)
    if earlier := _earlier(key, discussion, parent, fields["body"], user, guest_id):
        return earlier
    comment = Comment(
        discussion=discussion,
        parent=parent,
        root=None if parent is None else parent.root or parent,
        depth=0 if parent is None else parent.depth + 1,
        user=user,
        guest_id=None if user else guest_id,
        key=key,
        body_html=render(fields["body"]),
        status=status_for(
            discussion=discussion, user=user, guest_id=guest_id,
            guest_email=fields.get("guest_email", ""),
        ),
        **fields,
    )  # fmt: skip
    try:
        with transaction.atomic():
            comment.save()
            if comment.is_approved:
                count_approval(comment, 1)
    except IntegrityError:
        # The same form came twice at once; the other was first.
        first = Comment.objects.filter(key=key).first()
        if key is None or first is None:
            raise
        return first
    return comment


def _earlier(
    key: uuid.UUID | None,
    discussion: Discussion,
    parent: Comment | None,
    body: str,
    user: User | None,
    guest_id: uuid.UUID | None,
) -> Comment | None:
    """Return the comment that this one repeats, if any."""
    if key is not None and (first := Comment.objects.filter(key=key).first()):
        return first
    if user is None and guest_id is None:
        return None
    same = Comment.objects.filter(
        discussion=discussion,
        parent=parent,
        body=body,
        created_at__gte=timezone.now() - SAME_TEXT_WINDOW,
    ).exclude(status=CommentStatus.DELETED)
    same = same.filter(user=user) if user else same.filter(user=None, guest_id=guest_id)
    return same.first()


def _check_parent(parent: Comment | None, discussion: Discussion) -> None:
    if parent is None:
        return
    if parent.discussion_id != discussion.pk:
        raise ValidationError(
            {"parent": _("The comment you answer belongs to another article. Nothing was posted.")}
        )
    if not parent.is_approved:
        raise ValidationError(
            {"parent": _("The comment you answer is not there any more. Nothing was posted.")}
        )
    if parent.depth >= MAX_DEPTH:
        raise ValidationError(
            {"parent": _("This thread has become too deep to answer. Begin a new comment instead.")}
        )


def _checked_guest(name: str, email: str) -> dict[str, str]:
    name = _checked_text(" ".join(name.split()), "name", _("name"), 80)
    if not any(unicodedata.category(c)[0] in "LNSP" for c in name):
        raise ValidationError({"name": _("Give a name that can be read.")})
    email = email.strip()
    try:
        validate_email(email)
        email.encode()
    except (ValidationError, UnicodeEncodeError) as error:
        raise ValidationError(
            {"email": _("Give your email address, like name@example.org. It is never shown.")}
        ) from error
    if len(email) > 254:
        raise ValidationError({"email": _("This email address is too long.")})
    return {"guest_name": name, "guest_email": email}


def _checked_quote(text: str, limit: int) -> str:
    return _checked_text(text, "body", _("quote"), limit) if text else ""


def _checked_text(text: str, field: str, what: str, limit: int) -> str:
    """Return text that can be stored, without invisible ends. Raises ValidationError."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise ValidationError({field: _("Write something first: the %s is empty.") % what})
    if len(text) > limit:
        raise ValidationError(
            {
                field: _("The %(what)s has %(length)d characters; %(limit)d is the most.")
                % {"what": what, "length": len(text), "limit": limit}
            }
        )
    if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", text):
        raise ValidationError(
            {field: _("The %s holds characters that are no text. Type it anew.") % what}
        )
    return text
