"""Our small modules in one file, as they travel to readers.

Each file on its own costs a request with its headers, and compresses badly. The sources stay what
browsers run as they are; this knows just the forms of import and export that they use.
"""

import re
from collections.abc import Callable
from pathlib import PurePosixPath

IMPORT = re.compile(
    r'^import (?:\{(?P<names>[^}]*)\} from )?"\./(?P<path>[\w-]+\.js)";$', re.MULTILINE
)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|class) (?P<name>\w+))", re.MULTILINE)
LEFT = re.compile(r"^(?:import|export)\b(?!\()", re.MULTILINE)


def bundle(entry: str, read: Callable[[str], str]) -> str:
    """Return the module entry and all that it imports as one module.

    Each keeps a scope of its own, and runs once, after those it imports. What is imported by a call
    (``import("./x.js")``) stays outside. Raises ValueError for imports in a circle and for forms
    this does not know.
    """
    parts: list[str] = []
    done: dict[str, str] = {}  # path: the name of what it exports

    def add(path: str, above: tuple[str, ...]) -> None:
        if path in done:
            return
        if path in above:
            raise ValueError(f"{path} imports itself by way of others.")
        source = read(path)
        folder = PurePosixPath(path).parent
        for match in IMPORT.finditer(source):
            add(str(folder / match["path"]), (*above, path))

        def imported(match: re.Match[str]) -> str:
            if match["names"] is None:
                return ""
            names = re.sub(r"(\w+) as (\w+)", r"\1: \2", match["names"])
            return f"const {{{names}}} = {done[str(folder / match['path'])]};"

        names = [match["name"] for match in EXPORT.finditer(source)]
        text = EXPORT.sub("", IMPORT.sub(imported, source))
        if LEFT.search(text):
            raise ValueError(f"{path} imports or exports in a way that is not known here.")
        done[path] = f"m{len(done)}"
        parts.append(
            f"const {done[path]} = (() => {{\n{text}\nreturn {{ {', '.join(names)} }};\n}})();"
        )

    add(entry, ())
    return "\n".join(parts)
