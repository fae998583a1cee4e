"""What the task worker does for donations."""

import datetime

from django.tasks import task

from donations.calendar import in_site_zone
from donations.donors.managing import send_links
from donations.donors.receipts import send_due_receipts
from donations.events import process_waiting
from donations.statements.importing import import_lines


@task()
def send_receipts() -> None:
    """Thank for gifts, and plan the next attempt for what could not be sent."""
    due = send_due_receipts()
    if due is not None:
        send_receipts.using(run_after=due + datetime.timedelta(seconds=1)).enqueue()


@task()
def send_pledge_links(numbers: list[int]) -> None:
    """Send a donor the links to these monthly gifts."""
    send_links(numbers)


@task()
def import_statement(number: int) -> None:
    """Record what a provider's export tells. May run twice."""
    with in_site_zone():
        import_lines(number)


@task()
def process_events() -> None:
    """Turn the providers' events that wait into entries of the ledger. May run twice."""
    process_waiting()
