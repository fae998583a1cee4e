"""``make demo`` as its user meets it: real processes, bundled pages, no leftovers."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser.conftest import DESK, PHONE

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("demo")]
PROJECT = Path(__file__).resolve().parent.parent.parent
WEIGHT = 100 * 1024  # bytes of a text article with 50 comments, all that is fetched


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(data: Path, port: int) -> subprocess.Popen[str]:
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith(("NEWSROOM", "DATABASE"))
    }
    environment.pop("EMAIL_URL", None)
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo"],
        cwd=PROJECT,
        env={**environment, "NEWSROOM_DATA": str(data), "PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[str], start_of_line: str) -> list[str]:
    """Return what it printed up to a line; fail with all of it when it ends before."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith(start_of_line):
            return lines
    pytest.fail("\n".join(lines))


@dataclass
class Demo:
    process: subprocess.Popen[str]
    url: str
    printed: list[str]
    data: Path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data = tmp_path_factory.mktemp("demo") / "with a space"
    for parent in data.parents:  # as root the database runs as another account
        if parent.stat().st_uid == os.geteuid() and parent != Path("/"):
            parent.chmod(parent.stat().st_mode | 0o011)
    port = free_port()
    process = start(data, port)
    printed = wait_for(process, "Ctrl-C stops")
    yield Demo(process, f"http://127.0.0.1:{port}/", printed, data)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)  # reads to the end, and closes the pipe


def test_it_says_where_and_who(demo: Demo) -> None:
    text = "\n".join(demo.printed)
    assert f"ready: {demo.url}" in demo.printed
    for name in ("editor", "moderator", "reader"):
        assert f"{name}@example.org" in text
    assert "demo" in text


def test_log_in_of_the_demo_works(demo: Demo, browser: Browser) -> None:
    page = browser.new_page(base_url=demo.url)
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("editor@example.org")
    page.get_by_label("Password").fill("demo")
    page.get_by_role("main").get_by_role("button").first.click()
    page.wait_for_url(demo.url)
    page.locator("[data-personal-staff]").wait_for(state="visible")
    page.close()


def test_article_with_fifty_comments_is_light(demo: Demo, browser: Browser) -> None:
    """Counts what came over the wire, pictures of the report aside: they are the report's own."""
    page = browser.new_page(base_url=demo.url, viewport=PHONE)
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    sizes: dict[str, float] = {}
    kinds: dict[str, str] = {}
    client.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    client.on(
        "Network.loadingFinished",
        lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}),
    )
    page.goto("/articles/ferry-line-returns/", wait_until="networkidle")
    total = sum(size for key, size in sizes.items() if kinds.get(key) != "Image")
    scripts = sum(size for key, size in sizes.items() if kinds.get(key) == "Script")
    blocking = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name)"
    )
    shift = page.evaluate(
        "new Promise(done => { let sum = 0; new PerformanceObserver(list => {"
        "for (const e of list.getEntries()) sum += e.value; })"
        ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 500); })"
    )
    page.close()
    assert len(blocking) <= 2, blocking
    assert scripts < 30 * 1024
    assert total < WEIGHT
    assert shift < 0.02


@pytest.mark.parametrize(
    ("name", "address", "options"),
    [
        ("front", "/", {"viewport": DESK}),
        ("article", "/articles/ferry-line-returns/", {"viewport": DESK}),
        (
            "discussion",
            "/articles/ferry-line-returns/#comment-list",
            {"viewport": PHONE, "color_scheme": "dark", "device_scale_factor": 2},
        ),
    ],
)
def test_pictures_of_the_readme(
    demo: Demo, browser: Browser, tmp_path: Path, name: str, address: str, options: dict[str, Any]
) -> None:
    """Takes the README's pictures; with ``UPDATE_PICTURES=1`` it puts them into docs/."""
    page = browser.new_page(base_url=demo.url, **options)
    page.goto(address, wait_until="networkidle")
    folder = PROJECT / "docs" if os.environ.get("UPDATE_PICTURES") == "1" else tmp_path
    picture = folder / f"{name}.jpg"
    page.screenshot(path=picture, type="jpeg", quality=82)
    page.close()
    with Image.open(picture) as taken:
        colours = taken.resize((64, 64)).getcolors(4096)
    assert colours is not None
    assert len(colours) > 50  # a page, not a blank
    assert (PROJECT / "docs" / f"{name}.jpg").exists()


def test_second_demo_on_the_same_port_is_told_so(demo: Demo) -> None:
    second = start(demo.data, int(demo.url.rstrip("/").rpartition(":")[2]))
    output, _errors = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "is taken by another program" in output
    assert "Traceback" not in output


@pytest.mark.parametrize("port", ["0", "70000", "eighty"])
def test_port_that_is_none_is_told_so(tmp_path: Path, port: str) -> None:
    process = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=PROJECT, env={**os.environ, "PORT": port}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 1
    assert "PORT is" in process.stderr


def test_ctrl_c_stops_everything_and_it_starts_again(demo: Demo) -> None:
    children = psutil.Process(demo.process.pid).children(recursive=True)
    postmaster = int((demo.data / "postgres" / "postmaster.pid").read_text().split()[0])
    assert len(children) >= 3
    if psutil.pid_exists(postmaster):
        children.append(psutil.Process(postmaster))
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(60) == 0
    _gone, alive = psutil.wait_procs(children, timeout=30)
    assert [p for p in alive if p.status() != psutil.STATUS_ZOMBIE] == []
    again = start(demo.data, free_port())
    wait_for(again, "Ctrl-C stops")
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=60)
