"""``manage.py worker``: the task worker, which takes up what a killed one left behind."""

import contextlib
import hashlib
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Command as WorkerCommand
from django_tasks_db.models import DBTaskResult

from comments.tasks import schedule_sending
from donations.events import process_what_was_left
from newsroom.listening import direct_connection
from newsroom.tasks import plan_forgetting

TRIES = 5  # a task that took so many workers with it is not tried again


class Command(WorkerCommand):
    help = "Run background tasks. Those of a worker that was killed are taken up again."

    def handle(self, *args: Any, **options: Any) -> None:
        with _alive(options["worker_id"]):
            take_up_what_was_left()
            schedule_sending(timezone.now())
            plan_forgetting()
            process_what_was_left()
            super().handle(*args, **options)


@contextlib.contextmanager
def _alive(worker_id: str) -> Iterator[None]:
    """Hold a lock that ends with this process, however it ends, on a connection of its own.

    A pooler would give that to others, too.
    """
    with direct_connection("newsroom-worker") as held:
        held.execute("SELECT pg_advisory_lock(%s)", [_number(worker_id)])
        yield


def take_up_what_was_left() -> int:
    """Let the tasks run again whose worker is gone; return how many.

    A worker is gone when nobody holds its lock. Tasks may be run twice, and are written so.
    """
    left = 0
    for row in DBTaskResult.objects.running():
        if row.worker_ids and _lives(row.worker_ids[-1]):
            continue
        fate = "READY" if len(row.worker_ids) < TRIES else "FAILED"
        left += DBTaskResult.objects.running().filter(pk=row.pk).update(status=fate)
    return left


def _lives(worker_id: str) -> bool:
    with connection.cursor() as cursor:
        # Given back with the end of the statement, which is a transaction of its own.
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(worker_id)])
        [is_free] = cursor.fetchone()
    return not is_free


def _number(worker_id: str) -> int:
    digest = hashlib.sha256(f"worker {worker_id}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
