"""A server on loopback that answers with bytes that no proper server sends: cut, dripped, packed, endless."""

import contextlib
import gzip
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<html><body>" + b"x" * 500 + b"</body></html>"


def cut(handler: BaseHTTPRequestHandler) -> None:
    """Fewer bytes than announced."""
    head(handler, ("Content-Length", "5000"))
    handler.wfile.write(PAGE)


def cut_chunk(handler: BaseHTTPRequestHandler) -> None:
    """A chunk that ends early."""
    head(handler, ("Transfer-Encoding", "chunked"))
    handler.wfile.write(b"400\r\n" + PAGE)


def no_length(handler: BaseHTTPRequestHandler) -> None:
    """No length at all, and half of what there is: nothing on the line tells."""
    head(handler)
    handler.wfile.write(PAGE[:300])


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, so that no single read takes too long."""
    head(handler, ("Content-Length", "500"))
    with contextlib.suppress(OSError):
        for _ in range(500):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)


def drip_heads(handler: BaseHTTPRequestHandler) -> None:
    """Heads without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    with contextlib.suppress(OSError):
        for _ in range(500):
            handler.wfile.write(b"X-A: b\r\n")
            handler.wfile.flush()
            time.sleep(0.05)


def bomb(handler: BaseHTTPRequestHandler) -> None:
    """Few bytes that unpack to many."""
    packed = gzip.compress(b"<" + b"0" * 50_000_000)
    head(handler, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed))))
    handler.wfile.write(packed)


def cut_gzip(handler: BaseHTTPRequestHandler) -> None:
    """Packed, and the end is missing, though the length is right."""
    packed = gzip.compress(PAGE)[:-12]
    head(handler, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed))))
    handler.wfile.write(packed)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A page that never ends."""
    head(handler)
    with contextlib.suppress(OSError):
        for _ in range(2000):
            handler.wfile.write(b"<p>0123456789</p>" * 8000)


def head(handler: BaseHTTPRequestHandler, *more: tuple[str, str], status: int = 200, kind: str = "text/html") -> None:
    """The head of an answer."""
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    for name, value in more:
        handler.send_header(name, value)
    handler.send_header("Connection", "close")
    handler.end_headers()


@contextlib.contextmanager
def serving(*answers: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, list[str]]]:
    """A server that gives the answers in turn, the last one again and again; its address, and what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            number = min(len(asked), len(answers) - 1)
            asked.append(f"{self.path} {dict(self.headers)}")
            self.close_connection = True
            answers[number](self)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
