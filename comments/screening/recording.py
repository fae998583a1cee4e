"""What fired, written down for good."""

from comments.log import record
from comments.models import Comment, ModerationEvent, Outcome, Report
from comments.screening.verdict import Finding, Verdict

Action = ModerationEvent.Action
DECIDED = {
    Outcome.HOLD: Action.HELD,
    Outcome.REJECT: Action.REJECTED,
    Outcome.SPAM: Action.SPAM,
}


def record_verdict(comment: Comment, verdict: Verdict, *, before: str = "") -> None:
    """Note each rule that fired, what decided last; tell moderators of what is only reported.

    before: the state in which the comment was. Call it in the transaction that saves the comment,
    once it has its new state.
    """
    decisive = verdict.decisive
    if decisive is None:
        return
    has_decided = decisive.outcome in DECIDED and comment.status == verdict.status
    for finding in verdict.findings:
        if finding.rule and not (has_decided and finding is decisive):
            _note(comment, finding, Action.FLAGGED)
    if has_decided and decisive.rule:
        _note(comment, decisive, DECIDED[decisive.outcome], before, comment.status)
    if comment.is_approved:
        for finding in verdict.findings:
            Report.objects.get_or_create(
                comment=comment, rule=finding.rule[:100], answer=None,
                defaults={"reason": finding.reason, "text": finding.why[:500]},
            )  # fmt: skip


def _note(
    comment: Comment, finding: Finding, action: str, before: str = "", after: str = ""
) -> None:
    record(
        action=action, comment=comment, from_status=before, to_status=after,
        rule=finding.rule[:100], reason=finding.reason if after else "",
        note=finding.why[:500], told=finding.told[:300],
    )  # fmt: skip
