"""Which servers answer, and how far each has got, as one process knows it.

Each server is asked twice a second, by a thread and a connection of its own, for its position in
the primary's log of changes (WAL), in bytes. An answer proves it alive for a moment from when it
was asked, so one that goes silent drops out by itself, and no reader has to find out.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import closing
from itertools import count
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import Connection

from newsroom.listening import own_connection
from newsroom.replicas.routing import PRIMARY

logger = logging.getLogger(__name__)

BEAT = 0.5  # seconds
PATIENCE = 1.0  # seconds
MOST_LAG = 10.0  # seconds; a replica that is further behind is not read while there is a primary
SAMPLES = 60  # of the primary's positions: more than so much lag needs
POSITION = """
    SELECT pg_wal_lsn_diff(
        CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
        ELSE pg_current_wal_insert_lsn() END, '0/0')::bigint
"""


class Server:
    """A database server. connect: opens a connection in autocommit mode."""

    def __init__(self, alias: str, connect: Callable[[], Connection[Any]]) -> None:
        self.alias = alias
        self._connect = connect
        self.position = 0  # bytes; it has got at least so far
        self.samples: deque[tuple[float, int]] = deque(maxlen=SAMPLES)  # when asked, and position
        self._answers_until = 0.0
        self._failed_at = 0.0

    @property
    def answers(self) -> bool:
        return time.monotonic() < self._answers_until

    def fail(self) -> None:
        """Take it for down until it answers something that it is asked from now on."""
        self._failed_at = time.monotonic()
        self._answers_until = 0.0

    def watch(self) -> None:
        """Ask it for good, in a thread."""
        name = f"watches-{self.alias}"
        threading.Thread(target=self._keep_asking, name=name, daemon=True).start()

    def _keep_asking(self) -> None:
        told = ""
        while True:
            try:
                with closing(self._connect()) as connection:
                    while True:
                        self._ask(connection)
                        if told:
                            logger.warning("Database %s answers again.", self.alias)
                            told = ""
                        time.sleep(BEAT)
            except psycopg.Error as error:
                self.fail()
                if type(error).__name__ != told:
                    told = type(error).__name__
                    logger.warning("Database %s does not answer (%s).", self.alias, told)
            time.sleep(BEAT)

    def _ask(self, connection: Connection[Any]) -> None:
        at = time.monotonic()
        row = connection.execute(POSITION).fetchone()
        self.position = row[0] or 0 if row else 0
        self.samples.append((at, self.position))
        if at > self._failed_at:
            self._answers_until = at + BEAT + PATIENCE


def known_servers() -> "Servers":
    """Return the primary and the replicas of the settings, nothing known of them yet."""
    return Servers(_server(PRIMARY), [_server(alias) for alias in settings.REPLICAS])


def _server(alias: str) -> Server:
    database = connections[alias].settings_dict
    return Server(alias, lambda: own_connection(database, "newsroom-watch"))


class Servers:
    """The primary and its replicas."""

    def __init__(self, primary: Server, replicas: list[Server]) -> None:
        self.primary = primary
        self.replicas = replicas
        self._turns = count()

    def watch(self) -> None:
        """Begin to watch all of them, for as long as the process lives."""
        for server in (self.primary, *self.replicas):
            server.watch()

    def to_read(self, since: int, *, exactly: bool) -> list[Server]:
        """Return the servers to read from: the first that answers will do.

        since: the position that a replica must have reached, as long as there is a primary.
        exactly: read from the primary, as long as there is one.
        """
        primary = self.primary
        answering = [replica for replica in self.replicas if replica.answers]
        # In need, those that know most are best.
        spare = sorted(answering, key=lambda one: one.position, reverse=True)
        if answering and not primary.answers:
            return [*spare, primary]
        near = []
        if not exactly:
            near = [one for one in answering if one.position >= since and self.lag(one) < MOST_LAG]
        if near:
            turn = next(self._turns) % len(near)
            near = near[turn:] + near[:turn]
        return [*near, primary, *(one for one in spare if one not in near)]

    def lag(self, replica: Server) -> float:
        """Return how many seconds a replica is behind at most; infinite where that is not known."""
        for at, position in reversed(self.primary.samples.copy()):
            if position <= replica.position:
                return time.monotonic() - at
        return float("inf")

    def report(self) -> dict[str, dict[str, Any]]:
        """Return of each replica whether it answers, and the seconds it is behind, if known."""
        report = {}
        for replica in self.replicas:
            lag = self.lag(replica) if replica.answers and self.primary.answers else float("inf")
            seconds = None if lag == float("inf") else round(lag, 1)
            report[replica.alias] = {"answers": replica.answers, "behind": seconds}
        return report
