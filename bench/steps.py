"""Where the time of a page goes, step by step, by clocks put around the steps in one process."""

import json

from bench.machine import SERVER_CORE, pin_family
from bench.site import Site

RUNS = 60
# Runs inside the project. A step's clock stands still while a step within it runs, so that the
# steps add up to the whole.
CODE = """
import functools, io, json, os, statistics, time
from collections import defaultdict
os.sched_setaffinity(0, {{{core}}})
from newsroom.wsgi import application
from comments.drawing import Drawing
from django.core.handlers import base
from django.db.backends import utils
from django.db.models import query
from django.db.models.sql import compiler
from django.template.base import Template
from django.urls import resolvers
from pagecache import answers

spent, calls, running = defaultdict(float), defaultdict(int), []

def enter(step):
    now = time.perf_counter()
    if running:
        spent[running[-1][0]] += now - running[-1][1]
    running.append([step, now])
    calls[step] += 1

def leave():
    now = time.perf_counter()
    step, since = running.pop()
    spent[step] += now - since
    if running:
        running[-1][1] = now

def timed(owner, name, step):
    work = getattr(owner, name)
    @functools.wraps(work)
    def wrapped(*args, **kwargs):
        enter(step(args) if callable(step) else step)
        try:
            return work(*args, **kwargs)
        finally:
            leave()
    setattr(owner, name, wrapped)

def ask():
    begun = []
    environ = {{
        "REQUEST_METHOD": "GET", "PATH_INFO": {path!r}, "QUERY_STRING": "", "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "{port}", "HTTP_HOST": "127.0.0.1:{port}",
        "HTTP_ACCEPT_ENCODING": "gzip", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(), "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
    }}
    body = b"".join(application(environ, lambda status, headers: begun.append(status)))
    assert begun[0].startswith("200") and len(body) > 2000, (begun, len(body))

def median_of_runs():
    times = []
    for _ in range({runs}):
        start = time.perf_counter()
        ask()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)

for _ in range(10):
    ask()
plain = median_of_runs()

view = base.BaseHandler.make_view_atomic
def timed_view(self, found):
    work = view(self, found)
    def wrapped(*args, **kwargs):
        enter("the view's own work")
        try:
            return work(*args, **kwargs)
        finally:
            leave()
    return wrapped
base.BaseHandler.make_view_atomic = timed_view
timed(base.BaseHandler, "get_response", "middleware")
timed(utils.CursorWrapper, "execute", "queries: PostgreSQL and its driver")
timed(compiler.SQLCompiler, "as_sql", "queries: SQL built from querysets")
timed(query.QuerySet, "_fetch_all", "queries: objects made from rows")
timed(Template, "render", lambda args: "template " + (args[0].name or "(of a string)"))
for part in ("comment", "lines", "threads", "vote"):
    timed(Drawing, part, "comments drawn by Jinja")
timed(resolvers.URLResolver, "_reverse_with_prefix", "addresses made from names")
for name in answers.ENCODERS:
    timed_encoder = answers.ENCODERS[name]
    def encode(body, work=timed_encoder):
        enter("compression")
        try:
            return work(body)
        finally:
            leave()
    answers.ENCODERS[name] = encode
spent.clear(); calls.clear()
enter("the page cache's code, and ours around it")
clocked = median_of_runs()
leave()
total = sum(spent.values())
rows = [[step, 1000 * time_ / {runs}, calls[step] / {runs}, time_ / total]
        for step, time_ in sorted(spent.items(), key=lambda pair: -pair[1])]
print("answer", json.dumps([plain, clocked, rows]))
"""


def measure(made: Site, path: str) -> str:
    """Return what each step of a page costs, as Markdown."""
    number = int((made.folder / "postgres" / "postmaster.pid").read_text().split()[0])
    pin_family(number, SERVER_CORE)
    code = CODE.format(core=SERVER_CORE, path=path, port=made.port, runs=RUNS)
    plain, clocked, rows = json.loads(made.run(code))
    small = [row for row in rows if row[3] < 0.005]
    shown = [row for row in rows if row not in small]
    shown.append(
        [f"{len(small)} smaller steps", sum(r[1] for r in small), sum(r[2] for r in small),
         sum(r[3] for r in small)]
    )  # fmt: skip
    table = "\n".join(
        f"| {step} | {calls:.0f} | {time:.2f} | {share:.0%} | {share * plain:.2f} |"
        for step, time, calls, share in shown
    )
    return f"""Each step of the page with the largest discussion, called in one process without the
server: {plain:.1f} ms (median), {clocked:.1f} ms with the clocks that measure the steps, which cost
something themselves. A step's time is without that of the steps within it; the last column is its
share of the time without the clocks.

| step | times | ms, with clocks | share | ms |
| --- | --- | --- | --- | --- |
{table}
"""
