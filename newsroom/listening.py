"""The connection by which a worker hears what changes."""

import copy
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.utils import ConnectionHandler
from psycopg import Connection

TIMEOUT = 3  # seconds to connect


def listening_connection() -> Connection[Any]:
    """Return a new connection, straight to the primary: a pooler hands out what listens.

    It is a thread's own, apart from those that requests use. Raises psycopg's errors.
    """
    own = settings.DATABASE_LISTEN or copy.deepcopy(connections["default"].settings_dict)
    own["OPTIONS"] = {**own.get("OPTIONS", {}), "connect_timeout": TIMEOUT, "pool": False}
    wrapper = ConnectionHandler({"default": own}).create_connection("default")
    parameters = wrapper.get_connection_params()
    parameters |= {"autocommit": True, "application_name": "newsroom-page-cache"}
    return Connection.connect(**parameters)
