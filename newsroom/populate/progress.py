"""How far a long command is, on a terminal or in a log."""

from typing import TextIO

WIDTH = 30  # characters of the bar
STEP_OF_A_LOG = 25  # percent


class ProgressBar:
    """A bar that is written over where somebody watches; elsewhere a line each quarter."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._is_watched = out, out.isatty()
        self._phase, self._told = "", -1

    def __call__(self, phase: str, share: float) -> None:
        """Show that so much, 0 to 1, of a phase is done."""
        if phase != self._phase:
            self.end()
            self._phase, self._told = phase, 0
        percent = int(share * 100)
        if self._is_watched and percent > self._told:
            full = "█" * (percent * WIDTH // 100)
            self._out.write(f"\r{phase:<10} {full:<{WIDTH}} {percent:>3} %")
            self._told = percent
        elif not self._is_watched and percent // STEP_OF_A_LOG > self._told // STEP_OF_A_LOG:
            self._out.write(f"{phase}: {percent} %\n")
            self._told = percent
        self._out.flush()

    def end(self) -> None:
        """Leave the bar as it is, and begin another line."""
        if self._is_watched and self._phase:
            self._out.write("\n")
            self._out.flush()
