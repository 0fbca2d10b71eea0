"""Something to do every so often, beside the mail."""

import threading
from collections.abc import Callable

PATIENCE = 5.0


class Ticker:
    """Calls `tick` every `seconds` in a thread of its own until stopped, or until `tick` returns False."""

    def __init__(self, seconds: float, tick: Callable[[], bool]) -> None:
        self._seconds = seconds
        self._tick = tick
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ruhrmail-ticker", daemon=True)

    def start(self) -> None:
        """Begins; the first tick comes after `seconds`."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the tick under way; one that hangs (a terminal that takes nothing) is left behind."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            if not self._tick():
                return
