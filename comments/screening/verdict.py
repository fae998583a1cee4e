"""What checks find, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comments.models import CommentStatus, Outcome, Reason

if TYPE_CHECKING:
    from comments.screening.draft import Draft

type Check = Callable[[Draft], Iterable[Finding]]


@dataclass(frozen=True)
class Finding:
    """What a check has against a comment.

    rule: the name of what fired, told to moderators and to the writer and kept in the log; empty
    for a policy, which the log does not mention. why: a sentence for moderators, without any words
    of the reader. told: a sentence for the writer. spans: where in the text, as begin and end.
    """

    outcome: Outcome
    rule: str = ""
    why: str = ""
    told: str = ""
    reason: Reason = Reason.RULES
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Verdict:
    """All that was found, in the order of the checks."""

    findings: tuple[Finding, ...] = ()

    @property
    def decisive(self) -> Finding | None:
        """The strictest finding; of several, the first that names a rule."""
        return max(
            self.findings, default=None, key=lambda one: (one.outcome.strictness, bool(one.rule))
        )

    @property
    def status(self) -> CommentStatus:
        return self.decisive.outcome.status if self.decisive else CommentStatus.APPROVED
