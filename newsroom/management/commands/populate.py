"""``manage.py populate``: made-up reports and comments, to try the site under load."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from newsroom.populate.load import CannotPopulate, populate
from newsroom.populate.plan import BadPlan, Plan
from newsroom.populate.progress import ProgressBar


class Command(BaseCommand):
    help = (
        "Add made-up published reports, load-1 and on, with comments: for trying out, not for a "
        "site of your own. The same numbers make the same rows; a second run adds nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--articles", type=int, required=True, metavar="N")
        parser.add_argument(
            "--comments", type=int, required=True, metavar="M",
            help="half of them on load-1, the rest by a power law on the others",
        )  # fmt: skip
        parser.add_argument(
            "--seed", type=int, default=1, metavar="S", help="another one makes other texts"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            plan = Plan(options["articles"], options["comments"], options["seed"])
        except BadPlan as error:
            raise CommandError(f"{error} Nothing was added.") from error
        present = Article.objects.count()
        self.stdout.write(
            f"To add: {plan.articles:,} made-up published reports and {plan.comments:,} comments. "
            f"The site has {present:,} reports; they stay as they are."
        )
        self.stdout.flush()
        bar = ProgressBar(sys.stderr)
        try:
            is_new = populate(plan, bar)
        except CannotPopulate as error:
            raise CommandError(f"{error} Nothing was added.") from error
        finally:
            bar.end()
        self.stdout.write("Added." if is_new else "They are there already; nothing was added.")
