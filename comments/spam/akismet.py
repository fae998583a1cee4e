"""A second opinion from outside, for those who want it: Akismet, asked after a comment is kept.

Off without ``AKISMET_KEY``. It is asked by the worker, never about writers who are trusted, and
what it says is one more reason, never a decision against a person's. What it is sent, and what it
is not, stands in docs/operators.md.
"""

import json
import logging
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPErrorProcessor, Request, build_opener

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import Publication
from comments.log import record
from comments.models import Comment, CommentStatus, ModerationEvent, Reason
from comments.moderation.decisions import lock, set_status
from comments.screening.trust import is_trusted

logger = logging.getLogger(__name__)

RULE = "Akismet"
TIMEOUT = 10  # seconds
LONGEST_ANSWER = 200  # bytes
# It asks for the reader's address. None is kept, so it gets that of no machine.
NO_ADDRESS = "127.0.0.1"
OPEN_TO_DOUBT = {CommentStatus.APPROVED, CommentStatus.HELD}


@dataclass(frozen=True)
class Opinion:
    """What Akismet says. is_certain: so surely spam that it need not be kept."""

    is_spam: bool
    is_certain: bool = False


class NoAnswerError(Exception):
    """Akismet did not say anything that it may say."""


class _NoRedirects(HTTPErrorProcessor):
    """Takes every answer as it is: what was sent goes nowhere else."""

    def http_response(self, request: Request, response: Any) -> Any:  # noqa: ARG002 (as the base class has it)
        return response

    https_response = http_response


def consult_akismet(comment: Comment) -> Opinion | None:
    """Ask about a comment and act on the answer; return it, None where nobody was asked.

    A failure changes nothing, and is told in the log of the site without a word of the comment.
    """
    if not settings.AKISMET_KEY or not _is_wanted(comment):
        return None
    try:
        opinion = _asked(comment)
    except NoAnswerError as failure:
        logger.warning("Akismet was asked in vain: %s", failure)
        return None
    if opinion.is_spam:
        _doubt(comment, opinion)
    return opinion


def _is_wanted(comment: Comment) -> bool:
    if comment.status not in OPEN_TO_DOUBT or comment.is_shadowed or not comment.body:
        return False
    if comment.user is not None and comment.user.is_staff:
        return False
    if _is_decided(comment):
        return False
    return not is_trusted(comment, Publication.current(), by_others=True)


def _is_decided(comment: Comment) -> bool:
    """Tell whether a person has decided about the text as it stands."""
    since = comment.edited_at or comment.created_at
    made = ModerationEvent.objects.filter(comment=comment, by__isnull=False, at__gte=since)
    return made.exclude(to_status="").exists()


def _asked(comment: Comment) -> Opinion:
    """Return the answer. Raises NoAnswerError."""
    fields = {
        "api_key": settings.AKISMET_KEY,
        "blog": settings.NEWSROOM_URL,
        "blog_lang": Publication.current().language,
        "blog_charset": "UTF-8",
        "user_ip": NO_ADDRESS,
        "comment_type": "reply" if comment.parent_id else "comment",
        "comment_author": comment.author_name,
        "comment_content": comment.body,
        "comment_date_gmt": comment.created_at.isoformat(timespec="seconds"),
        "permalink": settings.NEWSROOM_URL + comment.discussion.article.get_absolute_url(),
    }
    address = f"{settings.AKISMET_URL}/1.1/comment-check"
    headers = {"User-Agent": "Newsroom | Akismet"}
    try:
        request = Request(address, urlencode(fields).encode(), headers)  # noqa: S310 (the operator's own setting)
        with build_opener(_NoRedirects).open(request, timeout=TIMEOUT) as answer:
            status, tip = answer.status, answer.headers.get("X-akismet-pro-tip", "")
            said = answer.read(LONGEST_ANSWER).decode("utf-8", "replace").strip()
    except (OSError, URLError, HTTPException, ValueError) as error:
        raise NoAnswerError(type(error).__name__) from error
    if status != 200 or said not in {"true", "false"}:
        raise NoAnswerError(f"status {status}")
    return Opinion(is_spam=json.loads(said), is_certain=tip == "discard")


def _doubt(comment: Comment, opinion: Opinion) -> None:
    """Hold what is spam by an opinion, or put it aside; unless a person decided meanwhile."""
    with transaction.atomic():
        row = lock(comment)
        is_same = row.body == comment.body and row.status in OPEN_TO_DOUBT
        if not is_same or _is_decided(row):
            return
        before = CommentStatus(row.status)
        after = CommentStatus.SPAM if opinion.is_certain else CommentStatus.HELD
        note = _("Akismet takes it for spam.")
        if after == before:
            record(action=ModerationEvent.Action.FLAGGED, comment=row, rule=RULE, note=note)
            return
        set_status(row, after)
        is_aside = after == CommentStatus.SPAM
        record(
            action=ModerationEvent.Action.SPAM if is_aside else ModerationEvent.Action.HELD,
            comment=row, from_status=before, to_status=after, rule=RULE, note=note,
            reason=Reason.ADVERTISING, told=_("It looks like advertising."),
        )  # fmt: skip
