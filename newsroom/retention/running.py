"""The daily round: batch by batch, each noted with what it removed, so it may end anywhere."""

import logging
import time

from django.db import transaction
from django.utils import timezone

from newsroom.models import RetentionRun
from newsroom.retention.rules import RULES, Rule

logger = logging.getLogger(__name__)
# Rows at once: short enough for nobody to wait, and so few that page caches are told of each
# (``pagecache.triggers.MANY``) instead of dropping all they have.
BATCH = 500
TURN = 20  # seconds; then others' tasks have their turn


def forget_what_is_due(turn: float = TURN) -> bool:
    """Go on with the round that was begun, or begin one; tell whether it is through.

    turn: after so many seconds it stops where it is. A rule that fails keeps no other one from its
    turn; what failed is raised together in the end, and the next night goes on with the round.
    """
    run = RetentionRun.objects.filter(finished_at=None).first() or RetentionRun.objects.create()
    end = time.monotonic() + turn
    failed: list[Exception] = []
    for rule in RULES:
        try:
            while _forget_some(run, rule):
                if time.monotonic() > end:
                    return False
        except Exception as error:
            logger.exception("What %s holds was not forgotten.", rule.name)
            failed.append(error)
    if failed:
        raise ExceptionGroup("Not everything was forgotten that was due.", failed)
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
