"""Form fields of the desk."""

from typing import IO, Any

from django import forms

from articles.pictures import EXTENSIONS, CheckedPicture, check_picture


class PictureFormField(forms.FileField):
    """Takes one picture of a kind we show, and gives it back without its location.

    Django's own ImageField would unpack the file before its size is known, and lets GIFs through.
    """

    def to_python(self, data: IO[bytes] | None) -> CheckedPicture | None:
        upload = super().to_python(data)  # type: ignore[arg-type]
        return None if upload is None else check_picture(upload)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": ",".join([*EXTENSIONS.values(), ".jpeg"])}
