"""An export that another process reads, so that this one is left to fill the database."""

import multiprocessing
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path

from django.apps import apps
from django.utils.module_loading import import_string

from articles.wordpress.read_ahead import ReadAhead
from articles.wordpress.wxr import BadExport, Item, Record, Thing, read_export

LARGE = 20_000_000  # bytes: from here on a process is worth its start
AT_ONCE = 100_000  # characters that are sent together
AHEAD = 1_500_000  # characters that are read and not taken yet
# Portable, and sure not to share a connection to the database.
_PROCESSES = multiprocessing.get_context("spawn")

# Is given an item, to make of its comments' texts what can be made without models.
type ReadComments = Callable[[Item], None]
type Told = tuple[Thing, float]


class ReadingEnded(Exception):  # noqa: N818 (what has happened, like the built-in StopIteration)
    """The process that reads has died."""


@contextmanager
def read_apart(path: Path, read_comments: ReadComments) -> Iterator[Iterable[Told]]:
    """Give what ``read_export`` yields, each with the share of the file (0 to 1).

    read_comments: a function of a module that needs no models; it is called where another process
    reads, for items that may become articles. While things are taken BadExport and ReadingEnded
    are raised.
    """
    if not _is_large(path):
        yield _read(path)
        return
    receiver, sender = _PROCESSES.Pipe(duplex=False)
    name = f"{read_comments.__module__}.{read_comments.__qualname__}"
    process = _PROCESSES.Process(target=_send, args=(sender, path, name, AT_ONCE), daemon=True)
    process.start()
    sender.close()  # so that its end is heard
    with receiver, ReadAhead(_received(receiver), size_of=_size_of, most=AHEAD) as ahead:
        try:
            yield ahead
        finally:
            process.kill()  # whatever it does: a thread waits for its word
            process.join()


def _is_large(path: Path) -> bool:
    with suppress(OSError):  # as who reads it will say
        return path.stat().st_size >= LARGE
    return False


def _size_of(told: Told) -> int:
    thing = told[0]
    if isinstance(thing, Item):
        return thing.size
    return len(thing.text) if isinstance(thing, Record) else 1_000


def _read(path: Path) -> Generator[Told]:
    share = 0.0

    def note(read: float) -> None:
        nonlocal share
        share = read

    for thing in read_export(path, note):
        yield thing, share


def _received(receiver: Connection) -> Generator[Told]:
    while True:
        try:
            told = receiver.recv()
        except (EOFError, OSError) as error:
            raise ReadingEnded from error
        if isinstance(told, BadExport):
            raise told
        if not told:
            return
        yield from told


def _send(sender: Connection, path: Path, name: str, at_once: int) -> None:
    """Send things, many at once, and nothing at the end; or why the export cannot be read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process hears it, and ends this one
    # None of the apps: with their models they would take as much memory again as all else here.
    # Translations ask for those that are there.
    apps.populate(())
    read_comments: ReadComments = import_string(name)
    with suppress(BrokenPipeError):  # nobody imports any more
        try:
            for told in _bundled(path, read_comments, at_once):
                sender.send(told)
            sender.send([])
        except BadExport as error:
            sender.send(error)


def _bundled(path: Path, read_comments: ReadComments, at_once: int) -> Iterator[list[Told]]:
    bundle: list[Told] = []
    size = 0
    for told in _read(path):
        thing = told[0]
        if isinstance(thing, Item) and thing.may_be_article:
            read_comments(thing)
        bundle.append(told)
        size += _size_of(told)
        if size >= at_once:
            yield bundle
            bundle, size = [], 0
    if bundle:
        yield bundle
