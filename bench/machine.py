"""The machine: its cores, what runs on which, and the programs that a part needs."""

import os
import shutil
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parent.parent
KEPT = PROJECT / "var" / "bench"
SERVER_CORE, CLIENT_CORE = 0, 1


class NotMeasuredError(Exception):
    """A part cannot be measured here; the text says why."""


def shape() -> str:
    """Return cores and memory, which is what figures depend on most."""
    return f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB of memory"


def program(name: str, package: str) -> str:
    """Return the path of a program. Raises NotMeasuredError, which names Debian's package."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise NotMeasuredError(f"{name} is missing (Debian: apt install {package})")
    return found


def on_core(core: int, command: list[str]) -> list[str]:
    """Return the command so that it and its children keep to one core, where there are two."""
    if (os.cpu_count() or 1) < 2:
        return command
    return [program("taskset", "util-linux"), "-c", str(core), *command]


def pin_family(number: int, core: int) -> None:
    """Keep a process that runs, and its children, to one core, where the system can."""
    if not hasattr(os, "sched_setaffinity") or (os.cpu_count() or 1) < 2:
        return
    process = psutil.Process(number)
    for member in (process, *process.children(recursive=True)):
        os.sched_setaffinity(member.pid, {core})
