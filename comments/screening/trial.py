"""Trying a text on the rules: what would become of it, and why. Nothing is kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from articles.models import Article
from comments.markup import render
from comments.models import Comment, Discussion, Rule
from comments.screening.checks import verdict_on
from comments.screening.draft import Draft
from comments.screening.folding import digest
from comments.screening.rules import ask_rule
from comments.screening.verdict import Finding, Verdict


@dataclass
class TrialDraft(Draft):
    """A text that nobody sent, with what is supposed of its writer.

    before: comments of theirs just before; is_known: whether their record speaks for them.
    """

    before: int = 0
    is_known: bool = False

    @property
    def is_trusted(self) -> bool:
        return self.is_known

    def recent(self, minutes: int) -> int:  # noqa: ARG002 (as of a draft that was sent)
        return self.before + 1


@dataclass(frozen=True)
class Trial:
    """What would become of a text; idle: what rules would say that are not active."""

    body: str
    verdict: Verdict
    idle: tuple[Finding, ...] = ()

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The text in pieces, and of each whether something was found in it."""
        findings = (*self.verdict.findings, *self.idle)
        found = {place for one in findings for span in one.spans for place in range(*span)}
        begin = 0
        for place in range(1, len(self.body) + 1):
            if place == len(self.body) or (place in found) != (begin in found):
                yield self.body[begin:place], begin in found
                begin = place


def try_text(*, body: str, name: str = "", before: int = 0, is_known: bool = False) -> Trial:
    """Return what would become of a comment with this text, below a report of the site's policy."""
    comment = Comment(
        discussion=Discussion(article=Article()), body=body, body_html=render(body),
        guest_name=name, text_digest=digest(body),
    )  # fmt: skip
    draft = TrialDraft(comment, before=before, is_known=is_known)
    idle = (
        finding
        for rule in Rule.objects.filter(is_active=False)
        for finding in ask_rule(rule, draft)
    )
    return Trial(body, verdict_on(draft), tuple(idle))
