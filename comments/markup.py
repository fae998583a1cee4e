"""Light Markdown for comments: emphasis, code, links, lists, quotes, spoilers, people's names.

No HTML, no pictures.
"""

import re
from collections.abc import Mapping

import nh3
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline

from comments.plain_markup import plain_html

# Nesting beyond this is nobody's argument; it bounds the parser's work on hostile text.
MAX_NESTING = 20
WORD = re.compile(r"\w")


def _spoiler(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
    """Take lines from ``||`` to ``||`` as a text that shows when it is asked for."""
    line, first = begin, state.src[state.bMarks[begin] + state.tShift[begin] : state.eMarks[begin]]
    if not first.startswith("||"):
        return False
    text = first.removeprefix("||")
    while not text.rstrip().endswith("||"):
        line += 1
        if line >= end or state.isEmpty(line):
            return False
        text += "\n" + state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
    text = text.rstrip().removesuffix("||").strip()
    if not text:
        return False
    if silent:
        return True
    state.line = line + 1
    state.push("spoiler_open", "details", 1).attrSet("class", "spoiler")
    state.push("summary_open", "summary", 1)
    label = state.push("inline", "", 0)
    label.content, label.children, label.map = _("Spoiler"), [], [begin, begin]
    state.push("summary_close", "summary", -1)
    state.push("paragraph_open", "p", 1)
    inline = state.push("inline", "", 0)
    inline.content, inline.children, inline.map = text, [], [begin, line]
    state.push("paragraph_close", "p", -1)
    state.push("spoiler_close", "details", -1)
    return True


def _spoiler_within(state: StateInline, silent: bool) -> bool:
    """Take what stands between ``||`` and ``||`` in a line as a spoiler of its own."""
    begin, limit = state.pos + 2, state.posMax
    if state.linkLevel or not state.src.startswith("||", state.pos, limit):
        return False
    end = state.src.find("||", begin, limit)
    hidden = state.src[begin:end]
    # Bars with spaces around them are those of programs and tables.
    if end < 0 or not hidden or hidden != hidden.strip():
        return False
    if not silent:
        opening = state.push("spoiler_open", "details", 1)
        opening.attrSet("class", "spoiler spoiler--inline")
        state.push("summary_open", "summary", 1)
        state.push("text", "", 0).content = _("Spoiler")
        state.push("summary_close", "summary", -1)
        state.pos, state.posMax = begin, end
        state.md.inline.tokenize(state)
        state.push("spoiler_close", "details", -1)
    state.pos, state.posMax = end + 2, limit
    return True


def _paragraphs_with_spoilers(state: StateCore) -> None:
    """Make a paragraph that holds a spoiler a ``div``, as HTML's own cannot hold one."""
    for place, token in enumerate(state.tokens):
        if any(child.tag == "details" for child in token.children or []):
            state.tokens[place - 1].tag = state.tokens[place + 1].tag = "div"


def _mention(state: StateInline, silent: bool) -> bool:
    """Take an @ before a known name as a link to what that person said."""
    people: Mapping[str, str] = state.env.get("people", {})
    position = state.pos
    if not people or state.src[position] != "@" or state.linkLevel:
        return False
    if position and WORD.match(state.src[position - 1]):
        return False
    rest = state.src[position + 1 : state.posMax]
    for name in sorted(people, key=len, reverse=True):
        after = rest[len(name) : len(name) + 1]
        if rest[: len(name)].casefold() != name.casefold() or WORD.match(after):
            continue
        if not silent:
            state.push("mention_open", "a", 1).attrs = {"class": "mention", "href": people[name]}
            state.push("text", "", 0).content = "@" + rest[: len(name)]
            state.push("mention_close", "a", -1)
        state.pos += 1 + len(name)
        return True
    return False


def _parser() -> MarkdownIt:
    parser = MarkdownIt(
        "zero", {"maxNesting": MAX_NESTING, "breaks": True, "linkify": False, "html": False}
    ).enable(
        ["emphasis", "backticks", "link", "autolink", "list", "blockquote", "fence", "newline",
         "escape", "strikethrough", "balance_pairs", "fragments_join"],
        ignoreInvalid=True,
    )  # fmt: skip
    parser.block.ruler.before("paragraph", "spoiler", _spoiler, {"alt": ["paragraph"]})
    parser.inline.ruler.push("mention", _mention)
    parser.inline.ruler.push("spoiler", _spoiler_within)
    parser.core.ruler.push("paragraphs_with_spoilers", _paragraphs_with_spoilers)
    for sign in "@|":
        parser.inline.add_terminator_char(sign)
    return parser


_PARSER = _parser()
_CLEANER = nh3.Cleaner(
    tags={"p", "br", "em", "strong", "s", "code", "pre", "a", "ul", "ol", "li", "blockquote",
          "details", "summary", "div"},
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    allowed_classes={"a": {"mention"}, "details": {"spoiler", "spoiler--inline"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)  # fmt: skip


def render(body: str, people: Mapping[str, str] | None = None) -> str:
    """Return a comment's text as safe HTML.

    people: the addresses that the names of those who may be mentioned lead to.
    """
    html = None if people else plain_html(body)
    return parsed(body, people or {}) if html is None else html


def parsed(body: str, people: Mapping[str, str]) -> str:
    """Return what ``render`` does, by the parser, however plain the text is."""
    return _CLEANER.clean(_PARSER.render(body, {"people": people})).strip()
