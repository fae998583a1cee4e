"""Where the time of an answer went, as a header that browsers show beside it. Only with DEBUG.

``Server-Timing: db;dur=4.1;desc="9 queries", render;dur=21.7, total;dur=28.3`` (W3C; milliseconds).
``render`` is from the first template to its last word, and so holds the queries made in between.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates
from django.utils.safestring import mark_safe


@dataclass
class Timing:
    """Seconds spent on an answer, and queries made for it."""

    queries: int = 0
    database: float = 0.0
    render: float = 0.0
    is_rendering: bool = False

    def asked(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        """Make a query (``connection.execute_wrapper`` calls this)."""
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries += 1
            self.database += time.perf_counter() - began

    def rendered(self, work: Callable[[], str]) -> str:
        """Render; a template that another one renders is a part of that one's time."""
        if self.is_rendering:
            return work()
        self.is_rendering, began = True, time.perf_counter()
        try:
            return work()
        finally:
            self.is_rendering = False
            self.render += time.perf_counter() - began


current: ContextVar[Timing | None] = ContextVar("server_timing", default=None)


class ServerTimingMiddleware:
    """Adds the header; not used without DEBUG, as it tells strangers what costs us most."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.DEBUG:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        timing, began = Timing(), time.perf_counter()
        token = current.set(timing)
        try:
            with ExitStack() as wrapped:
                for connection in connections.all():
                    wrapped.enter_context(connection.execute_wrapper(timing.asked))
                response = self.get_response(request)
        finally:
            current.reset(token)
        number = f"{timing.queries} quer{'y' if timing.queries == 1 else 'ies'}"
        response["Server-Timing"] = (
            f'db;dur={1000 * timing.database:.1f};desc="{number}", '
            f"render;dur={1000 * timing.render:.1f}, "
            f"total;dur={1000 * (time.perf_counter() - began):.1f}"
        )
        return response


class TimedTemplates(DjangoTemplates):
    """Django's template engine, which tells how long it takes."""

    def from_string(self, template_code: str) -> Any:
        return TimedTemplate(super().from_string(template_code))

    def get_template(self, template_name: str) -> Any:
        return TimedTemplate(super().get_template(template_name))


class TimedTemplate:
    """A template of that engine."""

    def __init__(self, template: Any) -> None:
        self._template = template

    def __getattr__(self, name: str) -> Any:
        return getattr(self._template, name)

    def render(self, context: Any = None, request: HttpRequest | None = None) -> str:
        def work() -> str:
            return str(self._template.render(context, request))

        timing = current.get()
        text = timing.rendered(work) if timing else work()
        return mark_safe(text)  # as it came out of the template
