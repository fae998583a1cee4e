"""The daily round: batch by batch, each noted with what it removed, so it may end anywhere."""

import time

from django.db import transaction
from django.utils import timezone

from newsroom.models import RetentionRun
from newsroom.retention.rules import RULES, Rule

BATCH = 2_000
TURN = 20  # seconds; then others' tasks have their turn


def forget_what_is_due(turn: float = TURN) -> bool:
    """Go on with the round that was begun, or begin one; tell whether it is through.

    turn: after so many seconds it stops where it is.
    """
    run = RetentionRun.objects.filter(finished_at=None).first() or RetentionRun.objects.create()
    end = time.monotonic() + turn
    for rule in RULES:
        while _forget_some(run, rule):
            if time.monotonic() > end:
                return False
    RetentionRun.objects.filter(pk=run.pk).update(finished_at=timezone.now())
    return True


@transaction.atomic
def _forget_some(run: RetentionRun, rule: Rule) -> int:
    """Forget one batch, and note it in the same transaction; return how much."""
    # Locked: a second worker at the same round waits, and adds to what the first has noted.
    kept = RetentionRun.objects.select_for_update().get(pk=run.pk)
    number = rule.forget(BATCH)
    if number:
        kept.removed[rule.name] = kept.removed.get(rule.name, 0) + number
        kept.save(update_fields=["removed"])
    return number
