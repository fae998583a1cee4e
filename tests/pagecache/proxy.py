"""A way to Postgres that can go silent: everything stays open, and nothing comes through."""

import selectors
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Proxy:
    """Passes bytes between a TCP port and Postgres's socket, as long as it is not silent."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.is_silent = False
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.is_stopped = False

    def run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self.listening, selectors.EVENT_READ)
            ends: dict[socket.socket, socket.socket] = {}
            while not self.is_stopped:
                for key, _events in selector.select(0.02):
                    if self.is_silent:
                        time.sleep(0.02)  # what waits to be passed on is there all the time
                        break
                    end = key.fileobj
                    assert isinstance(end, socket.socket)
                    if end is self.listening:
                        near, _address = end.accept()
                        far = socket.socket(socket.AF_UNIX)
                        far.connect(str(self.target))
                        ends |= {near: far, far: near}
                        selector.register(near, selectors.EVENT_READ)
                        selector.register(far, selectors.EVENT_READ)
                        continue
                    if end not in ends:
                        continue  # its other end has closed a moment ago
                    data = end.recv(65536)
                    if data:
                        ends[end].sendall(data)
                        continue
                    for one in (end, ends.pop(end)):
                        selector.unregister(one)
                        ends.pop(one, None)
                        one.close()
            for one in ends:
                one.close()


@contextmanager
def proxy_to(target: Path) -> Iterator[Proxy]:
    proxy = Proxy(target)
    proxy.thread.start()
    try:
        yield proxy
    finally:
        proxy.is_stopped = True
        proxy.thread.join(5)
        proxy.listening.close()
