"""Static files: one stylesheet out of many, scripts without their comments, hashed, compressed.

The stylesheet is written in small files that ``css/site.css`` imports. A browser that follows the
imports one by one waits for each, so collecting puts them in the places of their imports.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import brotli
import rjsmin
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from newsroom.javascript import bundle

IMPORT = re.compile(r'@import url\("(?P<path>[^":]+\.css)"\)(?: layer\((?P<layer>[\w.-]+)\))?;')
EVERYWHERE = "js/site.js"  # the script of every page


class QuickCompressor(Compressor):
    """WhiteNoise's compressor, at a level that takes seconds instead of half a minute.

    Brotli's highest level makes our files 3 % smaller than this one, in ten times the time.
    """

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=9))


class BundlingStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, which first flattens the imports of our stylesheets."""

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        for name in paths:
            if name.startswith(("css/", "js/")) and not dry_run:
                source = self._source(name)
                if name.startswith("js/"):
                    # Together where each page runs them all; else as they are.
                    bundled = bundle(name, self._source) if name == EVERYWHERE else source
                    bundled = rjsmin.jsmin(bundled)
                else:
                    bundled = self._flatten(source, PurePosixPath(name).parent)
                self.delete(name)
                self._save(name, ContentFile(bundled.encode()))
                # The hashed copy is made from what lies in this storage, not from the source.
                paths[name] = (self, name)
        yield from super().post_process(paths, dry_run, **options)

    def _source(self, name: str) -> str:
        """Return a file as it was written: the one that lies here may be an earlier run's work."""
        found = finders.find(name)
        if found is None:
            raise ValueError(f"There is no {name}.")
        return Path(found).read_text()

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)

    def _flatten(self, source: str, folder: PurePosixPath) -> str:
        def imported(match: re.Match[str]) -> str:
            content = self._source(str(folder / match["path"]))
            return f"@layer {match['layer']} {{\n{content}\n}}" if match["layer"] else content

        return IMPORT.sub(imported, source)
