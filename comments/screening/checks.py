"""The checks, in the order in which they are asked."""

from articles.models import Publication
from comments.models import Comment
from comments.screening.draft import Draft
from comments.screening.policy import check_policy
from comments.screening.rules import check_rules
from comments.screening.spam import check_spam
from comments.screening.verdict import Check, Verdict
from comments.spam.scoring import spam_score

CHECKS: tuple[Check, ...] = (check_policy, check_rules, check_spam)


def screen(
    comment: Comment, *, is_edit: bool = False, publication: Publication | None = None
) -> Verdict:
    """Return what is to become of a comment, which has its text and HTML and is not saved yet.

    publication: as it is now; it is read where it is not given.

    Who moderates, or works here, is not screened. It asks the database, holds no row, and is best
    called before any is locked.
    """
    user = comment.user
    if user is not None and (user.is_staff or user.has_perm("comments.moderate_comment")):
        return Verdict()
    publication = publication or Publication.current()
    return verdict_on(Draft(comment, is_edit=is_edit, publication=publication))


def verdict_on(draft: Draft) -> Verdict:
    """Return what all checks together say, and keep on the comment how much it looks like spam."""
    draft.comment.spam_score = spam_score(draft.comment)
    return Verdict(tuple(finding for check in CHECKS for finding in check(draft)))
