"""How templates show pictures, bylines and bodies."""

import re
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from articles.feeds.formats import storable
from articles.models import Article, Image, Page
from articles.models.media import CARD_RATIO, LEAD_RATIO

register = template.Library()
# How wide a card's picture stands, by the card's size: as front.css has it.
CARD_WIDTHS = {
    "lead": "(min-width: 64rem) 55vw, calc(100vw - 2rem)",
    "row": "(min-width: 40rem) 14rem, calc(100vw - 2rem)",
    "": "(min-width: 36rem) 20rem, 7rem",
}
TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)


@register.inclusion_tag("articles/_picture.html")
def picture(
    image: Image,
    sizes: str = "100vw",
    lead: bool = False,
    decorative: bool = False,
    ratio: str = "",
) -> dict[str, Any]:
    """Show an image in the sizes there are.

    sizes: how wide it stands (HTML's ``sizes``). lead: load it first, not lazily. decorative: it
    repeats what stands beside it (a card's headline), so it needs no alternative. ratio: of the
    frame that the stylesheet gives it (``3/2``); without one it stands in its own shape.
    """
    return {
        "image": image,
        "sizes": sizes,
        "is_lead": lead,
        "alt": "" if decorative else image.alt,
        # The policy allows no inline style; these classes set object-position in tenths.
        "focus": f"focal-x-{round(image.focal_x / 10)} focal-y-{round(image.focal_y / 10)}",
        "sources": _sources(image, ratio),
    }


def _sources(image: Image, ratio: str) -> list[tuple[str, str]]:
    """Return kind and srcset of each kind of file: crops, or the whole while there are none."""
    if not image.file:
        return []
    widths_by_kind: dict[str, dict[int, Any]] = {}
    version = ""
    if ratio and image.crops_for:
        widths_by_kind = image.file.aspect_ratios[ratio]
        version = f"?v={image.crops_for}"  # a crop keeps its name, and caches keep an address
    if not any(widths_by_kind.values()) and image.has_renditions:
        widths_by_kind, version = image.file.aspect_ratios[None], ""
    return [
        (kind.lower(), ", ".join(f"{one.url}{version} {width}w" for width, one in widths.items()))
        for kind, widths in widths_by_kind.items()
        if widths
    ]


@register.inclusion_tag("articles/_card.html")
def card(
    article: Article,
    size: str = "",
    picture: bool = True,
    lede: bool = True,
    byline: bool = True,
    level: int = 3,
) -> dict[str, Any]:
    """Show a report in a list. size: ``lead``, ``row`` or nothing; level: of its heading."""
    return {
        "article": article,
        "size": size,
        "has_picture": picture and bool(article.lead_image and article.lead_image.file),
        "has_lede": lede,
        "has_byline": byline,
        "heading": f"h{level}",
        "ratio": LEAD_RATIO if size == "lead" else CARD_RATIO,
        "sizes": CARD_WIDTHS[size],
    }


register.filter("storable", storable)


@register.inclusion_tag("articles/_feed_links.html", takes_context=True)
def feed_links(context: Context, name: str, thing: Any = None) -> dict[str, Any]:
    """Link the feeds of a page: ``name`` is that of the RSS feed's URL, thing has the slug."""
    arguments = [thing.slug] if thing is not None else []
    title = str(thing) if thing is not None else context["publication"].name
    return {
        "title": title,
        "rss": reverse(f"{name}", args=arguments),
        "atom": reverse(f"{name}_atom", args=arguments),
        "json": reverse(f"{name}_json", args=arguments),
    }


@register.filter
def body_html(text: Article | Page) -> SafeString:
    """Return a body (sanitised when saved), with what is too wide made to scroll, by key too."""
    label = _("Table")
    wrapped = TABLE.sub(
        lambda table: (
            f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}">'
            f"{table[0]}</div>"
        ),
        text.body,
    )
    return mark_safe(wrapped.replace("<pre>", '<pre tabindex="0">'))
