"""The site's WSGI application; each answer says which worker gave it, and how that one stands.

``X-Worker``: its process. ``X-Hears``: whether its page cache hears what changes. ``X-Asked``: how
often it was asked for the address. ``X-Made``: how often it had Django make the page there.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from newsroom.wsgi import application as page_cache

asked: Counter[str] = Counter()
made: Counter[str] = Counter()
behind_the_cache = page_cache.application


def counting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    made[environ["PATH_INFO"]] += 1
    return behind_the_cache(environ, start_response)


page_cache.application = counting


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    def start(status: str, headers: list[tuple[str, str]]) -> object:
        told = [
            ("X-Worker", str(os.getpid())),
            ("X-Hears", str(page_cache.listener.hears)),
            ("X-Asked", str(asked[environ["PATH_INFO"]])),
            ("X-Made", str(made[environ["PATH_INFO"]])),
        ]
        return start_response(status, [*headers, *told])

    asked[environ["PATH_INFO"]] += 1
    return page_cache(environ, start)
