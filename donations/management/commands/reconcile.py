"""``manage.py reconcile``: prove that events, ledger and meters agree."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection, transaction

from donations.calendar import in_site_zone
from donations.ledger.reconciliation import find_differences, size_of_books


class Command(BaseCommand):
    help = "Compare providers' events, the ledger and the meters. Exits with 1 when they differ."

    def handle(self, *_args: Any, **_options: Any) -> None:
        is_alone = not connection.in_atomic_block
        with in_site_zone(), transaction.atomic():
            if is_alone:  # one moment for all that is compared, whatever comes in meanwhile
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            differences = 0
            for difference in find_differences():
                differences += 1
                self.stdout.write(f"{difference.subject}: {difference.text}")
            size = size_of_books()
        self.stdout.write(
            "{events} events, {gifts} gifts, {movements} movements, {entries} entries compared;"
            " {waiting} gifts wait for an exchange rate.".format(**size)
        )
        if differences:
            self.stderr.write(f"{differences} differences.")
            sys.exit(1)
        self.stdout.write("All agree.")
