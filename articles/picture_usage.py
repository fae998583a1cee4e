"""Where pictures of the library are shown, and so which of them may go."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Func, Q, QuerySet, Value
from django.utils.translation import gettext as _

from articles.models import Article, Image, Page
from articles.renditions import discard_files


@dataclass(frozen=True, slots=True)
class Use:
    """A report or page that shows a picture: as its lead, in its text, or both."""

    shown_by: Article | Page
    leads: bool
    in_text: bool


def uses_of(image: Image) -> list[Use]:
    """Return every report and page that shows an image, whatever its state; the newest first."""
    in_text = _in_text(image)
    found = []
    articles = Article.objects.filter(Q(lead_image=image) | in_text).annotate(in_text=in_text)
    for article in articles.defer("body", "search_vector").order_by("-created_at", "-pk"):
        leads, in_text_too = article.lead_image_id == image.pk, bool(vars(article)["in_text"])
        found.append(Use(article, leads=leads, in_text=in_text_too))
    pages = Page.objects.filter(in_text).defer("body").order_by("title", "pk")
    return found + [Use(page, leads=False, in_text=True) for page in pages]


def is_in_a_text(image: Image) -> bool:
    """Tell whether a body names the image's file."""
    in_text = _in_text(image)
    return Article.objects.filter(in_text).exists() or Page.objects.filter(in_text).exists()


def unused(images: QuerySet[Image]) -> QuerySet[Image]:
    """Return those that neither lead a report nor stand in a text. Reads each body once.

    A file with a name that HTML or an address writes differently (an import may bring one) is
    taken for unused here; ``delete_image`` looks closer.
    """
    led = Article.objects.exclude(lead_image=None).values("lead_image")
    for model in (Article, Page):
        images = images.exclude(file__in=_named_in(model))
    return images.exclude(pk__in=led)


@transaction.atomic
def delete_image(image: Image) -> None:
    """Delete an image and its files. Raises ValidationError, naming where, while it is shown."""
    Image.objects.select_for_update().get(pk=image.pk)
    if uses := uses_of(image):
        raise ValidationError(refusal(image, uses))
    file = image.file
    image.delete()
    discard_files(file)


def refusal(image: Image, uses: list[Use]) -> str:
    """Say why an image stays, naming up to three that show it."""
    names = [f"“{use.shown_by}”" for use in uses[:3]]
    if more := len(uses) - len(names):
        names.append(_("%(count)d more") % {"count": more})
    return _("The picture “%(picture)s” is in use, so it cannot be deleted: %(names)s.") % {
        "picture": image,
        "names": ", ".join(names),
    }


def _in_text(image: Image) -> Q:
    """Match the bodies that name the file, as an address in sanitised HTML."""
    if not image.file:
        return Q(pk__in=[])
    return Q(body__contains=f'="{escape(image.file.url, quote=False)}"')


class _NamedFiles(Func):
    """The stored files that a text names: a row for each."""

    function = "regexp_matches"
    template = "(%(function)s(%(expressions)s))[1]"
    output_field = models.TextField()
    set_returning = True


def _named_in(model: type[models.Model]) -> QuerySet[Any, Any]:
    pattern = f'="{re.escape(default_storage.url(""))}([^"]+)"'
    rows: QuerySet[Any] = model._default_manager.all()  # noqa: SLF001 (documented in Django)
    names = _NamedFiles(F("body"), Value(pattern), Value("g"))
    named: QuerySet[Any, Any] = rows.order_by().annotate(named=names).values("named")
    return named
