"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django_application = get_wsgi_application()

from newsroom.bodies import Bodies  # noqa: E402 (after the settings are read)
from newsroom.middleware import largest_body  # noqa: E402

# The server's own variable: one of its threads, at least, never waits for a body.
threads = int(os.environ.get("GRANIAN_BLOCKING_THREADS", "2"))
application = Bodies(django_application, limit=largest_body, at_once=max(1, threads - 1))
