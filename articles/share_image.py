"""The picture that stands for a report without one where it is shared, and the site's icon.

What it shows is in its address, as a digest: it may be kept for ever, and another headline is
another address.
"""

import hashlib
import io
from dataclasses import astuple, dataclass
from functools import cache

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from PIL import Image, ImageDraw, ImageFont

from articles.colours import readable_accents
from articles.models import Article, Publication

SIZE = WIDTH, HEIGHT = 1200, 630  # pixels; what social sites show whole
MARGIN = 80
LOOK = 1  # count it up when the drawing changes
PAPER, INK, SOFT = "#fbf9f5", "#1b1a17", "#5c574d"
HEADLINE_SIZES = (84, 72, 62, 54, 46, 40)
MOST_LINES = 5
# Between them they have Latin and Cyrillic letters.
FACES = (
    "newsreader-latin-600-normal", "newsreader-latin-ext-600-normal",
    "source-serif-4-cyrillic-600-normal",
)  # fmt: skip


@dataclass(frozen=True)
class ShareCard:
    """What the picture shows."""

    headline: str
    section: str
    foot: str  # who and when
    publication: str
    accent: str  # #rrggbb

    @property
    def digest(self) -> str:
        text = "\0".join([str(LOOK), *astuple(self)])
        return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def share_card(article: Article, publication: Publication) -> ShareCard:
    """Return what stands for a published report. Asks for its section and bylines."""
    who = ", ".join(byline.author.name for byline in article.bylines.all()[:3])
    when = date_format(timezone.localtime(article.published_at), "DATE_FORMAT")
    return ShareCard(
        headline=article.title[:300],
        section=article.section.name,
        foot=" · ".join(part for part in (who, when) if part),
        publication=publication.name,
        accent=readable_accents(publication.accent_colour.removeprefix("#")).on_light,
    )


def share_image_path(article: Article, publication: Publication) -> str:
    """Return the address of the report's picture as it is now."""
    return reverse(
        "articles:share_image", args=[article.slug, share_card(article, publication).digest]
    )


def share_image(card: ShareCard) -> bytes:
    """Return the card as a PNG. It is drawn once, and kept among the media."""
    name = f"share/{card.digest}.png"
    if default_storage.exists(name):
        with default_storage.open(name) as stream:
            return bytes(stream.read())
    data = draw_card(card)
    default_storage.save(name, ContentFile(data))
    return data


def draw_card(card: ShareCard) -> bytes:
    """Return a PNG of 1200 by 630 pixels.

    A headline with letters that no face has is left to the name of the publication.
    """
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, 16), fill=card.accent)
    _write(draw, (MARGIN, 72), _cut(card.section, 34), 34, card.accent)
    headline = card.headline if _can_write(card.headline) else card.publication
    size, lines = _fitted(headline)
    top = 150
    for line in lines:
        _write(draw, (MARGIN, top), line, size, INK)
        top += round(size * 1.16)
    draw.line((MARGIN, HEIGHT - 118, WIDTH - MARGIN, HEIGHT - 118), fill=card.accent, width=2)
    _write(draw, (MARGIN, HEIGHT - 94), _cut(card.publication, 34), 34, INK)
    room = WIDTH - 2 * MARGIN - _width(_cut(card.publication, 34), 34) - 40
    foot = _cut(card.foot, 26, room)
    _write(draw, (WIDTH - MARGIN - _width(foot, 26), HEIGHT - 88), foot, 26, SOFT)
    return _png(picture)


def draw_icon(publication: Publication, size: int) -> bytes:
    """Return the site's icon as a PNG: its initial on its accent, safe to be cut to a circle."""
    accent = readable_accents(publication.accent_colour.removeprefix("#")).on_light
    picture = Image.new("RGB", (size, size), accent)
    letter = next((c for c in publication.name.upper() if c.isalnum() and _face(c)), "N")
    font = _font(_face(letter) or FACES[0], round(size * 0.56))
    draw = ImageDraw.Draw(picture)
    draw.text((size / 2, size / 2), letter, font=font, fill="#ffffff", anchor="mm")
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _fitted(headline: str) -> tuple[int, list[str]]:
    """Return the largest size at which a headline fits, and its lines there."""
    room = HEIGHT - 118 - 150 - 20
    for size in HEADLINE_SIZES:
        lines = _lines(headline, size)
        if len(lines) <= MOST_LINES and len(lines) * size * 1.16 <= room:
            return size, lines
    size = HEADLINE_SIZES[-1]
    shown = _lines(headline, size)[: int(room // (size * 1.16))]
    return size, [*shown[:-1], _cut(f"{shown[-1]} …", size)]


def _lines(text: str, size: int) -> list[str]:
    """Break a text into lines as even as they can be at their least number."""
    least = len(_broken(text, size, WIDTH - 2 * MARGIN))
    width = WIDTH - 2 * MARGIN
    while width > MARGIN and len(_broken(text, size, width - 20)) == least:
        width -= 20
    return _broken(text, size, width)


def _broken(text: str, size: int, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(_cut(word, size))
    return lines or [""]


def _cut(text: str, size: int, width: float = WIDTH - 2 * MARGIN) -> str:
    """Return the text, or as much of its beginning as there is room for."""
    while text.rstrip(" …") and _width(text, size) > width:
        text = f"{text.rstrip(' …')[:-1]}…"
    return text


def _width(text: str, size: int) -> float:
    return sum(_font(face, size).getlength(part) for face, part in _runs(text))


def _write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str
) -> None:
    x, y = at
    for face, part in _runs(text):
        font = _font(face, size)
        draw.text((x, y + size), part, font=font, fill=colour, anchor="ls")
        x += font.getlength(part)


def _runs(text: str) -> list[tuple[str, str]]:
    """Cut a text into parts that one face can write. What none can write is left out."""
    runs: list[tuple[str, str]] = []
    for character in text:
        face = runs[-1][0] if character == " " and runs else _face(character)
        if face is None:
            continue
        if runs and runs[-1][0] == face:
            runs[-1] = (face, runs[-1][1] + character)
        else:
            runs.append((face, character))
    return runs


def _can_write(text: str) -> bool:
    return all(_face(character) for character in text if character.isalnum())


@cache
def _face(character: str) -> str | None:
    """Return the first face that has a character, or None."""
    if not character.isprintable():
        return None
    for face in FACES:
        font = _font(face, 32)
        if bytes(font.getmask(character)) != bytes(font.getmask("\uffff")) or character == " ":
            return face
    return None


@cache
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    path = settings.BASE_DIR / "static" / "fonts" / f"{face}.woff2"
    return ImageFont.truetype(str(path), size)
