"""``manage.py recount_comments``: recompute the kept counts and report drift."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from comments.counts import recount


class Command(BaseCommand):
    help = "Recompute the counts of comments, replies and votes, and report what was wrong."

    @transaction.atomic
    def handle(self, *_args: Any, **_options: Any) -> None:
        for name, wrong in recount().items():
            self.stdout.write(f"{name}: {wrong} corrected")
