"""The one sanitiser of article bodies: semantic HTML in, or out.

What it lets through is the body's vocabulary: what editors write, what imports bring, and what the
stylesheet dresses. Nothing that runs, nothing that styles itself, nothing loaded from elsewhere
without a click.
"""

import re

import nh3

TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd",
    "blockquote", "cite", "q", "pre", "code", "kbd", "samp", "var",
    "em", "strong", "b", "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "abbr", "time",
    "a", "figure", "figcaption", "img", "audio", "video", "details", "summary", "div", "span",
    "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "address",
}  # fmt: skip

ATTRIBUTES = {
    "a": {"href", "title", "hreflang", "id"},
    "abbr": {"title"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src", "controls", "preload"},
    "video": {"src", "controls", "preload", "poster", "width", "height"},
    "figure": {"data-embed"},
    "span": {"data-question"},  # what the editors ask readers about the words in it
    "details": {"open"},
    "ol": {"start", "reversed", "type"},
    "li": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "*": {"lang", "dir"},
}

ALIGNMENTS = {"alignleft", "alignright", "aligncenter", "alignwide", "alignfull"}
# How a text stands: WordPress's own names, as there is no better word for them.
TEXT_ALIGNMENTS = {"has-text-align-center", "has-text-align-right"}
CLASSES = {
    "figure": {"gallery", "pullquote", "embed", "missing-media", *ALIGNMENTS},
    "p": {"verse", "has-drop-cap", "missing-media", "note", *TEXT_ALIGNMENTS},
    **dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), TEXT_ALIGNMENTS),
    "div": {"columns", "column", "media-text", "cover", "alignwide", "alignfull"},
    "a": {"button"},
    "ol": {"footnotes"},
    "code": {"language-none"},
    "span": {"missing-media"},
}

MAX_QUESTION = 300  # characters
EMBED = re.compile(
    r"https://(?:www\.youtube-nocookie\.com/embed/[\w-]{6,20}|player\.vimeo\.com/video/\d{4,12})"
    r"(?:\?start=\d{1,6})?"
)
# Our own files only: what lies elsewhere would tell its host who reads here. A backslash or a
# space is refused, since browsers read "/\\host" as "//host".
OWN_FILE = re.compile(r"/(?!/)[^\s\\]*|[^/:\s\\][^:\s\\]*")
# The targets of footnotes; a prefix of their own, so that no body can shadow the page's ids.
FOOTNOTE_ID = re.compile(r"fn(?:ref)?-[0-9]{1,5}")


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Return the value to keep, or None to drop the attribute."""
    if name == "data-question":
        return value[:MAX_QUESTION].strip() or None
    return value if _may_stay(tag, name, value) else None


def _may_stay(tag: str, name: str, value: str) -> bool:
    if name == "data-embed":
        return bool(EMBED.fullmatch(value))
    if tag in {"img", "audio", "video"} and name in {"src", "poster"}:
        return bool(OWN_FILE.fullmatch(value))
    if name == "class":  # the cleaner picks among the classes itself, but would leave class=""
        return bool(CLASSES.get(tag, set()) & set(value.split()))
    if name == "id":
        return bool(FOOTNOTE_ID.fullmatch(value))
    if name in {"width", "height", "colspan", "rowspan", "start"}:
        return bool(re.fullmatch(r"\d{1,5}", value))
    return True


_CLEANER = nh3.Cleaner(
    tags=TAGS,
    clean_content_tags={"script", "style", "iframe", "object", "template", "svg", "math"},
    attributes=ATTRIBUTES,
    attribute_filter=_keep_attribute,
    allowed_classes=CLASSES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
    set_tag_attribute_values={"audio": {"preload": "none"}, "video": {"preload": "none"}},
)
# Postgres stores no NUL, and UTF-8 no lone surrogate; the other controls are never text.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SETTLING = 8
# A browser drops the first line break of a preformatted text, and so one more at each cleaning.
_PRE = re.compile(r"(<pre[^>]*>)\n+")
_IMAGE = re.compile(r'<img(?:\s+[\w-]+="[^"]*")*\s*/?>')


def clean_html(html: str) -> str:
    """Return html with only the body's vocabulary left in it. Cleaning twice changes nothing."""
    cleaned = _cleaned_once(html)
    # Where a tag goes, a browser reads what is left differently: two headings that a form parted,
    # for example. So once more, until nothing changes; what never settles is shown as text.
    for _time in range(SETTLING):
        again = _cleaned_once(cleaned)
        if again == cleaned:
            return cleaned
        cleaned = again
    return _cleaned_once(nh3.clean_text(cleaned))


def _cleaned_once(html: str) -> str:
    cleaned = _CLEANER.clean(_UNSTORABLE.sub("", html))
    cleaned = _PRE.sub(r"\1", cleaned)
    return _IMAGE.sub(lambda tag: tag[0] if ' src="' in tag[0] else "", cleaned).strip()
