"""Which of our rows stands for what in the export, so that a second import adds nothing."""

import hashlib
from collections.abc import Iterable

from django.db import models

from articles.copying import copy_rows
from articles.models import ImportedItem

KEY_LENGTH = 200


class Records:
    """The memory of imports from one site: by kind and key to the primary key of our row."""

    def __init__(self, source: str) -> None:
        """source: the other site's address. Comments are too many to keep: ask for them by key."""
        self.source = source[:500]
        rows = ImportedItem.objects.filter(source=self.source).exclude(kind="comment")
        self._known = {
            (kind, key): pk
            for kind, key, pk in rows.values_list("kind", "external_id", "object_id")
        }

    def find(self, kind: str, key: str) -> int | None:
        return self._known.get((kind, fitted(key)))

    def remember(self, kind: str, key: str, row: models.Model, old_url: str = "") -> None:
        """Note that row stands for what has this key; a row that stood for it before no more."""
        key = fitted(key)
        ImportedItem.objects.update_or_create(
            source=self.source, kind=kind, external_id=key,
            defaults={"object_id": row.pk, "old_url": old_url.replace("\x00", "")},
        )  # fmt: skip
        self._known[kind, key] = row.pk

    def remember_all(self, rows: Iterable[ImportedItem]) -> None:
        """Save notes that need only their source; one that is there gets the new row."""
        notes = list(rows)
        for note in notes:
            note.source, note.external_id = self.source, fitted(note.external_id)
            note.old_url = note.old_url.replace("\x00", "")
            self._known[note.kind, note.external_id] = note.object_id
        ImportedItem.objects.bulk_create(
            notes, update_conflicts=True, update_fields=["object_id", "old_url"],
            unique_fields=["source", "kind", "external_id"],
        )  # fmt: skip

    def comments(self, keys: list[str]) -> dict[str, int]:
        """Return the known among comments' keys, with our rows' keys."""
        rows = ImportedItem.objects.filter(
            source=self.source, kind="comment", external_id__in=[fitted(key) for key in keys]
        )
        return dict(rows.values_list("external_id", "object_id"))

    def remember_comments(self, rows: dict[str, int]) -> None:
        """Note which of our comments stand for which keys, all at once."""
        copy_rows(
            ImportedItem, ["source", "kind", "external_id", "object_id", "old_url"],
            ([self.source, "comment", fitted(key), pk, ""] for key, pk in rows.items()),
        )  # fmt: skip


def fitted(key: str) -> str:
    """Return key as it can be stored: one that is too long is told apart by its digest."""
    if len(key) <= KEY_LENGTH:
        return key
    return f"{key[: KEY_LENGTH - 65]} {hashlib.sha256(key.encode()).hexdigest()}"
