"""Reading a file of comma-separated values, whatever program wrote it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST = 10 * 1024 * 1024  # bytes
MOST_LINES = 20_000


@dataclass(frozen=True)
class Row:
    """One record: the number of its last line in the file, and its cells by column."""

    line: int
    cells: dict[str, str]


def decode(content: bytes) -> str:
    """Return a file's text. Raises ValidationError for what is too large or no text."""
    if len(content) > LARGEST:
        raise ValidationError(_("The file is too large: 10 MB at most. Export fewer months."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise ValidationError(_("This is no text file. Export it as CSV."))


def columns_of(text: str) -> list[str]:
    """Return the names in the first line. Raises ValidationError for a file without any."""
    columns = [name.strip() for name in next(_records(text), [])]
    if len(columns) < 2:
        raise ValidationError(_("The first line names no columns. Is this the CSV export?"))
    return columns


def rows_of(text: str) -> Iterator[Row]:
    """Yield the records. Raises ValidationError for a file that breaks off or goes on too long."""
    columns = columns_of(text)
    reader = _records(text)
    next(reader)
    try:
        for record in reader:
            if reader.line_num > MOST_LINES:
                message = _("The file is too long: %d lines at most. Export fewer months.")
                raise ValidationError(message % MOST_LINES)
            if any(cell.strip() for cell in record):
                cells = (cell.strip() for cell in record)
                yield Row(reader.line_num, dict(zip(columns, cells, strict=False)))
    except csv.Error as error:
        message = _("Line %d cannot be read: a quotation mark is missing or too many.")
        raise ValidationError(message % reader.line_num) from error


def _records(text: str) -> Any:
    """Return the records, by whichever separator the first line has most of."""
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
