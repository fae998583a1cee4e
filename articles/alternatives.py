"""Which pictures of a report say nothing to a reader who cannot see them."""

from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from articles.body_pictures import BodyPicture, pictures_of
from articles.models import Article, Image


def missing_alternatives(article: Article) -> list[str]:
    """Return a message for each picture that lacks its text alternative; none when all is well.

    The lead image needs one unless it is marked as decorative. A picture of the body needs an
    ``alt``; an empty one says on purpose that it is decorative, except where it is only the echo
    of a library image that nobody described or marked.
    """
    missing = []
    lead = article.lead_image
    if lead is not None and _is_undescribed(lead):
        missing.append(
            _("Its lead image has no text alternative. Describe it, or mark it as decorative.")
        )
    pictures = pictures_of(article.body)
    empty = {picture.file_name for picture in pictures if picture.alt is not None} - {""}
    library = {
        image.file.name: image
        for image in Image.objects.filter(file__in=empty).only("file", "alt", "is_decorative")
    }
    names = [_shown_name(picture) for picture in pictures if _is_missing(picture, library)]
    missing += [
        _(
            "The picture “%(name)s” in its text has no alternative. Describe it in the media"
            " library or mark it as decorative, and insert it anew."
        )
        % {"name": name}
        for name in dict.fromkeys(names)
    ]
    return missing


def _is_undescribed(image: Image) -> bool:
    return not image.is_decorative and not image.alt.strip()


def _is_missing(picture: BodyPicture, library: dict[str, Image]) -> bool:
    if picture.alt is None:
        return True
    image = library.get(picture.file_name)
    return not picture.alt.strip() and image is not None and _is_undescribed(image)


def _shown_name(picture: BodyPicture) -> str:
    return PurePosixPath(picture.file_name or picture.src).name
