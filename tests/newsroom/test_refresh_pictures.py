"""The command that brings old pictures up to what new ones have."""

from io import StringIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from articles.models import Image
from articles.pictures import content_digest
from articles.renditions import make_renditions
from tests.articles.factories import ImageFactory
from tests.articles.test_pictures import picture_bytes, upload

pytestmark = pytest.mark.django_db
CONTENT = picture_bytes("PNG", size=(900, 600))


def refresh() -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("refresh_pictures", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def run_worker() -> int:
    tasks = list(DBTaskResult.objects.all())
    for task in tasks:
        make_renditions.call(**task.args_kwargs["kwargs"])
    DBTaskResult.objects.all().delete()
    return len(tasks)


def test_old_picture_gets_its_crops_and_its_digest(django_capture_on_commit_callbacks: Any) -> None:
    image = Image.objects.create(alt="A", file=ContentFile(CONTENT, "a.png"))
    with django_capture_on_commit_callbacks(execute=True):
        out, err = refresh()
    assert "1 pictures wait for the worker, 1 more" in out
    assert err == ""
    assert run_worker() == 1
    image.refresh_from_db()
    assert (image.has_renditions, image.crops_for) == (True, "50-50")
    assert image.content_digest == content_digest(upload("a.png", CONTENT))
    with django_capture_on_commit_callbacks(execute=True):
        assert "0 pictures wait for the worker, 0 more" in refresh()[0]


def test_what_cannot_be_read_is_told_and_the_rest_is_done() -> None:
    ImageFactory(file="images/gone.png")
    broken = Image(alt="B", width=1, height=1)
    broken.file.storage.save("images/broken.png", ContentFile(b"nothing"))
    broken.file = "images/broken.png"
    broken.save()
    Image.objects.create(alt="A", file=ContentFile(CONTENT, "a.png"))
    out, err = refresh()
    assert "1 more are known again" in out
    assert "images/gone.png: the file is not there" in err
    assert "images/broken.png: This is not a JPEG" in err
