"""Form fields of the desk, and the form of a picture."""

from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminImageFieldWidget, UnfoldBooleanWidget

from articles.models import Image
from articles.picture_usage import is_in_a_text
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


class ImageForm(forms.ModelForm):  # type: ignore[type-arg]
    """A picture and its words. Only an import leaves the file out.

    One that the library has already is refused with a link to it, until ``keep_both`` is ticked.
    """

    file = PictureFormField(
        label=_("File"), widget=UnfoldAdminImageFieldWidget,
        help_text=_("JPEG, PNG, WebP or AVIF, up to 15 MB. Where it was taken is not kept."),
    )  # fmt: skip
    # Shown once there is something to keep both of.
    keep_both = forms.BooleanField(
        label=_("Keep both"), required=False, widget=forms.HiddenInput,
        help_text=_("Add it a second time all the same. Choose the file again, too."),
    )  # fmt: skip

    class Meta:
        model = Image
        fields = ["file", "alt", "is_decorative", "caption", "credit", "focal_x", "focal_y"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "caption" in self.fields:  # not for those who may only look
            self.fields["caption"].widget.attrs["rows"] = 3

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if isinstance(upload, CheckedPicture):
            self._check_replaced()
            self._check_duplicate(upload, keep_both=bool(cleaned.get("keep_both")))
        return cleaned

    def _check_replaced(self) -> None:
        if self.instance.pk and is_in_a_text(Image.objects.get(pk=self.instance.pk)):
            error = _(
                "This picture stands in a text, which names its file. Add the other one as a new"
                " picture and put it into the text."
            )
            self.add_error("file", error)

    def _check_duplicate(self, upload: CheckedPicture, *, keep_both: bool) -> None:
        others = Image.objects.exclude(pk=self.instance.pk)
        same = others.filter(content_digest=upload.content_digest).first()
        if same is None:
            return
        self.fields["keep_both"].widget = UnfoldBooleanWidget()
        if not keep_both:
            self.add_error("file", _told_of(same))

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        upload = self.cleaned_data.get("file")
        if isinstance(upload, CheckedPicture):
            self.instance.content_digest = upload.content_digest


def _told_of(image: Image) -> ValidationError:
    link = format_html(
        '<a href="{}" class="desk-link" target="_blank" rel="noopener">{}</a>',
        reverse("admin:articles_image_change", args=[image.pk]),
        image,
    )
    told = _("The library has this picture already: {}. Use that one, or keep both.")
    return ValidationError(format_html(str(told), link), code="duplicate")
