"""``manage.py import_wordpress FILE``: a WordPress export becomes articles and discussions."""

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from articles.search.vocabulary import refresh_vocabulary
from articles.wordpress.apart import ReadingEnded
from articles.wordpress.importing import ImportRunning, import_export
from articles.wordpress.report import Report
from articles.wordpress.wxr import BadExport
from comments.counts import recount
from comments.wordpress import import_comments
from comments.wordpress_bodies import read_comments

PROGRESS_SECONDS = 0.5


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
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write the report there too, as JSON"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path | None = options["media"]
        if folder is not None and not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")
        if options["report"] is not None and not options["report"].parent.is_dir():
            raise CommandError(f"{options['report'].parent} is not a folder.")
        report = Report()
        line = ProgressLine(sys.stderr)
        try:
            import_export(
                options["file"], report=report, read_comments=read_comments,
                take_comments=import_comments, progress=line, media_folder=folder,
                is_dry_run=options["dry_run"],
            )  # fmt: skip
        except BadExport as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        except ImportRunning as error:
            raise CommandError("Another import is running. Wait until it is done.") from error
        except ReadingEnded as error:
            raise CommandError(
                "The process that reads the export was ended. Nothing was imported."
            ) from error
        finally:
            line.end()
        if not options["dry_run"]:
            recount()
            refresh_vocabulary()
        self._tell(report, options["report"])
        if options["dry_run"]:
            self.stdout.write("This was a dry run: nothing was changed.")

    def _tell(self, report: Report, path: Path | None) -> None:
        for line in report.lines():
            self.stdout.write(line)
        if path is not None:
            text = json.dumps(report.as_json(), ensure_ascii=False, indent=2)
            path.write_text(f"{text}\n", encoding="utf-8")


class ProgressLine:
    """One line of a terminal that is written over; nothing where nobody watches."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._is_watched = out, out.isatty()
        self._phase, self._began, self._told, self._things = "", 0.0, 0.0, 0

    def __call__(self, phase: str, share: float) -> None:
        """Count a thing of the file; share: how much of the file is read, 0 to 1."""
        now = time.monotonic()
        if phase != self._phase:
            self.end()
            self._phase, self._began, self._things = phase, now, 0
        self._things += 1
        if self._is_watched and now - self._told >= PROGRESS_SECONDS:
            self._told = now
            rate = self._things / max(now - self._began, 0.001)
            text = f"{phase}: {share:.0%}, {self._things:,} things, {rate:,.0f} a second"
            self._out.write(f"\r{text:<70}")
            self._out.flush()

    def end(self) -> None:
        """Leave the line as it is, and begin another."""
        if self._is_watched and self._phase:
            self._out.write("\n")
