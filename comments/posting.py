"""Posting a comment: the one way in for readers, whoever they are."""

import datetime
import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from articles.models import Publication
from comments.counts import count_approval
from comments.markup import render
from comments.mentions import people_in_reach
from comments.models import Comment, CommentStatus, Discussion, Subscription
from comments.moderation.bans import check_not_banned
from comments.notifications.following import follow
from comments.passages.following import passage_for
from comments.policy import check_may_write
from comments.screening import Finding, Outcome, Verdict, record_verdict, screen
from comments.screening.folding import digest
from comments.tasks import plan_asking_akismet, tell_readers_of
from comments.text import checked_body, checked_email, checked_name, checked_quote
from comments.voting import seems_published

MAX_DEPTH = 32_767  # what the column holds
SAME_TEXT_WINDOW = datetime.timedelta(minutes=1)
REPEATED_TEXT_WINDOW = datetime.timedelta(hours=1)


def post_comment(  # noqa: PLR0913 (the fields of the form, all by name)
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
    notify: str = "none",
    network: str = "",
    doubt: str = "",
    publication: Publication | None = None,
) -> Comment:
    """Return the new comment, in the state that screening gives it.

    notify: what the writer wants to be told of here: ``all``, ``replies``, or whatever else for
    nothing. network: what is kept of where it came from (``networks.network_key``).
    doubt: why it looks automatic, where nothing has spoken for it; then it is held. guest_id: the
    browser of a guest who was here before; another gets a number of their own. publication: as it
    is now; it is read where it is not given.

    A form that comes again (the same key; or, without a key, the same text by the same writer in
    the same place within a minute) returns the comment that it made the first time.
    Raises PermissionDenied when the discussion or the thread is not open to this writer,
    ValidationError by field name, for all fields at once, for anything else.
    """
    publication = publication or Publication.current()
    check_may_write(discussion=discussion, user=user, publication=publication)
    fields = _checked_fields(
        lambda: {"body": checked_body(body)},
        lambda: checked_quote(quote_exact, quote_prefix, quote_suffix),
        lambda: {"guest_name": "" if user else checked_name(guest_name)},
        lambda: {"guest_email": "" if user else checked_email(guest_email)},
    )
    shadow = check_not_banned(
        user=user, guest_id=guest_id, email=fields["guest_email"], network=network
    )
    comment = Comment(
        discussion=discussion,
        parent=parent,
        root=None if parent is None else parent.root or parent,
        depth=0 if parent is None else parent.depth + 1,
        user=user,
        guest_id=None if user else guest_id or uuid.uuid4(),
        key=key,
        network=network,
        **fields,
    )
    comment.body_html = render(comment.body, people_in_reach(comment.body, comment.root_id))
    comment.text_digest = digest(comment.body)
    verdict = Verdict() if shadow else screen(comment, publication=publication)
    if doubt:
        unchecked = Finding(Outcome.HOLD, rule=_("Looks automatic"), why=doubt)
        verdict = Verdict((unchecked, *verdict.findings))
    try:
        return _keep(
            comment, verdict, is_shadowed=shadow is not None, notify=notify, known_as=guest_id
        )
    except (IntegrityError, PermissionDenied, ValidationError):
        # What was accepted once is answered as it was then. The key is unique: only who comes with
        # one that was used, or with something else in the way, has it looked up.
        if earlier := _earlier_by_key(comment):
            return earlier
        raise


def _keep(
    comment: Comment,
    verdict: Verdict,
    *,
    is_shadowed: bool,
    notify: str,
    known_as: uuid.UUID | None,
) -> Comment:
    """Return the comment, saved with all that hangs on it; or an earlier one that it repeats.

    known_as: the number by which the guest's browser was known before. Raises what keeps it out,
    IntegrityError where a comment with its key is there.
    """
    discussion = comment.discussion
    with transaction.atomic():
        if comment.key is None:
            _wait_for_its_twin(comment)
        if earlier := _same_text(comment, known_as):
            return earlier
        _check_parent(comment.parent, comment)
        comment.status = verdict.status
        if is_shadowed:
            comment.status, comment.is_shadowed = CommentStatus.HELD, True
        comment.approved_at = timezone.now() if comment.is_approved else None
        comment.passage = passage_for(
            discussion=discussion, exact=comment.quote_exact,
            prefix=comment.quote_prefix, suffix=comment.quote_suffix,
        )  # fmt: skip
        comment.save()
        record_verdict(comment, verdict)
        if comment.is_approved:
            count_approval(comment, 1)
            tell_readers_of.enqueue(comment.pk)
        plan_asking_akismet(comment)
        if notify in Subscription.Kind.values:
            follow(discussion=discussion, kind=notify, user=comment.user, email=comment.guest_email)
    return comment


def _checked_fields(*checks: Callable[[], dict[str, str]]) -> dict[str, str]:
    """Return what all checks return together. Raises one ValidationError for all that failed."""
    fields: dict[str, str] = {}
    errors: dict[str, list[ValidationError]] = {}
    for check in checks:
        try:
            fields |= check()
        except ValidationError as error:
            errors |= error.error_dict
    if errors:
        raise ValidationError(errors)
    return fields


def _check_parent(parent: Comment | None, comment: Comment) -> None:
    if parent is None:
        return
    is_there = seems_published(parent, user=comment.user, guest_id=comment.guest_id)
    if parent.is_in_closed_thread:
        raise PermissionDenied(_("This thread is closed. Nothing was posted."))
    if parent.discussion_id != comment.discussion_id:
        message = _("The comment you answer belongs to another article. Nothing was posted.")
    elif not is_there:
        message = _("The comment you answer is not there any more. Nothing was posted.")
    elif parent.depth >= MAX_DEPTH:
        message = _("This thread has become too deep to answer. Begin a new comment instead.")
    else:
        return
    raise ValidationError({"parent": message})


def _wait_for_its_twin(comment: Comment) -> None:
    """Let forms without a key that may be one, sent twice at once, through one after the other."""
    twins = comment.user_id or f"{comment.guest_email} {comment.body}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(twins)])


def _earlier_by_key(comment: Comment) -> Comment | None:
    """Return the comment that the same form made before.

    The key alone proves nothing: whoever sends another's key must not learn of their comment, nor
    pass for them. So the writer must be the same; or, for a guest whose first answer was lost and
    the cookie with it, all that was written. Raises ValidationError when neither is.
    """
    if comment.key is None:
        return None
    first = Comment.objects.filter(key=comment.key).first()
    if first is None:
        return None
    is_same_writer = (
        first.user_id == comment.user_id
        if comment.user_id or first.user_id
        else first.guest_id is not None and first.guest_id == comment.guest_id
    )
    if is_same_writer or (first.user_id is None and _written(first) == _written(comment)):
        return first
    raise ValidationError({"key": _("This form was sent before. Send it once more to post anew.")})


def _written(comment: Comment) -> tuple[object, ...]:
    return (
        comment.discussion_id, comment.parent_id, comment.user_id, comment.guest_name,
        comment.guest_email, comment.body,
    )  # fmt: skip


def _same_text(comment: Comment, known_as: uuid.UUID | None) -> Comment | None:
    """Return the comment that this one repeats: the same text by the same writer in one place.

    A guest without a key and a cookie, whose first answer is still on its way, is known by all they
    typed, for a minute. Who comes with a new key is known by account or cookie, for longer; that is
    a limit of abuse, and off with the others.
    """
    window = SAME_TEXT_WINDOW
    if comment.key is not None:
        if not settings.COMMENT_LIMITS or not (comment.user_id or known_as):
            return None
        written = Comment.objects.written_by(comment.user, known_as)
        window = REPEATED_TEXT_WINDOW
    elif comment.user is None:
        written = Comment.objects.filter(
            user=None, guest_name=comment.guest_name, guest_email=comment.guest_email
        )
    else:
        written = Comment.objects.filter(user=comment.user)
    return (
        written.filter(
            discussion=comment.discussion,
            parent=comment.parent,
            body=comment.body,
            created_at__gte=timezone.now() - window,
        )
        .exclude(status=CommentStatus.DELETED)
        .first()
    )
