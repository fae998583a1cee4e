"""Links in a comment's text, and the sites it names, disguised or not."""

import re
from urllib.parse import urlsplit

from django.conf import settings

from comments.screening.folding import Folded

type Span = tuple[int, int]

# What becomes a link, or would in a browser's address bar; in Markdown also without a scheme.
LINK = re.compile(r"(?:https?:|www\.|mailto:|\]\(\s{0,3}<?//)[^\s<>()]*[^\s<>().,;:!?]")
# How the dot of an address is written by who wants to slip past.
DOT = r"(?:\.|\s{0,3}[\[({]\s{0,3}(?:\.|dot)\s{0,3}[\])}]\s{0,3}|\s{1,3}dot\s{1,3})"
SITE = re.compile(rf"(?<![\w-])[^\W_][\w-]*+(?:{DOT}[^\W_][\w-]*+)+")
DOTS = re.compile(DOT)
HOST = re.compile(r"(?:[a-z]+:)?/{0,2}(?:[^/?#\s@]*@)?([^/?#:\s]+)")


def links_in(folded: Folded) -> list[Span]:
    """Return where a text links to other sites than this one."""
    own = urlsplit(settings.NEWSROOM_URL).hostname or ""
    found = (match for match in LINK.finditer(folded.text) if _host(match[0]) != own)
    return [folded.span(*match.span()) for match in found]


def sites_in(folded: Folded, listed: frozenset[str]) -> list[tuple[str, Span]]:
    """Return which of the listed sites, or sites below them, a text names, and where."""
    found = []
    for match in SITE.finditer(folded.text):
        labels = _plain(DOTS.sub(".", match[0])).split(".")
        for begin in range(len(labels)):
            site = ".".join(labels[begin:])
            if site in listed:
                found.append((site, folded.span(*match.span())))
                break
    return found


def site_named(line: str) -> str:
    """Return the site that a line of a list names: of an address, its host."""
    match = HOST.match(line.strip().casefold())
    return _plain(match[1]).removeprefix("www.").strip(".") if match else ""


def _host(link: str) -> str:
    match = HOST.match(link.removeprefix("](").strip(" <\t\n"))
    return match[1] if match else ""


def _plain(site: str) -> str:
    """Return a site with its letters as people write them, not as ``xn--``."""
    try:
        return site.encode("ascii").decode("idna") if "xn--" in site else site
    except UnicodeError:
        return site
