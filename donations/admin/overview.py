"""Pages beside the list of gifts: charts, and the whole list as a file."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from donations import reporting
from donations.ledger.reconciliation import find_differences, size_of_books
from donations.models import Gift
from donations.silence import silent_providers

MOST_DIFFERENCES = 200


def overview(request: HttpRequest) -> HttpResponse:
    """Show what came in by month, way and kind. For those who may see gifts."""
    _check_right(request)
    currencies = reporting.currencies()
    asked = request.GET.get("currency", "")
    currency = asked if asked in currencies else currencies[0]
    context = {
        **admin.site.each_context(request),
        "title": _("What came in"), "opts": Gift._meta,  # noqa: SLF001 (the admin's own way)
        "currency": currency, "currencies": currencies,
        "months": reporting.by_month(currency), "ways": reporting.by_way(currency),
        "kinds": reporting.by_kind(currency), "silent_providers": silent_providers(),
    }  # fmt: skip
    return TemplateResponse(request, "admin/donations/gift/overview.html", context)


def reconciliation(request: HttpRequest) -> HttpResponse:
    """Compare events, ledger and meters, and list what differs. For those who may see gifts."""
    _check_right(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Reconciliation"), "opts": Gift._meta,  # noqa: SLF001 (the admin's own way)
        "differences": list(islice(find_differences(), MOST_DIFFERENCES)),
        "size": size_of_books(),
    }  # fmt: skip
    return TemplateResponse(request, "admin/donations/gift/reconciliation.html", context)


def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Send all gifts, with their donors, as a file. For those who may see gifts."""
    _check_right(request)
    name = f"gifts-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _lines(), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _lines() -> Iterator[Any]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # or Excel takes it for another encoding
    for row in reporting.rows_for_csv(Gift.objects.all()):
        yield writer.writerow(row)


def _check_right(request: HttpRequest) -> None:
    user: Any = request.user
    if not user.has_perm("donations.view_gift"):
        raise PermissionDenied
