"""Stripe's interface for checkouts, played by the tests over HTTP on this machine."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

PAGE = "/c/pay/cs_test_example"


@dataclass
class Stripe:
    """What it was asked (path, fields, key), and what it answers; its page is at ``page``."""

    asked: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    status: int = 200
    answer: dict[str, Any] = field(default_factory=dict)
    base: str = ""

    @property
    def page(self) -> str:
        return self.base + PAGE


@contextmanager
def fake_stripe(settings: Any) -> Iterator[Stripe]:
    """Let the site take cards, by this Stripe."""
    stripe = Stripe()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(200, "text/html", b"<!doctype html><title>Pay</title><h1>Pay here</h1>")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: value for name, [value] in parse_qs(body).items()}
            stripe.asked.append((self.path, asked, self.headers["Authorization"]))
            self._say(stripe.status, "application/json", json.dumps(stripe.answer).encode())

        def _say(self, status: int, kind: str, said: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stripe.base = f"http://127.0.0.1:{server.server_address[1]}"
    stripe.answer = {"id": "cs_1", "object": "checkout.session", "url": stripe.page}
    settings.STRIPE_SECRET_KEY = "sk_test_example"
    settings.STRIPE_API_BASE = settings.STRIPE_CHECKOUT_ORIGIN = stripe.base
    yield stripe
    server.shutdown()
    server.server_close()
