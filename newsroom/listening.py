"""Connections apart from those of requests: to hear what changes, to watch, to hold a lock."""

import copy
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.utils import ConnectionHandler
from psycopg import Connection

TIMEOUT = 3  # seconds to connect


def listening_connection() -> Connection[Any]:
    """Return a new connection for a page cache to listen on. Raises psycopg's errors."""
    return direct_connection("newsroom-page-cache")


def direct_connection(name: str) -> Connection[Any]:
    """Return a new connection straight to the primary, past any pooler; see ``own_connection``."""
    database = settings.DATABASE_LISTEN or connections["default"].settings_dict
    return own_connection(database, name)


def own_connection(database: dict[str, Any], name: str) -> Connection[Any]:
    """Return a new connection in autocommit mode, which is the caller's own; a thread may keep it.

    database: as in ``DATABASES``. name: what the server shows it as. Raises psycopg's errors.
    """
    own = copy.deepcopy(database)
    own["OPTIONS"] = {**own.get("OPTIONS", {}), "connect_timeout": TIMEOUT, "pool": False}
    wrapper = ConnectionHandler({"default": own}).create_connection("default")
    parameters = wrapper.get_connection_params()
    parameters |= {"autocommit": True, "application_name": name}
    return Connection.connect(**parameters)
