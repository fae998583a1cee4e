"""nginx serving the same bytes from files: what nothing that thinks can be faster than."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import get
from bench.machine import SERVER_CORE, on_core, program
from tests.own_site import free_port

CONFIGURATION = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  default_type "text/html; charset=utf-8";
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  open_file_cache max=100;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/root;
    location = /page.html {{ gzip_static on; }}
    location = /page.br {{ add_header Content-Encoding br; }}
  }}
}}
"""


@contextmanager
def nginx(folder: Path, *, page: bytes, gzipped: bytes, brotli: bytes) -> Iterator[str]:
    """Serve a page as ``/page.html`` (gzip_static) and, as Brotli, ``/page.br``; yield the address.

    Debian's nginx has no module for Brotli; a plain file with that header is no more work.
    """
    root = folder / "root"
    root.mkdir()
    (root / "page.html").write_bytes(page)
    (root / "page.html.gz").write_bytes(gzipped)
    (root / "page.br").write_bytes(brotli)
    for part in (folder, root, *root.iterdir()):
        part.chmod(0o755)
    port = free_port()
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port))
    command = [program("nginx", "nginx-light"), "-p", str(folder), "-c", f"{folder}/nginx.conf"]
    process = subprocess.Popen(on_core(SERVER_CORE, command))
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(100):
            try:
                get(f"{address}/page.html")
                break
            except OSError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait()
