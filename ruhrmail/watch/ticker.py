"""Something to do every so often, beside the mail."""

import threading
from collections.abc import Callable

PATIENCE = 5.0


class Ticker:
    """Calls `tick` every `seconds` in a thread of its own until stopped, or until `tick` returns False.

    With `to_the_end` it ticks once more when it is stopped.
    """

    def __init__(self, seconds: float, tick: Callable[[], bool], *, to_the_end: bool = False) -> None:
        self._seconds = seconds
        self._tick = tick
        self._to_the_end = to_the_end
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ruhrmail-ticker", daemon=True)

    def start(self) -> None:
        """Begins; the first tick comes after `seconds`."""
        self._thread.start()

    def stop(self) -> bool:
        """Ends with the tick under way. False: that one hangs (a terminal, a disk that takes nothing); it is left."""
        self._over.set()
        if self._thread.ident is not None:
            self._thread.join(PATIENCE)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            if not self._tick():
                return
        if self._to_the_end:
            self._tick()
