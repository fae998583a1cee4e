"""What becomes of a comment before anybody has read it.

``screen`` asks each check in turn. A check is a function that looks at a ``Draft`` and yields what
it found; the strictest of all findings decides, and none of them is an approval. ``record_verdict``
writes down what fired, in the transaction that keeps the comment.
"""

from comments.models import Outcome
from comments.screening.checks import screen
from comments.screening.draft import Draft
from comments.screening.recording import record_verdict
from comments.screening.verdict import Check, Finding, Verdict

__all__ = ["Check", "Draft", "Finding", "Outcome", "Verdict", "record_verdict", "screen"]
