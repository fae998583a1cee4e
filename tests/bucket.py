"""A bucket that speaks as much of S3's language as the site does, on a port of this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files: dict[str, bytes]

    def do_PUT(self) -> None:
        assert "Credential=a-key/" in self.headers["Authorization"]
        self.files[self.key] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def do_GET(self) -> None:
        if not self.key:
            self.answer(200, self.listing().encode())
        elif self.key in self.files:
            self.answer(200, self.files[self.key])
        else:
            self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET  # noqa: N815

    def do_DELETE(self) -> None:
        self.files.pop(self.key, None)
        self.answer(204)

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/pictures").removeprefix("/")

    def listing(self) -> str:
        start = parse_qs(urlsplit(self.path).query).get("prefix", [""])[0]
        rest = [name.removeprefix(start) for name in sorted(self.files) if name.startswith(start)]
        folders = {name.partition("/")[0] for name in rest if "/" in name}
        files = [name for name in rest if "/" not in name]
        keys = "".join(
            f"<Contents><Key>{escape(start + name)}</Key><Size>1</Size></Contents>"
            for name in files
        )
        prefixes = "".join(
            f"<CommonPrefixes><Prefix>{escape(f'{start}{name}/')}</Prefix></CommonPrefixes>"
            for name in sorted(folders)
        )
        return f"<ListBucketResult>{keys}{prefixes}</ListBucketResult>"

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", formatdate(usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def bucket() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Serve a bucket named ``pictures``; yield its address and its files by name."""
    files: dict[str, bytes] = {}
    handler = type("OwnHandler", (Handler,), {"files": files})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", files
    finally:
        server.shutdown()
        server.server_close()
