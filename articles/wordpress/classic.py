"""The classic editor's text: blank lines part paragraphs, with HTML in between."""

import re

# What stands on its own; text around it is not in its paragraph.
BLOCKS = {
    "address", "article", "aside", "audio", "blockquote", "caption", "center", "col", "colgroup",
    "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "iframe", "legend", "li", "main", "menu", "nav",
    "object", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul", "video",
}  # fmt: skip
_VOID = {"hr", "col"}
# Inside of these, text becomes paragraphs, …
_FLOW = {"", "blockquote", "div", "article", "aside", "details", "section", "main", "center"}
# … inside of these only where a blank line parts it, …
_LAZY = {"li", "td", "th", "dd"}
# … and between these, white space is nothing.
_STRICT = {"table", "thead", "tbody", "tfoot", "tr", "ul", "ol", "dl", "menu", "colgroup"}
_VERBATIM = re.compile(r"<pre\b.*?(?:</pre\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_SILENT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_TOKEN = re.compile(r"(<pre\b.*?(?:</pre\s*>|\Z)|</?[a-zA-Z][^<>]*>)", re.DOTALL | re.IGNORECASE)
_LONG_CODE = re.compile(
    r"<code\b[^>]*>((?:(?!</code>).)*?\n.*?)</code\s*>", re.DOTALL | re.IGNORECASE
)
_BREAK = re.compile(r"<!--\s*(?:more|nextpage|noteaser)\b.*?-->", re.DOTALL)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")


def paragraphs(text: str) -> str:
    """Return the HTML that WordPress makes of a classic text (shortcodes already replaced)."""
    text = _BREAK.sub("\n\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = _VERBATIM.split(text)
    verbatim = _VERBATIM.findall(text)
    # Code of several lines is a sample, not a word in a sentence.
    shown = [
        _LONG_CODE.sub(r"\n\n<pre><code>\1</code></pre>\n\n", _SILENT.sub("", part))
        for part in kept
    ]
    text = "".join(
        part + (verbatim[index] if index < len(verbatim) else "")
        for index, part in enumerate(shown)
    )
    writer = _Writer()
    for token in _TOKEN.split(text):
        writer.take(token)
    return writer.finish()


class _Writer:
    """Takes tags and text in turn; knows which block element it is in."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.inline: list[str] = []
        self.open: list[str] = []

    def take(self, token: str) -> None:
        match = re.match(r"<(/?)([a-zA-Z][\w-]*)", token)
        if not match or match[2].lower() not in BLOCKS:
            self.inline.append(token)
            return
        name = match[2].lower()
        self.flush()
        if name == "pre" and not match[1]:
            self.done.append(token)
        elif match[1]:
            if name in self.open:
                while self.open.pop() != name:
                    pass
                self.done.append(token)
        else:
            self.done.append(token)
            if name not in _VOID and not token.endswith("/>"):
                self.open.append(name)

    def flush(self) -> None:
        """Write the text gathered since the last block's tag, as its place wants it."""
        text = "".join(self.inline).strip(" \t\n")
        self.inline.clear()
        within = self.open[-1] if self.open else ""
        if not text or within in _STRICT:
            self.done.append(text)
            return
        parts = [_with_breaks(part) for part in _BLANK_LINE.split(text) if part.strip()]
        if within in _FLOW or (within in _LAZY and len(parts) > 1):
            self.done.extend(f"<p>{part}</p>\n" for part in parts)
        else:
            self.done.append("<br><br>".join(parts))

    def finish(self) -> str:
        self.flush()
        return "".join(self.done)


def _with_breaks(text: str) -> str:
    """Return text with its line breaks shown, except inside of tags."""
    pieces = re.split(r"(<[^<>]*>)", text.strip())
    pieces[::2] = [re.sub(r"[ \t]*\n[ \t]*", "<br>\n", piece) for piece in pieces[::2]]
    return re.sub(r"(<br\s*/?>)(?:<br>\n)+", r"\1\n", "".join(pieces))
