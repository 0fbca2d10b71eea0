"""An IMAP server that misbehaves in one way, and writes down what it hears."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import repeat

GREETING = b"* OK ready\r\n"
CAPABILITY = b"* CAPABILITY IMAP4rev1\r\n"
FOLDER = b"* 1 EXISTS\r\n* OK [UIDVALIDITY %d] x\r\n"
SIZE = b"* 1 FETCH (UID 1 RFC822.SIZE 5)\r\n"
LETTER = b"* 1 FETCH (UID 1 BODY[] {12}\r\nSubject: 1\r\n)\r\n"
MEGABYTE = b"* 1 FETCH (UID 1 BODY[] {1000000}\r\n" + b"x" * 1_000_000 + b")\r\n"


class Liar:
    """`silent` says nothing, `garbage` talks nonsense, `huge` answers with a literal of a gigabyte, `heaps` with a
    hundred of a megabyte, `bye` hangs up after the login, `no-starttls` knows no STARTTLS, `endless` sends a line
    without an end, `babbling` lines without an end, `renumbering` has another UIDVALIDITY each time, `echo` refuses
    the login and repeats the password."""

    def __init__(self, lie: str) -> None:
        self.lie = lie
        self.heard = b""
        self.selected = 0

    @contextmanager
    def running(self) -> Iterator[int]:
        """Serves one connection on the port that it gives."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            thread = threading.Thread(target=self._serve, args=(listener,), daemon=True)
            thread.start()
            yield listener.getsockname()[1]
        thread.join(60)

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
            if command == b"LOGIN" and self.lie == "echo":
                connection.sendall(tag + b" NO this is not right: " + line.split()[-1] + b"\r\n")
                continue
            for block in self._answer(command.decode()):
                connection.sendall(block)
            connection.sendall(tag + b" OK done\r\n")
            if command == b"LOGIN" and self.lie == "bye":
                connection.sendall(b"* BYE enough\r\n")
                return

    def _answer(self, command: str) -> Iterator[bytes]:
        """What comes before the last line of an answer."""
        self.selected += command == "EXAMINE"
        answers = {
            "CAPABILITY": {"": [CAPABILITY]},
            "EXAMINE": {"": [FOLDER % 1], "renumbering": [FOLDER % self.selected], "endless": repeat(b"x" * 65536),
                        "babbling": repeat(b"* 5 EXISTS\r\n" * 1000)},
            "FETCH": {"": [SIZE], "huge": [b"* 1 FETCH (UID 1 BODY[] {1000000000}\r\n" + b"x" * 1000]},
            "UID": {"": [LETTER], "heaps": repeat(MEGABYTE, 100)},
        }.get(command, {})  # fmt: skip
        yield from answers.get(self.lie, answers.get("", []))
