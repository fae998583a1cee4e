"""The stylesheet is one file, hashed and compressed."""

from pathlib import Path

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
