"""The check that holds what the policy of the discussion wants to be read first."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from articles.models import CommentPolicy
from comments.models import Outcome
from comments.screening.draft import Draft
from comments.screening.verdict import Finding


def check_policy(draft: Draft) -> Iterator[Finding]:
    """Hold every comment, or those of writers whose record does not speak for them."""
    if draft.policy == CommentPolicy.HOLD_ALL:
        yield Finding(Outcome.HOLD, why=_("Every comment is held here."))
    elif draft.policy != CommentPolicy.OPEN and not draft.is_trusted:
        yield Finding(Outcome.HOLD, why=_("Its writer is new."))
