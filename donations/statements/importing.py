"""Looking at a statement, and recording what is new in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from donations.ledger.recording import Report, check_report, record_report
from donations.models import Movement, Statement
from donations.statements.lines import LeftOutError, reports_of
from donations.statements.mapping import check_mapping, guess_mapping
from donations.statements.table import decode, rows_of

AT_ONCE = 200  # lines in one transaction


@dataclass
class Line:
    """A line as it would be imported: what it tells, or why it is left out or wrong."""

    number: int
    reports: list[Report] = field(default_factory=list)
    left_out: str = ""
    error: str = ""
    is_known: bool = False

    @property
    def is_new(self) -> bool:
        return bool(self.reports) and not self.is_known


def upload_statement(*, kind: str, name: str, content: bytes, by: Any) -> Statement:
    """Keep a file, with a guess at how it is to be read.

    Raises ValidationError for what is no such file, PermissionDenied without the right.
    """
    _check_right(by)
    text = decode(content)
    mapping = guess_mapping(kind, text)
    return Statement.objects.create(
        kind=kind, name=name[:200], content=text, mapping=mapping, uploaded_by=by
    )


def lines_of(statement: Statement) -> list[Line]:
    """Return every line, read by the statement's mapping. Raises ValidationError without one."""
    check_mapping(statement.kind, statement.mapping)
    lines = [_read(statement, row) for row in rows_of(statement.content)]
    known = _known(statement.kind, lines)
    for line in lines:
        line.is_known = bool(line.reports) and all(_name(r) in known for r in line.reports)
    return lines


def start_import(*, statement: Statement, by: Any) -> None:
    """Have a statement imported by the worker, once. Raises ValidationError, PermissionDenied."""
    from donations.tasks import import_statement  # noqa: PLC0415 (the task imports by this module)

    _check_right(by)
    check_mapping(statement.kind, statement.mapping)
    with transaction.atomic():
        row = Statement.objects.select_for_update().get(pk=statement.pk)
        if row.started_at:
            raise ValidationError(_("This file was imported before."))
        row.started_at = timezone.now()
        row.save(update_fields=["started_at"])
        import_statement.enqueue(row.pk)


def import_lines(number: int) -> None:
    """Record what a statement tells, and drop its content. May be killed, and may run again."""
    statement = Statement.objects.filter(pk=number, imported_at=None).first()
    if statement is None:
        return
    lines = lines_of(statement)
    for some in batched(lines, AT_ONCE):
        with transaction.atomic():
            for report in _reports(some):
                record_report(report, by=statement.uploaded_by)
    statement.known = sum(1 for line in lines if line.reports and line.is_known)
    statement.new = sum(1 for line in lines if line.is_new)
    statement.left_out = sum(1 for line in lines if not line.reports)
    statement.content, statement.imported_at = "", timezone.now()
    statement.save()


def _read(statement: Statement, row: Any) -> Line:
    line = Line(row.line)
    try:
        reports = reports_of(statement.kind, row, statement.mapping)
        for report in reports:
            check_report(report)
        line.reports = reports
    except LeftOutError as reason:
        line.left_out = str(reason)
    except ValidationError as error:
        line.error = " ".join(error.messages)
    return line


def _known(provider: str, lines: list[Line]) -> set[tuple[str, str, str]]:
    """Return the names of what was told of these payments before."""
    payments = {report.payment for report in _reports(lines)}
    told = Movement.objects.filter(gift__provider=provider, gift__reference__in=payments)
    return set(told.values_list("gift__reference", "kind", "reference"))


def _name(report: Report) -> tuple[str, str, str]:
    return report.payment, str(report.kind), report.reference or report.payment


def _reports(lines: Any) -> Iterator[Report]:
    for line in lines:
        yield from line.reports


def _check_right(by: Any) -> None:
    if not by.has_perm("donations.add_statement"):
        raise PermissionDenied(_("You may not import gifts."))
