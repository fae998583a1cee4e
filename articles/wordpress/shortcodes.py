"""WordPress's [shortcodes]: the ones of its own become HTML, others leave what they enclose."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from articles.wordpress.embeds import embed_figure
from articles.wordpress.library import Library

MAX_NESTING = 5
_CODE = re.compile(r"(<(pre|code|script|style|textarea)\b.*?</\2\s*>)", re.DOTALL | re.IGNORECASE)
_OPENER = re.compile(
    r"(\[?)\[([A-Za-z][\w-]*)((?:\s+(?:[^\[\]\"'/]|\"[^\"]*\"|'[^']*'|/(?!\]))*)?)\s*(/?)\](\]?)"
)
_CLOSER = re.compile(r"\[/([A-Za-z][\w-]*)\s*\]")
_ARGUMENT = re.compile(
    r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|'([^']*)'|(\S+)"""
)
_MEDIA_KEYS = ("src", "mp3", "m4a", "ogg", "wav", "wma", "mp4", "m4v", "webm", "ogv", "flv", "mov")


@dataclass(frozen=True)
class Shortcode:
    """One use: ``named`` and ``plain`` arguments, and what it encloses."""

    name: str
    named: dict[str, str]
    plain: list[str]
    content: str

    @property
    def media_url(self) -> str:
        found = [self.named[key] for key in _MEDIA_KEYS if key in self.named]
        return (found or self.plain or [""])[0].strip()


type Handler = Callable[[Shortcode, Library, str], str]


def expand_shortcodes(html: str, library: Library, post_id: str, nesting: int = 0) -> str:
    """Return html with its shortcodes replaced; those inside code samples are left alone."""
    if "[" not in html or nesting > MAX_NESTING:
        return html
    pieces = _CODE.split(html)
    done = []
    for index in range(0, len(pieces), 3):
        done.append(_expand(pieces[index], library, post_id, nesting))
        if index + 1 < len(pieces):
            done.append(pieces[index + 1])
    return "".join(done)


def _expand(text: str, library: Library, post_id: str, nesting: int) -> str:
    closers: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for closer in _CLOSER.finditer(text):
        closers[closer[1]].append(closer.span())
    done: list[str] = []
    position = 0
    while match := _OPENER.search(text, position):
        done.append(text[position : match.start()])
        outer, name, arguments, is_void, end = match.groups()
        position = match.end()
        if outer and end:  # [[name]] shows [name]
            done.append(match[0][1:-1])
            continue
        done.append(outer)
        position -= len(end)
        content, has_content = "", False
        starts = closers.get(name, [])
        at = bisect_left(starts, (position, 0))
        if not is_void and at < len(starts):
            content, has_content = text[position : starts[at][0]], True
        code = _parsed(name, arguments, content)
        handler = _HANDLERS.get(name.lower())
        if handler is None and not _looks_like_one(code, has_content):
            done.append(text[match.start() + len(outer) : position])  # "[sic]" is no shortcode
            continue
        if has_content:
            position = starts[at][1]
        if handler is None:
            library.report.note("Unknown shortcodes (their text is kept)", f"[{name}]")
            done.append(expand_shortcodes(content, library, post_id, nesting + 1))
        else:
            done.append(handler(code, library, post_id))
    done.append(text[position:])
    return "".join(done)


def _looks_like_one(code: Shortcode, has_content: bool) -> bool:
    """Whether brackets hold a plugin's shortcode and not an editor's remark."""
    return has_content or bool(code.named) or "_" in code.name


def _parsed(name: str, arguments: str, content: str) -> Shortcode:
    named: dict[str, str] = {}
    plain: list[str] = []
    for match in _ARGUMENT.finditer(arguments):
        key, *values = match.groups()
        value = next((value for value in values if value is not None), "")
        if key:
            named[key.lower()] = value
        else:
            plain.append(value)
    return Shortcode(name, named, plain, content)


def _caption(code: Shortcode, library: Library, post_id: str) -> str:
    """[caption]<img> text[/caption], and its older form with the text as an argument."""
    content = expand_shortcodes(code.content, library, post_id, 1).strip()
    match = re.match(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", content, re.IGNORECASE)
    picture = match[0] if match else content
    text = code.named.get("caption") or (content[match.end() :] if match else "")
    align = code.named.get("align", "")
    align = align if re.fullmatch(r"align\w+", align) else ""
    return (
        f'\n\n<figure class="{align}">{picture}<figcaption>{text.strip()}</figcaption></figure>\n\n'
    )


def gallery_figure(ids: list[str], library: Library) -> str:
    """Return a gallery of the pictures with these ids, as the block editor would write it."""
    figures = []
    for number in ids:
        attachment = library.attachments.get(number)
        url, alt, caption = (
            (attachment.url, attachment.alt, attachment.caption) if attachment else ("", "", "")
        )
        said = f"<figcaption>{caption}</figcaption>" if caption else ""
        figures.append(
            f'<figure><img class="wp-image-{escape(number)}" src="{escape(url)}"'
            f' alt="{escape(alt)}">{said}</figure>'
        )
    return f'\n\n<figure class="wp-block-gallery">{"".join(figures)}</figure>\n\n'


def _gallery(code: Shortcode, library: Library, post_id: str) -> str:
    wanted = code.named.get("ids") or code.named.get("include") or ""
    ids = re.findall(r"\d+", wanted)
    if not ids:
        left_out = set(re.findall(r"\d+", code.named.get("exclude", "")))
        children = library.children.get(code.named.get("id", post_id), [])
        ids = [
            number for number in children
            if number not in left_out and library.attachments[number].is_picture
        ]  # fmt: skip
    if not ids:
        library.report.note("Galleries without pictures, left out", f"post {post_id}")
        return ""
    return gallery_figure(ids, library)


def _playlist(code: Shortcode, library: Library, post_id: str) -> str:
    ids = re.findall(r"\d+", code.named.get("ids", "")) or library.children.get(post_id, [])
    kind = "video" if code.named.get("type") == "video" else "audio"
    urls = [library.attachments[number].url for number in ids if number in library.attachments]
    return "".join(
        f'\n\n<figure><{kind} src="{escape(url)}"></{kind}></figure>\n\n' for url in urls
    )


def _embed(code: Shortcode, _library: Library, _post_id: str) -> str:
    return f"\n\n{embed_figure(code.content.strip() or code.media_url)}\n\n"


def _audio(code: Shortcode, library: Library, post_id: str) -> str:
    url = code.media_url or code.content.strip() or _only_child(library, post_id, "audio")
    return f'\n\n<figure><audio src="{escape(url)}"></audio></figure>\n\n' if url else ""


def _video(code: Shortcode, library: Library, post_id: str) -> str:
    url = code.media_url or code.content.strip() or _only_child(library, post_id, "video")
    return f'\n\n<figure><video src="{escape(url)}"></video></figure>\n\n' if url else ""


def _only_child(library: Library, post_id: str, kind: str) -> str:
    """Return the address of the first attached file of a kind: what a bare [audio] plays."""
    for number in library.children.get(post_id, []):
        if library.attachments[number].kind == kind:
            return library.attachments[number].url
    return ""


def _by_id(address: str) -> Handler:
    def handler(code: Shortcode, _library: Library, _post_id: str) -> str:
        given = code.named.get("id") or code.named.get("url") or code.media_url or code.content
        given = given.strip()
        return f"\n\n{embed_figure(given if '://' in given else address.format(given))}\n\n"

    return handler


def _code(code: Shortcode, _library: Library, _post_id: str) -> str:
    return f"\n\n<pre><code>{code.content.strip()}</code></pre>\n\n"


def _marked_passage(code: Shortcode, library: Library, post_id: str) -> str:
    """[wpdiscuz-feedback]: a passage that readers are asked about; its comments quote it."""
    content = expand_shortcodes(code.content, library, post_id, 1)
    question = code.named.get("question", "").strip()
    return f'<span data-question="{escape(question)}">{content}</span>' if question else content


_HANDLERS = {
    "caption": _caption,
    "wp_caption": _caption,
    "gallery": _gallery,
    "playlist": _playlist,
    "embed": _embed,
    "audio": _audio,
    "video": _video,
    "youtube": _by_id("https://www.youtube.com/watch?v={}"),
    "vimeo": _by_id("https://vimeo.com/{}"),
    "wpvideo": _by_id("https://videopress.com/v/{}"),
    "videopress": _by_id("https://videopress.com/v/{}"),
    "dailymotion": _by_id("https://www.dailymotion.com/video/{}"),
    "soundcloud": _by_id("https://soundcloud.com/{}"),
    "tweet": _by_id("https://twitter.com/i/status/{}"),
    "instagram": _by_id("https://www.instagram.com/p/{}/"),
    "wpdiscuz-feedback": _marked_passage,
    "code": _code,
    "sourcecode": _code,
}
