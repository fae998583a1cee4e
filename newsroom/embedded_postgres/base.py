"""Django's PostgreSQL backend, which first makes sure that the embedded server runs."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from newsroom.embedded_postgres.server import EmbeddedPostgres


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects to the server in the folder ``OPTIONS["folder"]``, starting it when it is down."""

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        server = EmbeddedPostgres.at(Path(params.pop("folder")))
        server.ensure_running()
        return {**params, "host": str(server.socket_folder), "user": server.superuser}
