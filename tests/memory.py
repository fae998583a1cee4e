"""How much memory a command takes."""

import subprocess
import time
from contextlib import suppress

import psutil

PAUSE = 0.05  # seconds between two looks


def peak_of(process: subprocess.Popen[str], seconds: float) -> int:
    """Wait for a process to end; return what it and its children took at most together, in bytes.

    What they share counts for each of them. After so many seconds it is killed.
    """
    peak, deadline = 0, time.monotonic() + seconds
    while process.poll() is None:
        if time.monotonic() > deadline:
            process.kill()
        with suppress(psutil.NoSuchProcess):
            watched = psutil.Process(process.pid)
            peak = max(peak, sum(map(_resident, [watched, *watched.children(recursive=True)])))
        time.sleep(PAUSE)
    return peak


def _resident(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        return int(process.memory_info().rss)
    return 0
