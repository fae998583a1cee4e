"""The cache as a WSGI application in front of Django's: what is kept never reaches Django."""

import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.urls import Resolver404, resolve
from django.utils import timezone
from psycopg import Connection

from pagecache.answers import Answer, Environ, Headers, StartResponse, is_text, preferred_encoding
from pagecache.listener import Listener
from pagecache.pages import Page, Rule, made
from pagecache.store import EVERYTHING, Making, Store

type Application = Callable[[Environ, StartResponse], Iterable[bytes]]
# A page by site (scheme and host), path, the query its view looks at, and who asks: htmx or not.
type Key = tuple[str, str, str, str]

READING = frozenset({"GET", "HEAD"})
HARMLESS = READING | {"OPTIONS", "TRACE"}
REFUSED = ("429", "503")  # nothing was written
LONGEST_LIFE = 3_600.0  # seconds: what nobody thought of is wrong no longer than this
LONGEST_WAIT = 10.0  # seconds for somebody else's rendering
LONGEST_ADDRESS = 2_000  # characters; longer ones are nobody's
MOST_SITES = 1_000  # host names that are remembered
DATABASE_PAUSE = 1.0  # seconds in which a database that does not answer is not asked again
# What a page may be made from, of what a request says: nothing about who asks.
PASSED_ON = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_PROTO"})
VARIED_BY = frozenset({"accept-encoding", "hx-request"})


class Rendering:
    """A page that is being made, for whoever asks for it meanwhile."""

    __slots__ = ("answer", "began_at", "is_done", "is_true")

    def __init__(self) -> None:
        self.began_at = time.monotonic()
        self.answer: Answer | None = None  # None until it is done, or where it broke
        self.is_true = False  # whether it still is, for those who came while it was made
        self.is_done = threading.Event()


class PageCache:
    """Answers from memory what may be kept, and passes everything else on to Django.

    limit: bytes that may be kept; 0 keeps nothing. connect: opens the listener's connection.
    A page is made from its address alone: cookies and other headers do not reach its view, so that
    nobody's can stand in it. Where that makes no page for everyone, the view gets all of the
    request.
    """

    def __init__(
        self, application: Application, *, limit: int, connect: Callable[[], Connection[Any]]
    ) -> None:
        self.application = application
        self.limit = limit
        self._connect = connect
        self._sites: dict[tuple[str | None, str | None, str], str] = {}
        self._renderings: dict[Key, Rendering] = {}
        self._lock = threading.Lock()
        self._database_rests_until = 0.0
        self.forget()

    def forget(self) -> None:
        """Begin with nothing, and with a listener of this process's own, at the first request."""
        self.store: Store[Key, Answer] = Store(self.limit)
        self.listener = Listener(
            self._connect,
            on_start=lambda: self.store.invalidate({EVERYTHING}),
            on_change=self.store.invalidate,
        )
        self._is_listening = self.limit == 0

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        # What is kept is answered within these lines; each costs a thousandth of all there is.
        if environ["REQUEST_METHOD"] in READING:
            site = self._sites.get(
                (
                    environ.get("HTTP_HOST"),
                    environ.get("HTTP_X_FORWARDED_PROTO"),
                    environ["wsgi.url_scheme"],
                )
            )
            if (
                site
                and not environ.get("QUERY_STRING")
                and "HTTP_HX_REQUEST" not in environ
                and self.listener.hears
            ):
                entry = self.store.entries.get((site, environ["PATH_INFO"], "", ""))
                if entry and time.monotonic() < entry.fresh_until:
                    entry.used = True
                    answer = entry.value
                    reply = answer.replies.get(
                        preferred_encoding(environ.get("HTTP_ACCEPT_ENCODING"))
                    )
                    if reply:
                        return answer.send(reply, environ, start_response)
            return self._read(environ, start_response, site or self._site_of(environ))
        if not self._is_listening:
            self._listen()
        self._tell(environ)
        if environ["REQUEST_METHOD"] in HARMLESS:
            return self.application(environ, start_response)
        begun: list[str] = []

        def begin(status: str, headers: Headers, *error: Any) -> object:
            begun.append(status)
            return start_response(status, headers, *error)

        body = self.application(environ, begin)
        if not begun or not begun[0].startswith(REFUSED):
            # Whoever reads the answer must not get an older page from this process.
            self.listener.catch_up()
        return body

    def _listen(self) -> None:
        self._is_listening = True
        self.listener.start()

    def _tell(self, environ: Environ) -> None:
        """Tell the application whether changes are heard; if so, of which generation it all is.

        What it reads from now on and keeps beside the generation is true as long as it is told the
        same one again: a change of everything makes another.
        """
        environ["pagecache.hears"] = self.listener.hears
        if environ["pagecache.hears"]:
            environ["pagecache.generation"] = self.store.generation

    def _site_of(self, environ: Environ) -> str:
        """Return scheme and host that a request is for; nothing where Django would not serve it."""
        request = WSGIRequest(environ)
        try:
            site = f"{request.scheme}://{request.get_host()}"
        except DisallowedHost:
            return ""
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return ""
        asked = (
            environ.get("HTTP_HOST"),
            environ.get("HTTP_X_FORWARDED_PROTO"),
            environ["wsgi.url_scheme"],
        )
        if len(self._sites) < MOST_SITES:
            self._sites[asked] = site
        return site

    def _read(self, environ: Environ, start_response: StartResponse, site: str) -> Iterable[bytes]:
        """Answer a GET or HEAD that is not answered in the short way."""
        if not self._is_listening:
            self._listen()
        rule = rule_of(environ["PATH_INFO"]) if site else None
        if rule is None:
            return self._pass_on(environ, start_response)
        page = _page_alone(environ, rule)
        who = ("HTTP_HX_REQUEST" in page) + 2 * ("HTTP_HX_BOOSTED" in page)
        key = (site, page["PATH_INFO"], page["QUERY_STRING"], str(who or ""))
        answer = self._kept(key) or self._made(key, page, rule)
        if answer is None or (not answer.is_final and _says_more(environ, page)):
            return self._pass_on(environ, start_response)
        return self._send(answer, environ, start_response, key)

    def _send(
        self, answer: Answer, environ: Environ, start_response: StartResponse, key: Key | None
    ) -> list[bytes]:
        encoding = preferred_encoding(environ.get("HTTP_ACCEPT_ENCODING"))
        is_new = encoding not in answer.replies
        reply = answer.reply(encoding)
        if is_new and key is not None:
            self.store.grow(key, answer, len(reply.body[0]))
        return answer.send(reply, environ, start_response)

    def _kept(self, key: Key) -> Answer | None:
        if not self.listener.hears:  # before the look: it takes in what makes pages go
            return None
        entry = self.store.entries.get(key)
        if entry and time.monotonic() < entry.fresh_until:
            entry.used = True
            return entry.value
        return None

    def _made(self, key: Key, page: Environ, rule: Rule) -> Answer | None:
        """Return the page, made once for all who ask for it at the same time.

        What somebody else makes is taken if it was begun after this request came, or if nothing in
        it has changed by the time it is there. None: it is not for everyone.
        """
        came_at = time.monotonic()
        while True:
            with self._lock:
                rendering = self._renderings.get(key)
                is_mine = rendering is None
                if rendering is None:
                    if kept := self._kept(key):  # made by somebody in the meantime
                        return kept
                    rendering = self._renderings[key] = Rendering()
            if is_mine:
                try:
                    self._render(rendering, key, page, rule)
                finally:
                    with self._lock:
                        del self._renderings[key]
                    rendering.is_done.set()
                return rendering.answer
            if not rendering.is_done.wait(LONGEST_WAIT):
                rendering = Rendering()
                self._render(rendering, key, page, rule)
                return rendering.answer
            if rendering.answer is None or not rendering.answer.is_public:
                return None
            if rendering.is_true or rendering.began_at >= came_at:
                return rendering.answer

    def _render(self, rendering: Rendering, key: Key, asked: Environ, rule: Rule) -> None:
        """Have Django make a page, and keep it if it may be kept."""
        if time.monotonic() < self._database_rests_until and (last := self._last_known(key)):
            rendering.answer, rendering.is_true = last, True
            return
        page = Page(tags=set(rule.tags))
        making = self.store.begin()
        self._tell(asked)
        try:
            with made(page):
                status, headers, body = _ask(self.application, asked)
            is_away = status.startswith("503") or page.may_lag
            if is_away and (last := self._last_known(key)):
                self._database_rests_until = time.monotonic() + DATABASE_PAUSE
                rendering.answer, rendering.is_true = last, True
                return
            if page.tags:
                headers.append(("Cache-Tag", ",".join(sorted(page.tags))))
            answer = Answer(status, headers, body, is_public=_is_for_everyone(headers))
            rendering.answer = answer
            if page.may_lag:
                return  # what is kept has to be as new as what was told
            if answer.is_found and answer.is_public:
                rendering.is_true = self._keep(key, answer, page, making, asked)
            elif not status.startswith("5"):
                self.store.drop(key)
        finally:
            self.store.end(making)

    def _keep(self, key: Key, answer: Answer, page: Page, making: Making, asked: Environ) -> bool:
        """Keep a page; tell whether it is known to be true still."""
        answer.reply(preferred_encoding(asked["pagecache.accepts"]))
        hears = self.listener.hears  # takes in what may have changed this page meanwhile
        is_true = self.store.keep(
            key,
            answer,
            making=making,
            tags=frozenset(page.tags) | {EVERYTHING},
            fresh_until=_fresh_until(page),
            size=answer.size + len(key[1]) + len(key[2]),
        )
        return is_true and hears

    def _last_known(self, key: Key) -> Answer | None:
        """Return the page as it was last known, for when the database does not answer.

        Only while nothing is heard: a page that is known to have changed is not kept any more.
        """
        if self.listener.hears:  # before the look, as in ``_kept``
            return None
        entry = self.store.entries.get(key)
        return entry.value if entry and time.monotonic() < entry.fresh_until else None

    def _pass_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Have Django answer; what is public text gets an encoding and an ETag on the way."""
        self._tell(environ)
        begun: list[tuple[str, Headers]] = []
        body = self.application(environ, lambda status, headers: begun.append((status, headers)))
        status, headers = begun[0]
        named = {name.lower(): value for name, value in headers}
        is_encoded = "content-encoding" in named
        if is_encoded or not (_is_for_everyone(headers) and is_text(named.get("content-type", ""))):
            start_response(status, headers)
            return body
        answer = Answer(status, headers, _joined(body), is_public=True)
        return self._send(answer, environ, start_response, None)


@lru_cache(maxsize=2_000)
def rule_of(path: str) -> Rule | None:
    """Return how the pages at a path are kept, None where they are not."""
    if len(path) > LONGEST_ADDRESS or path.startswith(str(settings.STATIC_URL)):
        return None
    try:
        view = resolve(path.encode("latin-1").decode()).func
    except (Resolver404, UnicodeError):
        return None
    rule: Rule | None = getattr(view, "page_rule", None)
    return rule


def _page_alone(environ: Environ, rule: Rule) -> Environ:
    """Return the request for a page as nobody in particular makes it."""
    page = {
        name: value
        for name, value in environ.items()
        if not name.startswith("HTTP_") or name in PASSED_ON
    }
    page["REQUEST_METHOD"] = "GET"
    page.pop("CONTENT_LENGTH", None)
    page["pagecache.accepts"] = environ.get("HTTP_ACCEPT_ENCODING")
    page["QUERY_STRING"] = ""
    if environ.get("QUERY_STRING") and rule.parameters:
        asked = dict(parse_qsl(environ.get("QUERY_STRING"), keep_blank_values=True))
        known = [(name, asked[name]) for name in rule.parameters if name in asked]
        page["QUERY_STRING"] = urlencode(known)
    if rule.htmx:
        for name in ("HTTP_HX_REQUEST", "HTTP_HX_BOOSTED"):
            if environ.get(name) == "true":
                page[name] = "true"
    return page


def _says_more(environ: Environ, page: Environ) -> bool:
    """Tell whether the request says something that the view was not told."""
    return (
        bool(environ.get("HTTP_COOKIE") or environ.get("HTTP_AUTHORIZATION"))
        or environ.get("QUERY_STRING") != page["QUERY_STRING"]
    )


def _ask(application: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    begun: list[tuple[str, Headers]] = []
    body = application(environ, lambda status, headers: begun.append((status, headers)))
    return (*begun[0], _joined(body))


def _joined(body: Iterable[bytes]) -> bytes:
    try:
        return b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()


def _is_for_everyone(headers: Headers) -> bool:
    named = {name.lower(): value.lower() for name, value in headers}
    control = named.get("cache-control", "")
    return (
        "public" in control
        and "no-store" not in control
        and "set-cookie" not in named
        and VARIED_BY.issuperset(filter(None, named.get("vary", "").replace(" ", "").split(",")))
    )


def _fresh_until(page: Page) -> float:
    """Return until when a page is true by the clock, in ``time.monotonic``'s seconds."""
    life = LONGEST_LIFE
    if page.changes_at is not None:
        life = min(life, (page.changes_at - timezone.now()).total_seconds())
    return time.monotonic() + life
