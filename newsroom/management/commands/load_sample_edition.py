"""``manage.py load_sample_edition``: fill an empty site with the sample edition."""

from typing import Any

from django.core.management.base import BaseCommand

from newsroom.sample_edition.load import load_sample_edition


class Command(BaseCommand):
    help = (
        "Load the sample edition, with accounts whose password everybody knows: for trying out, "
        "not for a site of your own. Does nothing when the site has any article."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        if load_sample_edition(self.stdout.write):
            self.stdout.write("The sample edition is loaded.")
        else:
            self.stdout.write("The site has reports already; nothing was loaded.")
