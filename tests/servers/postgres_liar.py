"""A server that speaks PostgreSQL's protocol (version 3) and says what no server should.

`with liar("login") as port:` asks for the password in plain text and tells it back in the refusal; `"query"` lets in
and tells it back in the answer to the first statement. `version` is what it says to be.
"""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

ENCRYPTION = (80877103, 80877104)
"""The codes of those who ask for TLS or GSSAPI."""
SETTINGS = {"server_encoding": "UTF8", "client_encoding": "UTF8", "standard_conforming_strings": "on"}
READY = b"Z" + struct.pack("!I", 5) + b"I"


def message(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("!I", len(content) + 4) + content


def complaint(severity: str, code: str, text: str) -> bytes:
    """An ErrorResponse."""
    fields = {"S": severity, "V": severity, "C": code, "M": text}
    return message(b"E", b"".join(f"{key}{value}".encode() + b"\0" for key, value in fields.items()) + b"\0")


class Session(socketserver.StreamRequestHandler):
    """One client's session."""

    server: "Liar"

    def handle(self) -> None:
        password = self.let_in()
        if self.server.tells == "login":
            self.wfile.write(complaint("FATAL", "XX000", f"cannot log in with {password} now"))
            return
        settings = {"server_version": self.server.version, **SETTINGS}
        parts = [message(b"S", f"{name}\0{value}\0".encode()) for name, value in settings.items()]
        key = message(b"K", struct.pack("!II", 4711, 0))
        self.wfile.write(message(b"R", struct.pack("!I", 0)) + b"".join(parts) + key + READY)
        while kind := self.rfile.read(1):
            self.rfile.read(struct.unpack("!I", self.rfile.read(4))[0] - 4)
            if kind in b"QS":
                self.wfile.write(complaint("ERROR", "53200", f"no memory left for {password}") + READY)

    def let_in(self) -> str:
        """Asks for the password, and gives it."""
        length, code = struct.unpack("!II", self.rfile.read(8))
        while code in ENCRYPTION:
            self.wfile.write(b"N")
            length, code = struct.unpack("!II", self.rfile.read(8))
        self.rfile.read(length - 8)
        self.wfile.write(message(b"R", struct.pack("!I", 3)))
        _, length = struct.unpack("!cI", self.rfile.read(5))
        return self.rfile.read(length - 4).rstrip(b"\0").decode()


class Liar(socketserver.ThreadingTCPServer):
    """`tells` says when, `version` which PostgreSQL it says to be."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, tells: str, version: str) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.tells, self.version = tells, version

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves in the middle is no matter."""


@contextmanager
def liar(tells: str, version: str = "17.2") -> Iterator[int]:
    """A running one; gives its port."""
    with Liar(tells, version) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
