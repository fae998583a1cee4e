"""A post's plain HTML made into the vocabulary of our bodies."""

import re

from lxml import etree, html

from articles.html import clean_html
from articles.wordpress import dom
from articles.wordpress.blocks import plain_html
from articles.wordpress.embeds import embed_figure, is_address, provider_of
from articles.wordpress.library import Library
from articles.wordpress.media import place_media

_RENAMED = {"h1": "h2", "acronym": "abbr", "tt": "code", "strike": "s"}
_UNWRAPPED = {
    "big",
    "font",
    "center",
    "section",
    "article",
    "aside",
    "header",
    "footer",
    "main",
    "nav",
}
_EMPTIABLE = {
    "p", "figure", "figcaption", "h2", "h3", "h4", "h5", "h6", "div", "li", "dt", "dd", "dl", "ul",
    "ol", "blockquote", "cite", "details",
}  # fmt: skip
_OUR_DIVS = {"columns", "column", "media-text", "cover"}
_CENTRED = re.compile(r"text-align\s*:\s*(center|right)")
_BACKGROUND = re.compile(r"background-image\s*:\s*url\(\s*['\"]?([^'\")]+)")
_SHADED = {"wp-block-cover__background", "wp-block-cover__gradient-background"}


def body_of(text: str, library: Library, post_id: str, footnotes: str = "") -> str:
    """Return the clean body of a post or page.

    text: as WordPress keeps it, of either editor. footnotes: WordPress's JSON of them.
    """
    tree = dom.parse(plain_html(text, library, post_id, footnotes))
    _align_texts(tree)
    _rename(tree)
    _place_embeds(tree)
    _place_covers(tree)
    _name_blocks(tree)
    _number_footnotes(tree)
    place_media(tree, library)
    _lift_figures(tree)
    _drop_wrappers(tree)
    _drop_empty(tree)
    return clean_html(dom.serialised(tree))


def caption_of(text: str) -> str:
    """Return the caption of a picture as text."""
    return dom.text_of(dom.parse(text)) if text.strip() else ""


def _elements(tree: etree._Element, *tags: str) -> list[etree._Element]:
    return list(tree.iterdescendants(*tags))


def _align_texts(tree: etree._Element) -> None:
    """Say by class what inline styles and old attributes said."""
    for element in _elements(tree, "p", "h1", "h2", "h3", "h4", "h5", "h6", "div", "center"):
        said = _CENTRED.search(element.get("style") or "")
        way = said[1] if said else (element.get("align") or "").lower()
        way = "center" if element.tag == "center" else way
        if way not in {"center", "right"}:
            continue
        inside = element.findall("p")
        for target in inside if element.tag in {"div", "center"} else [element]:
            dom.set_classes(target, dom.classes(target) | {f"has-text-align-{way}"})


def _rename(tree: etree._Element) -> None:
    for element in _elements(tree, *_RENAMED):
        element.tag = _RENAMED[str(element.tag)]
    for element in _elements(tree, *_UNWRAPPED):
        dom.unwrap(element)


def _place_embeds(tree: etree._Element) -> None:
    """Frames, and addresses that stand alone, become figures."""
    for frame in _elements(tree, "iframe", "object", "embed"):
        if frame.getparent() is not None:  # an embed may have gone with the object around it
            _place_frame(frame)
    for paragraph in _elements(tree, "p"):
        url = dom.text_of(paragraph)
        if not is_address(url) or dom.found(paragraph, ".//*[not(self::a) and not(self::br)]"):
            continue
        if provider_of(url):
            dom.replace(paragraph, html.fragment_fromstring(embed_figure(url)))
        elif not len(paragraph):
            link = dom.made("a", url)
            link.set("href", url)
            paragraph.text = None
            paragraph.append(link)


def _place_frame(frame: etree._Element) -> None:
    url = (frame.get("src") or frame.get("data") or "").strip()
    if url.startswith("//"):
        url = f"https:{url}"
    if not is_address(url):
        dom.remove(frame)
        return
    figure = html.fragment_fromstring(embed_figure(url))
    dom.replace(frame, figure)
    dom.lift(figure)


def _place_covers(tree: etree._Element) -> None:
    """A cover's background becomes a picture before its text."""
    covers = dom.with_class(tree, "wp-block-cover") + dom.with_class(tree, "wp-block-cover-image")
    for cover in covers:
        for part in list(cover.iterdescendants("span")):
            if dom.classes(part) & _SHADED:
                dom.remove(part)
        for medium in dom.found(cover, "./img | ./video"):
            figure = dom.made("figure")
            dom.replace(medium, figure)
            figure.append(medium)
        for holder in [cover, *cover.iterdescendants("div")]:
            said = _BACKGROUND.search(holder.get("style") or "")
            if said and cover.find("figure") is None:
                picture = dom.made("img")
                picture.set("src", said[1])
                picture.set("class", holder.get("class") or "")
                cover.insert(0, dom.made("figure", picture))
        dom.set_classes(cover, {"cover"} | dom.alignment(cover) & {"alignwide", "alignfull"})


def _name_blocks(tree: etree._Element) -> None:
    """Blocks that have a place in our vocabulary get its names."""
    for element in dom.with_class_like(tree, "block"):  # all of WordPress's names have it
        names = dom.classes(element)
        wide = dom.alignment(element)
        if "wp-block-columns" in names:
            dom.set_classes(element, {"columns"} | wide & {"alignwide", "alignfull"})
        elif "wp-block-column" in names:
            dom.set_classes(element, {"column"})
        elif "wp-block-media-text" in names:
            dom.set_classes(element, {"media-text"} | wide & {"alignwide", "alignfull"})
        elif "wp-block-media-text__content" in names:
            dom.set_classes(element, {"column"})
        elif "wp-block-pullquote" in names:
            dom.set_classes(element, {"pullquote"} | wide)
        elif "wp-block-verse" in names:
            element.tag = "p"
            dom.set_classes(element, {"verse"})
        elif "wp-block-gallery" in names or "blocks-gallery-grid" in names:
            _name_gallery(element)
        elif "wp-block-button__link" in names or "wp-block-file__button" in names:
            _name_button(element)


def _name_gallery(element: etree._Element) -> None:
    """A gallery is a figure of figures; the list in between, of older versions, goes."""
    if element.tag == "ul" and any(
        parent.tag == "figure" for parent in element.iterancestors("figure")
    ):
        dom.set_classes(element, ())
        return
    align = dom.alignment(element)
    element.tag = "figure"
    dom.set_classes(element, {"gallery"} | align)


def _name_button(link: etree._Element) -> None:
    """A button is a link in a paragraph of its own."""
    for line in link.findall("br"):
        line.tail = f" {line.tail or ''}"
        dom.unwrap(line)
    dom.set_classes(link, {"button"})
    holder = link.getparent()
    if holder is not None and "wp-block-button" in dom.classes(holder):
        holder.tag = "p"
        dom.set_classes(
            holder, {"aligncenter"} & dom.alignment(holder) and {"has-text-align-center"}
        )


def _number_footnotes(tree: etree._Element) -> None:
    """Footnotes and their references are numbered, so that no id is WordPress's long one."""
    notes = {
        note.get("id"): number for number, note in enumerate(dom.found(tree, ".//ol/li[@id]"), 1)
    }
    seen: set[str | None] = set()
    for mark in dom.found(tree, ".//sup[@data-fn]/a"):
        key = (mark.get("href") or "").removeprefix("#")
        if key in notes:
            mark.set("href", f"#fn-{notes[key]}")
            if key not in seen:
                mark.set("id", f"fnref-{notes[key]}")
            seen.add(key)
    for note in dom.found(tree, ".//ol[@class='footnotes']/li[@id]"):
        number = notes[note.get("id")]
        note.set("id", f"fn-{number}")
        for back in dom.found(note, "./a[starts-with(@href, '#')]"):
            back.set("href", f"#fnref-{number}")


def _lift_figures(tree: etree._Element) -> None:
    for figure in _elements(tree, "figure"):
        dom.lift(figure)
    for item in dom.found(tree, ".//figure[contains(@class, 'gallery')]//*[self::ul or self::li]"):
        dom.unwrap(item)


def _drop_wrappers(tree: etree._Element) -> None:
    """Boxes and spans that mean nothing here go, and what they held stays."""
    for element in _elements(tree, "div"):
        if not dom.classes(element) & _OUR_DIVS:
            dom.wrap_bare_text(element)
            dom.unwrap(element)
    for element in _elements(tree, "span"):
        if "missing-media" not in dom.classes(element) and not element.get("lang"):
            dom.unwrap(element)
    for element in [tree, *_elements(tree, "div")]:
        dom.wrap_bare_text(element)


def _drop_empty(tree: etree._Element) -> None:
    """Paragraphs, boxes and items without anything in them go, the inner ones first."""
    for element in reversed(_elements(tree, *_EMPTIABLE)):
        if dom.is_empty(element):
            dom.remove(element)
