"""Pictures, sounds and films in a text: our own file where it was given, else a placeholder."""

import re
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from lxml import etree

from articles.wordpress import dom
from articles.wordpress.classic import BLOCKS
from articles.wordpress.library import Library, uploads_path

_FILE_LINK = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?)(?:\?.*)?$", re.IGNORECASE)
_HAS_FIGURES = {"div", "blockquote", "details", "figure"}
_MISSING = "Media whose files were not given (a placeholder stands for them)"


def place_media(tree: etree._Element, library: Library) -> None:
    """Give every picture, sound, film and file of tree its own file or a placeholder."""
    for box in dom.with_class(tree, "wp-caption"):
        _as_figure(box)
    for box in dom.with_class(tree, "wp-block-file"):
        _place_file(box, library)
    for picture in list(tree.iterdescendants("img")):
        _place_picture(picture, library)
    for player in list(tree.iterdescendants("audio", "video")):
        _place_player(player, library)
    for link in list(tree.iterdescendants("a")):
        if ours := library.other_file(link.get("href") or ""):
            link.set("href", ours)


def _as_figure(box: etree._Element) -> None:
    """Make a figure of the markup older themes used for captions."""
    for text in dom.with_class(box, "wp-caption-text") + dom.with_class(box, "wp-caption-dd"):
        text.tag = "figcaption"
    for term in list(box.iterdescendants("dt")):
        dom.unwrap(term)
    align = dom.alignment(box)
    box.tag = "figure"
    dom.set_classes(box, align)


def _place_picture(picture: etree._Element, library: Library) -> None:
    url = (picture.get("src") or "").strip()
    found = re.search(r"wp-image-(\d+)", picture.get("class") or "")
    number = found[1] if found else picture.get("data-id") or ""
    described = library.described(url, number)
    alt = dom.text_of(dom.made("p", picture.get("alt") or "")) or (
        described.alt if described else ""
    )
    link = _link_around(picture)
    if link is not None and (not link.get("href") or _FILE_LINK.search(link.get("href") or "")):
        dom.unwrap(link)  # it led to the file itself
    image = library.picture(url) or (library.picture(described.url) if described else None)
    figure = _figure_of(picture)
    if figure is not None:
        dom.set_classes(figure, _figure_classes(figure, picture))
    if image is not None:
        _show(picture, figure, image.url, alt or image.alt, (image.width, image.height))
        return
    if not url and not number:  # a block into which no picture was put
        dom.remove(picture)
        return
    name = PurePosixPath(uploads_path(url)).name or f"#{number}"
    library.report.note(_MISSING, uploads_path(url) or f"attachment {number}")
    _stand_in(picture, figure, _("Missing picture: %(what)s") % {"what": _what(alt, name, figure)})


def _what(alt: str, name: str, figure: etree._Element | None) -> str:
    """Return how a placeholder calls what is missing, without repeating its caption."""
    caption = figure.find("figcaption") if figure is not None else None
    if not alt or alt in name or (caption is not None and dom.text_of(caption) == alt):
        return name
    return f"{alt} ({name})"


def _link_around(picture: etree._Element) -> etree._Element | None:
    """Return the link that holds this picture and nothing else."""
    parent = picture.getparent()
    if parent is None or parent.tag != "a" or len(parent) > 1 or dom.text_of(parent):
        return None
    return parent


def _figure_of(picture: etree._Element) -> etree._Element | None:
    """Return the figure that is this picture's own, not the gallery's around it."""
    for ancestor in picture.iterancestors("figure"):
        return None if "gallery" in dom.classes(ancestor) else ancestor
    return None


def _figure_classes(figure: etree._Element, picture: etree._Element) -> set[str]:
    return dom.alignment(figure, picture) | (dom.classes(figure) & {"embed", "pullquote"})


def _show(
    picture: etree._Element, figure: etree._Element | None, url: str, alt: str,
    size: tuple[int | None, int | None],
) -> None:  # fmt: skip
    """Point picture to our file; one that stands by itself becomes a figure."""
    align = dom.alignment(picture)
    for name in list(picture.attrib):
        del picture.attrib[name]
    picture.set("src", url)
    picture.set("alt", alt)
    for name, value in zip(("width", "height"), size, strict=True):
        if value:
            picture.set(name, str(value))
    if figure is None and _may_be_figure(picture, align):
        new = dom.made("figure", names=align)
        outer = _link_around(picture)
        whole = picture if outer is None else outer
        dom.replace(whole, new)
        new.append(whole)
        dom.lift(new)


def _may_be_figure(element: etree._Element, align: set[str]) -> bool:
    """Whether there is room for a figure: not inside of a list, a table or a sentence."""
    paragraph = None
    for ancestor in element.iterancestors():
        if ancestor.tag == "p":
            paragraph = ancestor
        elif ancestor.tag in BLOCKS:
            is_alone = paragraph is None or not dom.text_of(paragraph)
            return ancestor.tag in _HAS_FIGURES and (bool(align) or is_alone)
    return True


def _stand_in(element: etree._Element, figure: etree._Element | None, text: str) -> None:
    """Put a placeholder where element was; a link to another page stays around it."""
    align = dom.alignment(element)
    link = _link_around(element)
    whole = element if link is None else link
    said: etree._Element | str = text
    if link is not None and link.get("href"):
        said = dom.made("a", text)
        said.set("href", link.get("href") or "")
    if figure is not None:
        stand_in = dom.made("p", said)
        dom.replace(whole, stand_in)
        dom.lift(stand_in)
        dom.set_classes(figure, dom.classes(figure) | {"missing-media"})
    elif _may_be_figure(element, align):
        new = dom.made("figure", dom.made("p", said), names={"missing-media"} | align)
        dom.replace(whole, new)
        dom.lift(new)
    else:
        dom.replace(whole, dom.made("span", said, names={"missing-media"}))


def _place_player(player: etree._Element, library: Library) -> None:
    source = player.find("source")
    url = (player.get("src") or (source.get("src") if source is not None else "") or "").strip()
    figure = _figure_of(player)
    if figure is not None:
        dom.set_classes(figure, _figure_classes(figure, player))
    ours = library.other_file(url)
    if ours:
        poster = library.picture(player.get("poster") or "")
        for child in list(player):
            dom.remove(child)
        player.text = None
        for name in list(player.attrib):
            del player.attrib[name]
        player.set("src", ours)
        player.set("controls", "")
        if poster is not None and player.tag == "video":
            player.set("poster", poster.url)
        return
    if not url:
        dom.remove(player)
        return
    name = PurePosixPath(uploads_path(url)).name or url
    library.report.note(_MISSING, uploads_path(url) or url)
    said = _("Missing sound: %(what)s") if player.tag == "audio" else _("Missing film: %(what)s")
    _stand_in(player, figure, said % {"what": name})


def _place_file(box: etree._Element, library: Library) -> None:
    """A file to download is a link to ours, or a placeholder with its name."""
    link = next(box.iterdescendants("a"), None)
    url = "" if link is None else link.get("href") or ""
    text = "" if link is None else dom.text_of(link)
    ours = library.other_file(url)
    if not ours and (image := library.picture(url)):
        ours = image.url
    for child in list(box):
        dom.remove(child)
    name = PurePosixPath(uploads_path(url)).name
    if ours:
        new = dom.made("a", text or name)
        new.set("href", ours)
        box.text = None
        box.append(new)
        box.tag = "p"
        dom.set_classes(box, ())
        return
    library.report.note(_MISSING, uploads_path(url) or "?")
    what = f"{text} ({name})" if text and text != name else name or "?"
    box.text = None
    box.append(dom.made("p", _("Missing file: %(what)s") % {"what": what}))
    align = dom.alignment(box)
    box.tag = "figure"
    dom.set_classes(box, {"missing-media"} | align)
