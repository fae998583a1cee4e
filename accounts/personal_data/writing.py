"""Sections of rows as one JSON document, written while they are read."""

import json
from collections.abc import Iterable, Iterator

from django.core.serializers.json import DjangoJSONEncoder
from django.http import StreamingHttpResponse

from accounts.personal_data.parts import Section


def json_document(sections: Iterable[Section]) -> Iterator[str]:
    """Yield an object with a list of rows for each section, a row at a time."""
    yield "{"
    separator = "\n"
    for name, rows in sections:
        yield f"{separator}{json.dumps(name)}: ["
        separator = ",\n"
        between = "\n  "
        for row in rows:
            yield between + json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
            between = ",\n  "
        yield "\n]"
    yield "\n}\n"


def json_download(sections: Iterable[Section], *, name: str) -> StreamingHttpResponse:
    """Return the document as a file of that name, for its asker alone."""
    response = StreamingHttpResponse(json_document(sections), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
