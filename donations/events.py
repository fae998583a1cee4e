"""Events of providers: kept first, then turned into reports for the ledger."""

import datetime
import logging
from collections.abc import Mapping

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from donations.calendar import in_site_zone
from donations.donors.receipts import queue_receipt
from donations.ledger.pledges import PledgeReport, record_pledge
from donations.ledger.recording import record_report
from donations.models import RefusedDelivery, WebhookEvent
from donations.providers import PROVIDERS
from donations.providers.base import Delivery, Reason, Told, UnreadableError

logger = logging.getLogger(__name__)

Status = WebhookEvent.Status
DELIVERIES = 6_103_206  # the advisory lock that deliveries share: any number of our own


def keep_event(*, provider: str, delivery: Delivery, headers: Mapping[str, str]) -> bool:
    """Keep an event, and have it processed; return whether it was new.

    Both in one transaction: an event that is kept has a task that will look after it was kept.
    """
    from donations.tasks import process_events  # noqa: PLC0415 (it processes by this module)

    with transaction.atomic():
        _hold_deliveries("pg_advisory_xact_lock_shared")
        new = WebhookEvent(
            provider=provider, event_id=delivery.event_id, kind=delivery.kind, body=delivery.body,
            headers=dict(headers),
        )  # fmt: skip
        if WebhookEvent.objects.filter(provider=provider, event_id=new.event_id).exists():
            return False
        WebhookEvent.objects.bulk_create([new], ignore_conflicts=True)
        ready = DBTaskResult.objects.filter(task_path=process_events.module_path, status="READY")
        if not ready.exists():
            process_events.enqueue()
        return True


def process_waiting() -> int:
    """Process every event that waits, each in a transaction of its own; return how many.

    Several workers may at once: each takes what no other holds.
    """
    # Deliveries that found this task waiting, and so added none, have been kept after this.
    with transaction.atomic():
        _hold_deliveries("pg_advisory_xact_lock")
    processed = 0
    with in_site_zone():
        while _process_next():
            processed += 1
    forget_old_bodies()
    return processed


def process_what_was_left() -> None:
    """Have events processed whose task is gone: when a worker starts, and when staff asks."""
    from donations.tasks import process_events  # noqa: PLC0415 (as above)

    if WebhookEvent.objects.filter(status=Status.WAITING).exists():
        process_events.enqueue()


def read_event(event: WebhookEvent) -> Told:
    """Return what an event says. Raises as the provider's ``read`` does."""
    return PROVIDERS[event.provider].read(bytes(event.body or b""), event.received_at)


def process_again(event: WebhookEvent) -> None:
    """Let an event that was not understood be read again."""
    with transaction.atomic():
        WebhookEvent.objects.filter(pk=event.pk, status=Status.FAILED).update(
            status=Status.WAITING, error=""
        )
        process_what_was_left()


def note_refusal(*, provider: str, reason: Reason) -> None:
    """Count a delivery that was refused, for the staff to see."""
    now, day = timezone.now(), timezone.localdate()
    rows = RefusedDelivery.objects.filter(provider=provider, reason=reason, day=day)
    if not rows.update(count=F("count") + 1, last_at=now):
        RefusedDelivery.objects.bulk_create(
            [RefusedDelivery(provider=provider, reason=reason, day=day)], ignore_conflicts=True
        )
        rows.update(count=F("count") + 1, last_at=now)


def forget_old_bodies() -> None:
    """Drop what was delivered so long ago that nobody needs to look it up."""
    before = timezone.now() - datetime.timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    done = WebhookEvent.objects.filter(status__in=[Status.DONE, Status.IGNORED])
    done.filter(body__isnull=False, received_at__lt=before).update(body=None, headers={})


def _process_next() -> bool:
    with transaction.atomic():
        waiting = WebhookEvent.objects.select_for_update(skip_locked=True)
        event = waiting.filter(status=Status.WAITING).order_by("pk").first()
        if event is None:
            return False
        try:
            with transaction.atomic():
                told = read_event(event)
                for report in told:
                    if isinstance(report, PledgeReport):
                        record_pledge(report)
                    else:
                        gift, _is_new = record_report(report, event=event)
                        queue_receipt(gift)
            event.status = Status.DONE if told else Status.IGNORED
        except UnreadableError as error:
            event.status, event.error = Status.FAILED, str(error)
        except OperationalError:
            raise  # the database, not the event
        except Exception as error:  # noqa: BLE001 (one that breaks us must not hold up the others)
            # Nothing of what it says: that may be personal.
            event.status, event.error = Status.FAILED, type(error).__name__
            logger.error("Event %s of %s: %s", event.pk, event.provider, event.error)  # noqa: TRY400
        event.save(update_fields=["status", "error"])
        return True


def _hold_deliveries(lock: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [DELIVERIES])
