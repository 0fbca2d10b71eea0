"""What stands before `serve` on the internet: TLS, and word of it to who is behind.

One request a connection; `X-Forwarded-Proto: https` is put below the first line.
"""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socket import create_connection
from urllib.parse import urlsplit


class Front(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True


@contextmanager
def front(context: ssl.SSLContext, to: str) -> Iterator[int]:
    """Serves on a free port of loopback and asks the server at the address `to`; gives the port."""
    parts = urlsplit(to)

    class Visitor(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError), context.wrap_socket(self.request, server_side=True) as stream:
                head = b""
                while b"\r\n\r\n" not in head and (piece := stream.recv(65536)):
                    head += piece
                first, _, rest = head.partition(b"\r\n")
                headers, _, body = rest.partition(b"\r\n\r\n")
                wanted = next(
                    (int(one.partition(b":")[2]) for one in headers.split(b"\r\n")
                     if one.lower().startswith(b"content-length:")), 0
                )  # fmt: skip
                while len(body) < wanted and (piece := stream.recv(65536)):
                    body += piece
                with create_connection((parts.hostname or "", parts.port or 80), 10) as inner:
                    inner.sendall(b"\r\n".join(
                        [first, b"X-Forwarded-Proto: https", b"Connection: close", headers, b"", body]
                    ))  # fmt: skip
                    while piece := inner.recv(65536):
                        stream.sendall(piece)

    with Front(("127.0.0.1", 0), Visitor) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join(60)
