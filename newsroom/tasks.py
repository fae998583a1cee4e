"""What the task worker does for the site as a whole."""

import datetime
import zoneinfo

from django.db import connection, transaction
from django.tasks import task
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Publication
from newsroom.retention.running import forget_what_is_due

QUIET_HOUR = 3  # of the publication's own day
PLANNING = 7_210_311  # the lock under which a round is planned: any number of our own


@task()
def forget_what_is_old() -> None:
    """Forget what was kept long enough; first plan tomorrow's round, so that none is the last."""
    plan_forgetting()
    if not forget_what_is_due():
        forget_what_is_old.enqueue()


@transaction.atomic
def plan_forgetting() -> None:
    """Have a round made in the coming night, unless one is planned already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLANNING])
    night = _next_night()
    planned = DBTaskResult.objects.filter(
        task_path=forget_what_is_old.module_path, status="READY", run_after__lte=night
    )
    if not planned.exists():
        forget_what_is_old.using(run_after=night).enqueue()


def _next_night() -> datetime.datetime:
    now = timezone.localtime(timezone=zoneinfo.ZoneInfo(Publication.current().time_zone))
    night = now.replace(hour=QUIET_HOUR, minute=0, second=0, microsecond=0)
    return night if night > now else night + datetime.timedelta(days=1)
