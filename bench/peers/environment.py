"""A throwaway virtual environment with somebody else's software in it."""

import shutil
import subprocess
import sys
from pathlib import Path

from bench.machine import PROJECT, NotMeasuredError


def installed(folder: Path, *packages: str) -> Path:
    """Return the Python of a new environment that has the packages.

    Raises NotMeasuredError where they cannot be had, without a network for instance.
    """
    uv = shutil.which("uv") or PROJECT / ".uv" / "bin" / "uv"
    environment = folder / "venv"
    python = environment / "bin" / "python"
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, environment],
        [uv, "pip", "install", "--quiet", "--python", python, *packages],
    ):
        try:
            subprocess.run(command, check=True, timeout=300, capture_output=True)
        except (OSError, subprocess.SubprocessError) as error:
            raise NotMeasuredError(f"{packages[0]} could not be installed") from error
    return python
