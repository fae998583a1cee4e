"""``manage.py export_site DIR``: the whole site written out, to be read by us or by WordPress."""

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.export.site import SiteWriter, export_site
from articles.export.wxr import as_json
from articles.models import Article
from comments.export import (
    comment_facts,
    discussion_facts,
    plugin_meta,
    subscription_facts,
)  # fmt: skip
from comments.models import Discussion


class Command(BaseCommand):
    help = "Write the site to a new folder: site.xml (WXR), JSON Lines by kind, and media."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="is made; it must be empty if it exists")
        parser.add_argument(
            "--media", action=BooleanOptionalAction, default=True,
            help="copy the pictures and other files too (the default)",
        )  # fmt: skip
        parser.add_argument(
            "--with-emails", action="store_true",
            help="also write readers' and staff's addresses; without them guests cannot be "
            "recognised, and subscriptions are left out",
        )  # fmt: skip

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise CommandError(f"{folder} is not an empty folder. Nothing was written.")
            counts = export_site(
                folder, discussion_meta=discussion_meta, write_comments=write_comments,
                with_emails=options["with_emails"], with_media=options["media"],
            )  # fmt: skip
        except OSError as error:
            raise CommandError(
                f"{error.filename or folder} cannot be written: {error.strerror or error}."
            ) from error
        for kind, count in sorted(counts.items()):
            self.stdout.write(f"{count:>7} {kind}")
        self.stdout.write(f"Written to {folder}.")


def discussion_meta(site: SiteWriter, article: Article) -> dict[str, str]:
    """Return what an article's item says of its discussion."""
    facts = discussion_facts(article.pk)
    if facts is None:
        return {}
    facts["article"] = article.pk
    site.line("discussion", facts)
    meta = {"_newsroom_discussion": as_json(facts)}
    if site.with_emails:
        subscriptions = subscription_facts(facts["id"], user=site.user)
        for row in subscriptions:
            site.line("subscription", row)
        if subscriptions:
            meta["_newsroom_subscriptions"] = as_json(subscriptions)
    return meta


def write_comments(site: SiteWriter, article: Article) -> None:
    """Write the comments of an article into its item."""
    number = Discussion.objects.filter(article=article).values_list("pk", flat=True).first()
    if number is None:
        return
    rows = comment_facts(number, user=site.user, with_emails=site.with_emails)
    for facts, values in rows:
        site.line("comment", facts)
        site.xml.comment(values, {"_newsroom_comment": as_json(facts)} | plugin_meta(facts))
