"""A web server on loopback with every fault that links meet; the path says which.

`asked` holds `(method, host, path, user agent)` in their order; `busiest` the most naps at once.
After `closes_after` requests (0: never) it answers nobody any more.
"""

import socket
import socketserver
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote

PATIENCE = 15.0
"""Seconds after which endless answers end all the same."""


@dataclass
class WebServer:
    """Serves http, or https with a context."""

    tls: ssl.SSLContext | None = None
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    closes_after: int = 0
    busiest: int = 0
    open: int = 0
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator["WebServer"]:
        handler = type("Visitors", (Visitor,), {"web": self})
        with Tcp(("127.0.0.1", 0), handler) as server:
            self.port = server.server_address[1]
            thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            try:
                yield self
            finally:
                self.over.set()
                server.shutdown()
                thread.join(60)

    def visits(self, path: str) -> list[str]:
        """The methods that a path was asked with, in their order."""
        return [method for method, _, asked, _ in self.asked if asked == path]

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self.lock:
            self.open += 1
            self.busiest = max(self.busiest, self.open)
        try:
            yield
        finally:
            with self.lock:
                self.open -= 1


class Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64


class Visitor(socketserver.BaseRequestHandler):
    """One connection."""

    web: WebServer

    def handle(self) -> None:
        self.stream = self.request
        with suppress(OSError):
            if self.web.tls:
                self.stream = self.web.tls.wrap_socket(self.request, server_side=True)
            while self.serve():
                pass

    def finish(self) -> None:
        with suppress(OSError):
            self.stream.close()

    def serve(self) -> bool:
        """One request; False when the connection is to end."""
        head = self.read_head()
        if not head:
            return False
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        with self.web.lock:
            self.web.asked.append((method, headers.get("host", ""), path, headers.get("user-agent", "")))
            self.web.times.append(time.monotonic())
        if 0 < self.web.closes_after < len(self.web.asked):
            return False
        return self.answer(method, path)

    def read_head(self) -> bytes:
        data = b""
        while not data.endswith(b"\r\n\r\n"):
            piece = self.stream.recv(1)
            if not piece:
                return b""
            data += piece
        return data[:-4]

    def answer(self, method: str, path: str) -> bool:
        name, _, rest = path.partition("?")[0].lstrip("/").partition("/")
        fault: Callable[..., bool] | None = getattr(self, f"on_{name.replace('-', '_')}", None)
        return fault(method, unquote(rest)) if fault else self.say(method, int(name) if name.isdigit() else 200)

    def say(self, method: str, status: int, *lines: str, body: bytes = b"hello") -> bool:
        head = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *lines]
        self.stream.sendall("\r\n".join([*head, "", ""]).encode() + (b"" if method == "HEAD" else body))
        return True

    def on_text(self, method: str, rest: str) -> bool:
        """`/text/WORDS/healthz`: a page that says these words."""
        return self.say(method, 200, body=rest.removesuffix("/healthz").encode())

    def on_down(self, method: str, rest: str) -> bool:
        """`/down/TIMES/PATH`: so many times 503, then a redirect to the path."""
        times, _, path = rest.partition("/")
        down = len(self.web.asked) <= int(times)
        return self.say(method, 503) if down else self.say(method, 307, f"Location: /{path}")

    def on_to(self, method: str, rest: str) -> bool:
        """`/to/301/URL`: a redirect."""
        status, _, location = rest.partition("/")
        return self.say(method, int(status), f"Location: {location}")

    def on_circle(self, method: str, rest: str) -> bool:
        """Two pages, each of which sends on to the other."""
        return self.say(method, 301, f"Location: /circle{'' if rest else '/on'}")

    def on_cookie(self, method: str, rest: str) -> bool:
        """A redirect to itself that hands out a cookie."""
        return self.say(method, 302, "Location: /cookie", "Set-Cookie: seen=1")

    def on_deep(self, method: str, rest: str) -> bool:
        """`/deep/N`: N redirects until a page."""
        left = int(rest)
        return self.say(method, 302, f"Location: /deep/{left - 1}") if left else self.say(method, 200)

    def on_get_only(self, method: str, rest: str) -> bool:
        """`/get-only/404`: HEAD is answered so, GET with the page."""
        return self.say(method, int(rest) if method == "HEAD" else 200)

    def on_busy(self, method: str, rest: str) -> bool:
        """`/busy/SECONDS/TIMES`: so many times 429 with Retry-After, then the page."""
        seconds, times = rest.split("/")
        busy = len(self.web.visits(f"/busy/{rest}")) <= int(times)
        return self.say(method, 429, f"Retry-After: {seconds}") if busy else self.say(method, 200)

    def on_nap(self, method: str, rest: str) -> bool:
        """An answer that takes a moment."""
        with self.web.counted():  # not while it is answered: who has an answer may ask again before we are through
            time.sleep(0.1)
        return self.say(method, 200)

    def on_silent(self, method: str, rest: str) -> bool:
        """No answer at all."""
        self.web.over.wait(PATIENCE)
        return False

    def on_drip(self, method: str, rest: str) -> bool:
        """Headers without an end, a byte at a time."""
        return self.pour(b"HTTP/1.1 200 OK\r\n", b"a", 0.02)

    def on_headers(self, method: str, rest: str) -> bool:
        """Headers without an end, as fast as they go."""
        return self.pour(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"a" * 8000 + b"\r\n", 0)

    def on_wait_for_it(self, method: str, rest: str) -> bool:
        """Answers that say there will be one."""
        return self.pour(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", 0.01)

    def on_endless(self, method: str, rest: str) -> bool:
        """A page without an end; to HEAD 405."""
        if method == "HEAD":
            return self.say(method, 405)
        return self.pour(b"HTTP/1.1 200 OK\r\n\r\n", b"a" * 65536, 0)

    def on_bomb(self, method: str, rest: str) -> bool:
        """A small body that unpacks to a gigabyte; to HEAD 405."""
        if method == "HEAD":
            return self.say(method, 405)
        packer = zlib.compressobj(9, wbits=31)
        piece = packer.compress(bytes(1 << 20))
        return self.pour(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", piece or b"\0" * 1024, 0)

    def pour(self, head: bytes, piece: bytes, pause: float) -> bool:
        """Sends without an end."""
        self.stream.sendall(head)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not self.web.over.is_set():
            self.stream.sendall(piece)
            time.sleep(pause)
        return False

    def on_garbage(self, method: str, rest: str) -> bool:
        self.stream.sendall(b"\x00\xff220 mail.example ESMTP\r\n\r\n")
        return False

    def on_close(self, method: str, rest: str) -> bool:
        return False

    def on_reset(self, method: str, rest: str) -> bool:
        """The connection is torn down."""
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def on_reset_once(self, method: str, rest: str) -> bool:
        """Torn down for HEAD, answered for GET."""
        return self.on_reset(method, rest) if method == "HEAD" else self.say(method, 200)

    def on_raw_location(self, method: str, rest: str) -> bool:
        """A redirect whose address holds bytes that no address should."""
        self.stream.sendall(b"HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: /\xc3\xbc?\xff\x1b[31m\r\n\r\n")
        return True
