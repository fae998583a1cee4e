"""The check that goes by what moderators called spam before (see ``comments.spam``)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from comments.models import Outcome, Reason
from comments.screening.draft import Draft
from comments.screening.verdict import Finding

RULE = "spam score"


def check_spam(draft: Draft) -> Iterator[Finding]:
    """Put aside what looks like spam; hold what may be, and what looks so of a trusted writer."""
    score = draft.comment.spam_score
    if score is None:
        return
    percent = score * 100
    hold_from, spam_from = draft.publication.spam_hold_from, draft.publication.spam_from
    if spam_from is not None and percent >= spam_from:
        outcome = Outcome.HOLD if draft.is_trusted else Outcome.SPAM
    elif hold_from is not None and percent >= hold_from and not draft.is_trusted:
        outcome = Outcome.HOLD
    else:
        return
    why = _("It looks like spam: %(percent)d of 100.") % {"percent": percent}
    yield Finding(
        outcome, RULE, why=why, told=_("It looks like advertising."), reason=Reason.ADVERTISING
    )
