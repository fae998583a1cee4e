"""Importing a provider's export: upload it, look at what it says, import it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminFileFieldWidget

from donations.models import Statement
from donations.statements.importing import Line, lines_of, start_import, upload_statement
from donations.statements.mapping import COLUMNS, Meaning
from donations.statements.table import LARGEST, columns_of

SHOWN = 200  # lines of each kind
ORDERS = [
    ("", _("Choose")), ("dmy", _("day, month, year")), ("mdy", _("month, day, year")),
    ("ymd", _("year, month, day")),
]  # fmt: skip


class UploadForm(forms.ModelForm):  # type: ignore[type-arg]
    """A file, and where it comes from."""

    file = forms.FileField(
        label=_("File"), widget=UnfoldAdminFileFieldWidget,
        help_text=_("As the provider wrote it (CSV). Nothing is imported before you have looked."),
    )  # fmt: skip

    class Meta:
        model = Statement
        fields = ["kind"]

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self) -> dict[str, Any]:
        """Keep the file where it can be read; say at its field why it cannot."""
        cleaned = super().clean() or {}
        file: UploadedFile[Any] | None = cleaned.get("file")
        if file and cleaned.get("kind"):
            try:
                self.instance = upload_statement(
                    kind=cleaned["kind"], name=file.name or "", by=self.by,
                    content=file.read(LARGEST + 1),
                )  # fmt: skip
            except ValidationError as error:
                self.add_error("file", error)
        return cleaned


@admin.register(Statement)
class StatementAdmin(ModelAdmin):
    list_display = ["name", "kind", "uploaded_at", "uploaded_by", "imported_at", "new", "known"]
    list_filter = ["kind"]
    form = UploadForm
    fields = ["kind", "file"]

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)

        class WithUser(form):  # type: ignore[misc,valid-type]
            def __init__(self, *args: Any, **kwargs: Any) -> None:
                super().__init__(*args, by=request.user, **kwargs)

        return WithUser

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:  # noqa: ARG002
        form.save_m2m = lambda: None
        return form.instance

    def save_model(self, *_told: Any) -> None:
        """Nothing is left to do: the form has kept it."""

    def response_add(
        self, _request: HttpRequest, obj: Statement, _post_url_continue: str | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(f"../{obj.pk}/change/")

    def change_view(
        self, request: HttpRequest, object_id: str, _form_url: str = "", _context: Any = None
    ) -> HttpResponse:
        """Show what a file says, and have it imported. For those who may add gifts by file."""
        statement: Statement | None = self.get_object(request, object_id)
        if statement is None:
            raise Http404
        if not self.has_view_permission(request, statement):
            raise PermissionDenied
        if request.method == "POST":
            return self._post(request, statement)
        return self._look(request, statement)

    def _post(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        if not self.has_change_permission(request, statement):
            raise PermissionDenied
        try:
            if "import" in request.POST:
                start_import(statement=statement, by=request.user)
                messages.success(request, gettext("It is being imported."))
            elif not statement.started_at:
                statement.mapping = _mapping_of(request, statement)
                statement.save(update_fields=["mapping"])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(request.path)

    def _look(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        lines: list[Line] = []
        problem = ""
        if not statement.imported_at:
            try:
                lines = lines_of(statement)
            except ValidationError as error:
                problem = " ".join(error.messages)
        wrong = [line for line in lines if line.error]
        new = [line for line in lines if line.is_new]
        left_out = [line for line in lines if line.left_out]
        context = {
            **self.admin_site.each_context(request),
            "title": statement.name, "opts": self.opts, "statement": statement,
            "problem": problem, "new": new[:SHOWN], "wrong": wrong[:SHOWN],
            "left_out": left_out[:SHOWN], "number_new": len(new), "number_wrong": len(wrong),
            "number_left_out": len(left_out),
            "number_known": len(lines) - len(new) - len(wrong) - len(left_out),
            **(_choices(statement) if statement.content else {}),
        }  # fmt: skip
        return TemplateResponse(request, "admin/donations/statement/look.html", context)


def _choices(statement: Statement) -> dict[str, Any]:
    """Return what the form about the mapping offers."""
    mapping = statement.mapping
    return {
        "headers": columns_of(statement.content),
        "columns": [
            (column, mapping["columns"].get(column.name, ""))
            for column in COLUMNS[Statement.Kind(statement.kind)]
        ],
        "orders": ORDERS,
        "order": mapping["order"],
        "types": list(mapping["types"].items()),
        "meanings": Meaning.choices,
    }


def _mapping_of(request: HttpRequest, statement: Statement) -> dict[str, Any]:
    """Return the mapping that was chosen; what the file does not have is nobody's choice."""
    headers = {*columns_of(statement.content), ""}
    orders = {order for order, _label in ORDERS}

    def chosen(field: str, allowed: Any, before: str) -> str:
        value = request.POST.get(field, before)
        return value if value in allowed else before

    mapping = statement.mapping
    return {
        "columns": {
            name: chosen(f"column-{name}", headers, before)
            for name, before in mapping["columns"].items()
        },
        "order": chosen("order", orders, mapping["order"]),
        "types": {
            name: chosen(f"type-{number}", Meaning.values, before)
            for number, (name, before) in enumerate(mapping["types"].items())
        },
    }
