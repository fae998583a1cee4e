"""Uploaded files in a bucket: made, shown, copied and removed there, at the same addresses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.template import Context, Template
from django.test import Client
from django_tasks_db.models import DBTaskResult

from articles.body_pictures import pictures_of
from articles.export.media import copy_media
from articles.renditions import discard_files
from tests.articles.test_renditions import run_worker, stored, striped
from tests.bucket import bucket

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def files(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    with bucket() as (address, files):
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", address)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a-key")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-to-be-told")
        monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "newsroom.object_storage.BucketStorage",
                "OPTIONS": {"bucket_name": "pictures", "file_overwrite": False},
            },
        }
        yield files


def test_picture_and_its_sizes_lie_in_the_bucket_and_are_shown_by_the_site(
    files: dict[str, bytes], client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        image = stored(striped())
    [task] = DBTaskResult.objects.all()
    assert "key" not in str(task.args_kwargs["kwargs"]["storage"])
    run_worker()
    image.refresh_from_db()
    assert image.has_renditions
    assert image.file.name in files
    assert len(files) > 10
    shown = Template("{% load pictures %}{% picture image.file img_alt='' %}").render(
        Context({"image": image})
    )
    sources = [part.split()[0] for part in shown.replace('"', " ").split(" /media/")[1:]]
    assert set(sources) <= set(files)
    assert sources
    for name in (image.file.name, sources[-1]):
        answer = client.get(f"/media/{name}")
        assert answer.status_code == 200
        assert b"".join(answer) == files[name]  # type: ignore[arg-type]
        assert "immutable" in answer["Cache-Control"]
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Type"].startswith("image/")


def test_body_knows_its_pictures_again(files: dict[str, bytes]) -> None:
    address = default_storage.url("pictures/a b.png")
    assert address == "/media/pictures/a%20b.png"
    [picture] = pictures_of(f'<img src="{address}" alt="">')
    assert picture.file_name == "pictures/a b.png"


def test_second_file_of_a_name_gets_another_one(files: dict[str, bytes]) -> None:
    first, second = stored(striped()), stored(striped())
    assert first.file.name != second.file.name
    assert {first.file.name, second.file.name} <= set(files)


@pytest.mark.parametrize("path", ["pictures/none.png", "../secret_key", "a/../../secret_key"])
def test_what_is_not_there_is_not_found(files: dict[str, bytes], client: Client, path: str) -> None:
    assert client.get(f"/media/{path}").status_code in {400, 404}


def test_export_copies_and_removal_removes(
    files: dict[str, bytes], tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        image = stored(striped())
    run_worker()
    default_storage.save("imported/2020/song.mp3", ContentFile(b"la"))
    assert copy_media(tmp_path / "media") == 2
    assert (tmp_path / "media/imported/2020/song.mp3").exists()
    default_storage.delete("imported/2020/song.mp3")
    image.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        file = image.file
        image.delete()
        discard_files(file)
    run_worker()
    assert files == {}
