"""A wire between a browser and a preview that can be cut and mended."""

import select
import socket
import threading
from contextlib import suppress
from typing import Self

HOST = "127.0.0.1"
TICK = 0.05
PIECE = 65536


class Wire:
    """Passes on what comes to a port of its own; a browser started with `rule` takes it to be the preview's port."""

    def __init__(self, port: int | None) -> None:
        self.port = port
        self.listener = socket.create_server((HOST, 0))
        self.rule = f"host-resolver-rules=MAP {HOST}:{port} {HOST}:{self.listener.getsockname()[1]}"
        self.whole, self.ended = threading.Event(), threading.Event()
        self.whole.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self.listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.listener.close()

    def cut(self) -> None:
        """Ends every connection, and refuses new ones."""
        self.whole.clear()

    def mend(self) -> None:
        """Lets connections through again."""
        self.whole.set()

    def listen(self) -> None:
        while not self.ended.is_set():
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.whole.is_set():
                threading.Thread(target=self.carry, args=(near,), daemon=True).start()
            else:
                near.close()

    def carry(self, near: socket.socket) -> None:
        """Passes bytes on in both directions until either side, or the wire, ends it, in order or not."""
        with suppress(OSError), near, socket.create_connection((HOST, self.port)) as far:
            other = {near: far, far: near}
            while self.whole.is_set() and not self.ended.is_set():
                for one in select.select([near, far], [], [], TICK)[0]:
                    piece = one.recv(PIECE)
                    if not piece:
                        return
                    other[one].sendall(piece)
