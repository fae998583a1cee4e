"""The moderation log: written once, never changed."""

from typing import TypedDict, Unpack

from accounts.models import User
from comments.models import Comment, ModerationEvent


class Facts(TypedDict, total=False):
    """What else is known of a decision.

    rule: the name of what decided without anybody. reason: one of ``Reason``, told to the writer;
    told: what else the writer is told; note: for moderators alone, without anything of a reader.
    """

    from_status: str
    to_status: str
    rule: str
    reason: str
    told: str
    note: str
    undoes: ModerationEvent


def record(
    *, action: str, comment: Comment | None = None, by: User | None = None, **facts: Unpack[Facts]
) -> ModerationEvent:
    """Write down a decision, in the transaction that carries it out; return it.

    by: None for what a rule decided.
    """
    article_id = None if comment is None else comment.discussion.article_id
    return ModerationEvent.objects.create(
        action=action, comment=comment, article_id=article_id, by=by, **facts
    )


def record_claims(comments: list[Comment]) -> None:
    """Write down that an account took over what it had written as a guest.

    By nobody, as it was no decision of a moderator's; the comments tell the account.
    """
    ModerationEvent.objects.bulk_create(
        ModerationEvent(
            action=ModerationEvent.Action.CLAIMED,
            comment=comment,
            article_id=comment.discussion.article_id,
        )
        for comment in comments
    )


def latest_event(comment: Comment) -> ModerationEvent | None:
    """Return what was decided last about a comment."""
    return (
        ModerationEvent.objects.filter(comment=comment).select_related("by").order_by("-pk").first()
    )
