from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = "Newsroom"

    def ready(self) -> None:
        from accounts.personal_data.parts import register  # noqa: PLC0415 (models load before)
        from articles.personal_data import PART as ARTICLES  # noqa: PLC0415
        from comments.personal_data.erasing import PART as COMMENTS  # noqa: PLC0415

        register(COMMENTS)
        register(ARTICLES)
        post_migrate.connect(watch_tables, sender=self)


def watch_tables(using: str, **_options: Any) -> None:
    """Have the database tell what changes, by the tables as they are after a migration."""
    from newsroom.watched_tables import WATCHED  # noqa: PLC0415 (as the signal is sent)
    from pagecache.triggers import install  # noqa: PLC0415

    install(connections[using], WATCHED)
