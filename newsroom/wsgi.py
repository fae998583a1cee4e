"""The WSGI application that granian serves: page cache, bodies, Django."""

import os
import sys
from typing import cast

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django_application = get_wsgi_application()
# A kept page takes microseconds, so it should not wait five milliseconds, Python's default, for the
# interpreter that another thread holds with a page or a comment of its own.
sys.setswitchinterval(0.0005)

from django.conf import settings  # noqa: E402 (after the apps are loaded)

from newsroom.bodies import Bodies  # noqa: E402
from newsroom.lanes import Lanes  # noqa: E402
from newsroom.listening import listening_connection  # noqa: E402
from newsroom.middleware import largest_body  # noqa: E402
from newsroom.replicas.serving import Readers  # noqa: E402
from newsroom.replicas.watching import known_servers  # noqa: E402
from pagecache.wsgi import Application, PageCache  # noqa: E402

WRITERS = 1  # of a worker at a time: two only take the interpreter from each other
# The server's own variable. A quarter of its threads never waits for those who write.
threads = int(os.environ.get("GRANIAN_BLOCKING_THREADS", "2"))
lanes = Lanes(
    cast("Application", django_application),
    at_once=WRITERS,
    waiting=max(0, threads - threads // 4 - WRITERS),
)
bodies = Bodies(lanes, limit=largest_body, at_once=max(1, threads - max(1, threads // 4)))
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
