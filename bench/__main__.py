"""``make bench``: measure all parts, or those that are named, and write docs/performance.md.

    python -m bench [PART ...]

Each part keeps what it found, so that the document holds all of them whichever was measured last. A
part that fails says so and leaves the others alone; the exit status is then 1.
"""

import sys
import time
import traceback
from collections.abc import Callable

from bench import (
    cached,
    cold,
    discussion,
    flood,
    freshness,
    memory,
    million,
    moderation,
    peers,
    phone,
    search,
    wordpress,
    writing,
)  # fmt: skip
from bench.document import write
from bench.machine import NotMeasuredError
from bench.results import Part, keep

PARTS: dict[str, Callable[[], Part]] = {
    "cached": cached.measure,
    "cold": cold.measure,
    "discussion": discussion.measure,
    "writing": writing.measure,
    "freshness": freshness.measure,
    "memory": memory.measure,
    "million": million.measure,
    "search": search.measure,
    "wordpress": wordpress.measure,
    "phone": phone.measure,
    "peers": peers.measure,
    "flood": flood.measure,
    "moderation": moderation.measure,
}


def main(names: list[str]) -> int:
    """Measure the parts; return the exit status."""
    if unknown := set(names) - set(PARTS):
        sys.stderr.write(f"There is no {', '.join(unknown)}. There are: {', '.join(PARTS)}.\n")
        return 2
    failed = {}
    for name in names or PARTS:
        began = time.monotonic()
        sys.stderr.write(f"{name} …\n")
        try:
            keep(name, PARTS[name]())
        except NotMeasuredError as error:
            failed[name] = str(error)
        except (Exception, SystemExit) as error:  # noqa: BLE001 (a part's failure is no other's)
            traceback.print_exc()
            failed[name] = f"{type(error).__name__}: {error}"
        sys.stderr.write(
            f"{name}: {failed.get(name, 'measured')}, {time.monotonic() - began:.0f} s\n"
        )
        write(list(PARTS), failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
