"""The WSGI application that granian serves: page cache, bodies, Django."""

import os
from typing import cast

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402 (after the apps are loaded)

from newsroom.bodies import Bodies  # noqa: E402
from newsroom.listening import listening_connection  # noqa: E402
from newsroom.middleware import largest_body  # noqa: E402
from newsroom.replicas.serving import Readers  # noqa: E402
from newsroom.replicas.watching import known_servers  # noqa: E402
from pagecache.wsgi import Application, PageCache  # noqa: E402

# The server's own variable: one of its threads, at least, never waits for a body.
threads = int(os.environ.get("GRANIAN_BLOCKING_THREADS", "2"))
bodies = Bodies(
    cast("Application", django_application), limit=largest_body, at_once=max(1, threads - 1)
)
readers = Readers(bodies, known_servers) if settings.REPLICAS else None
# Outermost, as what it answers by itself has to cost next to nothing.
application = PageCache(
    readers or bodies,
    limit=settings.PAGE_CACHE_BYTES,
    connect=listening_connection,
)
os.register_at_fork(after_in_child=application.forget)
if readers:
    os.register_at_fork(after_in_child=readers.forget)
