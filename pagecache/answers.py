"""An answer as it goes out: in each content encoding, with its ETag, whole or as "not modified"."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import brotli
from django.utils.http import parse_etags, parse_http_date_safe

type Headers = list[tuple[str, str]]
type Environ = dict[str, Any]
type StartResponse = Callable[[str, Headers], object]

IDENTITY = ""
# In the order of preference, where a client likes them equally. Levels that cost about a
# millisecond for a page: the highest ones save few bytes more in many times the time.
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.compress(body, quality=5)),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: bytes(brotli.decompress(body)),
    "gzip": lambda body: zlib.decompress(body, wbits=31),
    IDENTITY: lambda body: body,
}
WORTH_COMPRESSING = 200  # bytes
# What a "not modified" tells anew (RFC 9110, 15.4.5).
TOLD_AGAIN = frozenset(
    {"cache-control", "content-location", "date", "etag", "expires", "last-modified", "vary"}
)
_WEIGHT = re.compile(r"q\s*=\s*([01](?:\.\d{0,3})?)\Z", re.IGNORECASE)


@lru_cache(maxsize=512)
def preferred_encoding(accepted: str | None) -> str:
    """Return the encoding to answer with, by the request's ``Accept-Encoding`` (RFC 9110, 12.5.3).

    Identity where the client names none that we have, and even where it refuses that.
    """
    if accepted is None:
        return IDENTITY
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        name, _, parameter = (word.strip() for word in part.partition(";"))
        weight = _WEIGHT.match(parameter) if parameter else None
        if name and (weight or not parameter):
            name = name.lower().removeprefix("x-")
            weights[name] = float(weight[1]) if weight else 1.0
    others = weights.get("*", 0.0)
    best = max(ENCODERS, key=lambda name: weights.get(name, others))
    weight_of_best = weights.get(best, others)
    if weight_of_best > 0 and weight_of_best >= weights.get("identity", 0.0):
        return best
    return IDENTITY


class Reply:
    """An answer in one encoding, ready to be sent."""

    __slots__ = ("body", "etag", "headers")

    def __init__(self, headers: Headers, body: bytes, etag: str) -> None:
        self.headers = headers
        self.body = [body]
        self.etag = etag


class Answer:
    """What an application answered, and the encodings it was asked for in so far."""

    __slots__ = (
        "_headers", "_source", "digest", "is_compressible", "is_found", "is_public",
        "last_modified", "replies", "status",
    )  # fmt: skip

    def __init__(self, status: str, headers: Headers, body: bytes, *, is_public: bool) -> None:
        """status: with its phrase, like "200 OK". headers: those of the body as it is.

        What is for its asker alone is not compressed: text that somebody else chose, beside a
        secret, must not be (the BREACH attack).
        """
        self.status = status
        self.is_found = status.startswith("200")
        self.is_public = is_public
        named = {name.lower(): value for name, value in headers}
        self.is_compressible = (
            is_public
            and len(body) >= WORTH_COMPRESSING
            and "content-encoding" not in named
            and is_text(named.get("content-type", ""))
        )
        self.digest = hashlib.sha256(body).hexdigest()[:20]
        self.last_modified = named.get("last-modified", "")
        own = {"etag", "content-length", *({"vary"} if self.is_compressible else ())}
        self._headers = [pair for pair in headers if pair[0].lower() not in own]
        if self.is_compressible:
            vary = [name for name in named.get("vary", "").split(", ") if name]
            if "accept-encoding" not in {name.lower() for name in vary}:
                vary.append("Accept-Encoding")
            self._headers.append(("Vary", ", ".join(vary)))
        self._source = (IDENTITY, body)  # one encoding, from which the others are made
        self.replies: dict[str, Reply] = {}

    @property
    def size(self) -> int:
        """Bytes of what is kept of it."""
        bodies = sum(len(reply.body[0]) for reply in self.replies.values())
        headers = sum(len(name) + len(value) for name, value in self._headers)
        return bodies + headers + (0 if self.replies else len(self._source[1]))

    @property
    def is_final(self) -> bool:
        """Whether nothing that the request says besides its address would be answered otherwise."""
        return (self.is_found and self.is_public) or self.status.startswith("5")

    def reply(self, encoding: str) -> Reply:
        """Return it in an encoding, made when it is first asked for.

        Where it is compressible, the body as it came is not kept: few ask for that.
        """
        if not self.is_compressible:
            encoding = IDENTITY
        reply = self.replies.get(encoding)
        if reply is None:
            made_in, made = self._source
            body = made
            if encoding != made_in:
                body = DECODERS[made_in](made)
                body = ENCODERS[encoding](body) if encoding else body
            etag = f'"{self.digest}-{encoding}"' if encoding else f'"{self.digest}"'
            own = [("Content-Length", str(len(body)))]
            own += [("ETag", etag)] if self.is_found and self.is_public else []
            own += [("Content-Encoding", encoding)] if encoding else []
            reply = Reply([*self._headers, *own], body, etag)
            self.replies[encoding] = reply
            if encoding:
                self._source = (encoding, body)
        return reply

    def send(self, reply: Reply, environ: Environ, start_response: StartResponse) -> list[bytes]:
        """Send it as the request wants it: whole, its headers alone, or "not modified"."""
        is_asked = "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ
        if is_asked and self.is_found and self.is_public and self._is_known(reply, environ):
            headers = [pair for pair in reply.headers if pair[0].lower() in TOLD_AGAIN]
            start_response("304 Not Modified", headers)
            return []
        start_response(self.status, reply.headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else reply.body

    def _is_known(self, reply: Reply, environ: Environ) -> bool:
        """Tell whether the client has it already (RFC 9110, 13.2.2)."""
        known: str | None = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None:
            if known == reply.etag:
                return True
            # Caches on the way may have made weak ones of ours.
            named = {etag.removeprefix("W/") for etag in parse_etags(known)}
            return reply.etag in named or "*" in named
        since = parse_http_date_safe(environ["HTTP_IF_MODIFIED_SINCE"])
        changed = parse_http_date_safe(self.last_modified) if self.last_modified else None
        return since is not None and changed is not None and changed <= since


def is_text(content_type: str) -> bool:
    """Tell whether what is of this type gets smaller by compression."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith(("xml", "json", "javascript"))
