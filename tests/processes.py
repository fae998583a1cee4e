"""Ending processes that tests have started."""

import contextlib
import subprocess

import psutil


def kill_family(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it has started, at once."""
    with contextlib.suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
        for member in (*family, process):
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
    process.wait(10)
