"""An export that another process reads, so that this one is left to fill the database."""

import multiprocessing
from collections.abc import Callable, Generator
from itertools import batched
from multiprocessing.connection import Connection
from pathlib import Path

import django
from django.utils.module_loading import import_string

from articles.wordpress.wxr import BadExport, Item, Thing, read_export

LARGE = 20_000_000  # bytes: from here on a process is worth its start
AT_ONCE = 20  # things that are sent together
# Portable, and sure not to share a connection to the database.
_PROCESSES = multiprocessing.get_context("spawn")

# Is given an item, to make of its comments' texts what can be made without the database.
type ReadComments = Callable[[Item], None]
type Told = tuple[Thing, float]


def read_with_comments(path: Path, read_comments: ReadComments) -> Generator[Told]:
    """Yield what ``read_export`` does, comments read, each with the share of the file (0 to 1).

    read_comments: a function of a module. Raises BadExport, and EOFError where a process that
    reads a large export is killed.
    """
    if path.stat().st_size < LARGE:
        yield from _read(path, read_comments)
        return
    receiver, sender = _PROCESSES.Pipe(duplex=False)
    name = f"{read_comments.__module__}.{read_comments.__qualname__}"
    process = _PROCESSES.Process(target=_send, args=(sender, path, name), daemon=True)
    process.start()
    sender.close()  # so that its end is heard
    try:
        while told := receiver.recv():
            if isinstance(told, BadExport):
                raise told
            yield from told
    finally:
        receiver.close()
        process.terminate()
        process.join()


def _read(path: Path, read_comments: ReadComments) -> Generator[Told]:
    share = 0.0

    def note(read: float) -> None:
        nonlocal share
        share = read

    for thing in read_export(path, note):
        if isinstance(thing, Item):
            read_comments(thing)
        yield thing, share


def _send(sender: Connection, path: Path, name: str) -> None:
    """Send things, many at once, and nothing at the end; or why the export cannot be read."""
    django.setup()  # what the name leads to needs it
    try:
        for told in batched(_read(path, import_string(name)), AT_ONCE, strict=False):
            sender.send(told)
        sender.send(())
    except BadExport as error:
        sender.send(error)
    except BrokenPipeError:
        pass  # nobody imports any more
