"""What the web service answered, counted in the store: right over several processes and after a restart."""

import asyncio
import threading
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Self

from ruhrmail.errors import StoreError
from ruhrmail.store import Store, add_answers

EVERY = 5.0
"""Seconds until a count is in the store: one small transaction, however much was answered."""


class Tally:
    """Counts in the event loop of one process; leave the block after it has ended."""

    def __init__(self, store: Store, every: float = EVERY) -> None:
        self._store, self._every = store, every
        self._counts: Counter[tuple[str, int]] = Counter()
        self._unsaved: Counter[tuple[str, int]] = Counter()
        self._due: asyncio.TimerHandle | None = None
        self._saving = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.save()

    def count(self, page: str, status: int) -> None:
        """One more answer with this status."""
        self._counts[page, status] += 1
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(self._every, self._save_beside)

    def _take(self) -> Counter[tuple[str, int]]:
        """What was counted since the last time; in the loop's thread, as counting is."""
        taken, self._counts = self._counts, Counter()
        return taken

    def save(self) -> None:
        """Writes down what was counted so far."""
        self._save(self._take())

    def _save_beside(self) -> None:
        self._due = None
        asyncio.get_running_loop().run_in_executor(None, self._save, self._take())

    def _save(self, taken: Counter[tuple[str, int]]) -> None:
        """Writes down what was counted. A store in trouble gets it with the next answers: figures are no emergency."""
        with self._saving:
            self._unsaved.update(taken)
            if self._unsaved:
                with suppress(StoreError):
                    add_answers(self._store, self._unsaved)
                    self._unsaved = Counter()
