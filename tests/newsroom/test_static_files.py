"""The stylesheet is one file, hashed and compressed."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command


def test_collected_stylesheet_holds_its_parts(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "newsroom.static_files.BundlingStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    [hashed] = [p for p in (tmp_path / "css").glob("site.*.css") if p.suffix == ".css"]
    text = hashed.read_text()
    assert "@import" not in text
    assert "--font-headline" in text
    assert ".masthead" in text
    # A part's relative addresses still point at files that are there.
    assert 'url("../fonts/newsreader-latin-600-normal.' in text
    assert hashed.with_name(hashed.name + ".br").exists()


@pytest.mark.slow
def test_collecting_twice_gives_the_same(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "newsroom.static_files.BundlingStorage"},
    }
    contents = []
    for _ in range(2):
        call_command("collectstatic", interactive=False, verbosity=0)
        contents.append((tmp_path / "staticfiles.json").read_text())
    assert contents[0] == contents[1]


def test_a_changed_part_reaches_the_stylesheet_collected_next(settings, tmp_path: Path) -> None:
    root, source = tmp_path / "collected", tmp_path / "source"
    settings.STATIC_ROOT = root
    settings.STATICFILES_DIRS = [source]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "newsroom.static_files.BundlingStorage"},
    }
    for folder in ("css", "js"):
        (source / folder).mkdir(parents=True)
    (source / "css" / "site.css").write_text('@import url("part.css");')
    (source / "js" / "site.js").write_text('import "./part.js";')
    for word in ("before", "after"):
        (source / "css" / "part.css").write_text(f".{word} {{ color: red }}")
        (source / "js" / "part.js").write_text(f"console.log('{word}');")
        call_command("collectstatic", interactive=False, verbosity=0)
        for name in ("css/site.css", "js/site.js"):
            hashed = json.loads((root / "staticfiles.json").read_text())["paths"][name]
            assert word in (root / hashed).read_text()
