"""An IMAP server that misbehaves in one way, and writes down what it hears."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

GREETING = b"* OK ready\r\n"
CAPABILITY = b"* CAPABILITY IMAP4rev1\r\n"


class Liar:
    """`silent` says nothing, `garbage` talks nonsense, `huge` answers with a literal of a gigabyte, `bye` hangs up
    after the login, `no-starttls` knows no STARTTLS, `endless` sends a line without an end."""

    def __init__(self, lie: str) -> None:
        self.lie = lie
        self.heard = b""

    @contextmanager
    def running(self) -> Iterator[int]:
        """Serves one connection on the port that it gives."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=self._serve, args=(listener,), daemon=True)
            thread.start()
            yield listener.getsockname()[1]
        thread.join(5)

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            connection.settimeout(5)
            with connection:
                if self.lie == "silent":
                    connection.recv(100)
                    return
                connection.sendall(b"!?\r\n" * 3 if self.lie == "garbage" else GREETING)
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        while line := connection.recv(1000):
            self.heard += line
            tag, command = [*line.split(), b""][:2]
            if command == b"CAPABILITY":
                connection.sendall(CAPABILITY)
            elif command == b"LOGIN" and self.lie == "bye":
                connection.sendall(tag + b" OK\r\n* BYE enough\r\n")
                return
            elif command in (b"SELECT", b"EXAMINE") and self.lie == "huge":
                connection.sendall(b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n")
            elif command == b"FETCH" and self.lie == "huge":
                connection.sendall(b"* 1 FETCH (UID 1 BODY[] {1000000000}\r\n" + b"x" * 1000)
                return
            elif command in (b"SELECT", b"EXAMINE") and self.lie == "endless":
                while True:
                    connection.sendall(b"x" * 65536)
            connection.sendall(tag + b" OK\r\n")
