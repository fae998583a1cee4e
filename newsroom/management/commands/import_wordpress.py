"""``manage.py import_wordpress FILE``: a WordPress export becomes articles and discussions."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.wordpress.importing import ImportRunning, import_export
from articles.wordpress.report import Report
from articles.wordpress.wxr import BadExport
from comments.counts import recount
from comments.wordpress import import_comments

PROGRESS_SECONDS = 1


class Command(BaseCommand):
    help = "Import a WordPress export (WXR 1.0 to 1.2). Running it again adds nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the export, an .xml file")
        parser.add_argument(
            "--media", type=Path, metavar="DIR",
            help="a copy of wp-content/uploads; without it pictures are placeholders",
        )  # fmt: skip
        parser.add_argument(
            "--dry-run", action="store_true", help="tell what would happen, and change nothing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path | None = options["media"]
        if folder is not None and not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        report = Report()
        try:
            import_export(
                options["file"], report=report, take_comments=import_comments,
                progress=self._progress(), media_folder=folder, is_dry_run=options["dry_run"],
            )  # fmt: skip
        except BadExport as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        except ImportRunning as error:
            raise CommandError("Another import is running. Wait until it is done.") from error
        if not options["dry_run"]:
            recount()
        for line in report.lines():
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was changed.")

    def _progress(self) -> Any:
        last = time.monotonic()

        def tell(done: int) -> None:
            nonlocal last
            if time.monotonic() - last >= PROGRESS_SECONDS:
                last = time.monotonic()
                self.stderr.write(f"{done} items …")

        return tell
