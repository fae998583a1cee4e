"""The HTML of comments that are plain words, some of them stressed. They need no parser."""

import re
from html import escape

_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
# The same, once the text is HTML.
_ESCAPED = re.compile(r"\\(&(?:amp|lt|gt);|[!-/:-@\[-`{-~])")
# Stars that can only begin a stress, and stars that can only end one.
_STRESS = re.compile(r"(?<![^ \n(])(\*\*?)(?=\w)([^*\n]*\w)\1(?![^ \n.,;:!?)])")
# What other markup is made of, lists and quotes too; and white space and controls that parsers
# treat in ways of their own.
_TRICKY = re.compile(
    r"[\\`_\[\]<~|]|^ *(?:>|[-+*](?: |$)|\d{1,9}[.)])|[^\S \n]"
    "|[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]",
    re.MULTILINE,
)
_BLANK_LINES = re.compile(r"\n(?: *\n)+")
_TAGS = {"*": "em", "**": "strong"}


def plain_html(body: str) -> str | None:
    """Return exactly what ``markup.render`` makes of body, None where that takes the parser."""
    bare = _ESCAPE.sub("", body)
    if _TRICKY.search(bare):
        return None
    html = escape(body, quote=False)
    if "*" in bare:
        html = _STRESS.sub(_stressed, html)
        if "*" in html or "\\" in html:
            return None
    else:
        html = _ESCAPED.sub(r"\1", html)
    return "\n".join(_paragraph(text) for text in _BLANK_LINES.split(html.strip()) if text)


def _paragraph(text: str) -> str:
    return f"<p>{'<br>\n'.join(line.strip() for line in text.split('\n'))}</p>"


def _stressed(match: re.Match[str]) -> str:
    tag = _TAGS[match[1]]
    return f"<{tag}>{match[2]}</{tag}>"
