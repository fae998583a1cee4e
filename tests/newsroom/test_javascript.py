"""One file out of many modules: each once, in order, each with a scope of its own."""

import json
from pathlib import Path

import pytest

from newsroom.javascript import bundle

SOURCES = Path(__file__).resolve().parents[2] / "static"


def made(**modules: str) -> str:
    return bundle("js/site.js", lambda path: modules[Path(path).stem.replace("-", "_")])


def test_modules_come_once_after_what_they_import() -> None:
    text = made(
        site='import "./a.js";\nimport { tell as say } from "./b-b.js";\nsay(1);',
        a='import { tell } from "./b-b.js";\nconst x = tell(0);',
        b_b="const x = [];\nexport function tell(n) { x.push(n); }\nexport const other = 2;",
    )
    assert text.count("x.push") == 1
    assert text.index("x.push") < text.index("tell(0)") < text.index("say(1)")
    assert "const { tell: say } = m0;" in text
    assert "return { tell, other };" in text
    assert "import " not in text
    assert "export " not in text


def test_what_is_imported_by_a_call_stays_outside() -> None:
    assert 'import("./later.js")' in made(site='const m = await import("./later.js");')


@pytest.mark.parametrize(
    "source",
    ['import x from "./a.js";', 'import * as a from "./a.js";', "export default 1;",
     "export { a };", 'import { a } from "elsewhere";'],
)  # fmt: skip
def test_form_that_is_not_known_is_no_silent_loss(source: str) -> None:
    with pytest.raises(ValueError, match="not known"):
        made(site=source, a="")


def test_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="imports itself"):
        made(site='import "./a.js";', a='import "./site.js";')


def test_our_own_modules_can_be_put_together() -> None:
    text = bundle("js/site.js", lambda path: (SOURCES / path).read_text())
    for module in ("comment-votes", "personal", "relative-time"):
        line = (SOURCES / f"js/{module}.js").read_text().splitlines()[-1]
        assert json.dumps(line)[1:-1] in json.dumps(text)
