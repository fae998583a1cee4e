"""Pictures and what is said about them."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pictures.models import PictureField

from articles.pictures import upload_path, validate_picture

# The frames that pages put pictures into; None is the picture's own shape. Crops are made for each.
CARD_RATIO, LEAD_RATIO = "3/2", "16/9"


class Image(models.Model):
    """A picture of the media library, with what a reader who cannot see it needs."""

    file = PictureField(
        _("file"), upload_to=upload_path, width_field="width", height_field="height",
        validators=[validate_picture], blank=True, aspect_ratios=[None, CARD_RATIO, LEAD_RATIO],
        help_text=_("JPEG, PNG, WebP or AVIF, up to 15 MB."),
    )  # fmt: skip
    width = models.PositiveIntegerField(editable=False, null=True)
    height = models.PositiveIntegerField(editable=False, null=True)
    has_renditions = models.BooleanField(
        default=False, editable=False, help_text="Whether the AVIF and WebP sizes are made."
    )
    # "x-y", the focal point that the crops were made for; empty while there are none.
    crops_for = models.CharField(
        max_length=7, blank=True, default="", db_default="", editable=False
    )
    alt = models.CharField(
        _("text alternative"), max_length=500, blank=True,
        help_text=_("What the picture shows, for those who do not see it."),
    )  # fmt: skip
    is_decorative = models.BooleanField(
        _("decorative"), default=False, db_default=False,
        help_text=_("It tells nothing that the text does not, so it needs no alternative."),
    )  # fmt: skip
    caption = models.TextField(_("caption"), blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    focal_x = models.PositiveSmallIntegerField(
        _("focal point, % from the left"), default=50, validators=[MaxValueValidator(100)]
    )
    focal_y = models.PositiveSmallIntegerField(
        _("focal point, % from the top"), default=50,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    content_digest = models.CharField(
        max_length=64, blank=True, editable=False, db_default=""
    )  # SHA-256 of what it shows
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["content_digest"], name="image_content", condition=~Q(content_digest="")
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.caption or self.file.name or str(_("Picture without a file"))

    @property
    def focus(self) -> str:
        """The focal point as ``crops_for`` writes it."""
        return f"{self.focal_x}-{self.focal_y}"

    def clean(self) -> None:
        """Raise ValidationError for a decorative picture that says something all the same."""
        if self.is_decorative and self.alt.strip():
            raise ValidationError(
                {
                    "is_decorative": _(
                        "It has a text alternative, so it is not decorative. Keep one of the two."
                    )
                }
            )
