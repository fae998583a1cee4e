"""``manage.py index_search``: the search index and the known words, computed anew."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.models import Article
from articles.search.vocabulary import refresh_vocabulary

BATCH = 500


class Command(BaseCommand):
    help = "Compute the search index of all articles anew, and collect the words they hold."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--words-only", action="store_true", help="leave the index as it is (nightly)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["words_only"]:
            numbers = list(Article.objects.order_by("pk").values_list("pk", flat=True))
            for start in range(0, len(numbers), BATCH):
                Article.objects.filter(pk__in=numbers[start : start + BATCH]).index_for_search()
            self.stdout.write(f"Indexed {len(numbers):,} articles.")
        self.stdout.write(f"Collected {refresh_vocabulary():,} words.")
