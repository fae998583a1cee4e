"""Light Markdown for comments: emphasis, code, links, lists, quotes. No HTML, no pictures."""

import nh3
from markdown_it import MarkdownIt

# Nesting beyond this is nobody's argument; it bounds the parser's work on hostile text.
MAX_NESTING = 20

_PARSER = MarkdownIt(
    "zero", {"maxNesting": MAX_NESTING, "breaks": True, "linkify": False, "html": False}
).enable(
    ["emphasis", "backticks", "link", "autolink", "list", "blockquote", "fence", "newline",
     "escape", "strikethrough", "balance_pairs", "fragments_join"],
    ignoreInvalid=True,
)  # fmt: skip
_CLEANER = nh3.Cleaner(
    tags={"p", "br", "em", "strong", "s", "code", "pre", "a", "ul", "ol", "li", "blockquote"},
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow ugc noopener",
)


def render(body: str) -> str:
    """Return a comment's text as safe HTML."""
    return _CLEANER.clean(_PARSER.render(body)).strip()
