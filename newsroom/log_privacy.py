"""Log lines that tell nothing about anybody.

Our own code hands no address, network or name to a logger. What others write (Django's messages on
refused requests, tracebacks with what a database said of a row) passes through this formatter,
which takes such things out of the finished line, exception and all.
"""

import ipaddress
import logging
import re

EMAIL = re.compile(r"[\w.!#$&'*+=^`{|}~%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
# Digits, hex digits, colons and dots that may be an address; ``ipaddress`` decides.
ADDRESS = re.compile(r"(?<![\w.:])(?:\d+(?:\.\d+){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*)")
# Django's signed values, which links in letters carry, and allauth's keys in them.
TOKEN = re.compile(r"[\w-]{2,}:[\w-]{5,8}:[\w-]{20,}|(?<=/key/)[^/\s]+|(?<=/confirm-email/)[^/\s]+")
# What Postgres adds to an error: whole rows, or a piece of the statement, several lines perhaps.
ROW = re.compile(
    r"^(DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):.*?"
    r"(?=\n\n(?:The above exception|During handling of the above)|\Z)",
    re.DOTALL | re.MULTILINE,
)
VALUE = re.compile(r"(invalid input (?:syntax|value) for [^:\n]+: ).*")


class PrivateFormatter(logging.Formatter):
    """Formats as ``logging.Formatter`` does, and then takes out what is personal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with its traceback, scrubbed (``logging.Formatter.format``)."""
        return scrubbed(super().format(record))


def scrubbed(text: str) -> str:
    """Return text with a word in place of each address, network, token and database row."""
    text = ROW.sub(r"\1: [row]", text)
    text = VALUE.sub(r"\1[value]", text)
    text = TOKEN.sub("[token]", text)
    text = EMAIL.sub("[email]", text)
    return ADDRESS.sub(_without_network, text)


def _without_network(found: re.Match[str]) -> str:
    """Return a word for somebody's network; what only looks like one, or is this machine, stays."""
    text = found[0].rstrip(".:") if not found[0].endswith("::") else found[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return found[0]
    if address.is_loopback or address.is_unspecified:
        return found[0]
    return "[network]" + found[0][len(text) :]
