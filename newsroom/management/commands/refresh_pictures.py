"""``manage.py refresh_pictures``: bring old pictures up to what new ones have."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction

from articles.models import Image
from articles.pictures import content_digest
from articles.renditions import queue_missing


class Command(BaseCommand):
    help = (
        "Have the worker make the sizes and crops that pictures lack, and note by what each is "
        "known again, so that duplicates are found. Can be run again; does what is left to do."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        queued = known = 0
        for image in Image.objects.exclude(file="").order_by("pk").iterator(chunk_size=500):
            if not image.file.storage.exists(image.file.name):
                self.stderr.write(f"{image.file.name}: the file is not there")
                continue
            with transaction.atomic():
                queued += queue_missing(image)
            known += not image.content_digest and self._note_digest(image)
        self.stdout.write(f"{queued} pictures wait for the worker, {known} more are known again.")

    def _note_digest(self, image: Image) -> bool:
        try:
            with image.file.open("rb") as file:
                digest = content_digest(file)
        except ValidationError as error:
            self.stderr.write(f"{image.file.name}: {error.messages[0]}")
            return False
        Image.objects.filter(pk=image.pk).update(content_digest=digest)
        return True
