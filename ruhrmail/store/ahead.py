"""Reading on while the database works: its driver lets other threads run as long as it waits for an answer."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches_ahead(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Items in lists of at most `size`, the next one read by a thread while whoever iterates works on the last.

    What the items raise is raised here. A reader that is left early ends with the list that it is at.
    """
    source = iter(items)
    with ThreadPoolExecutor(1, "ruhrmail-ahead") as reader:
        coming = reader.submit(lambda: list(islice(source, size)))
        while batch := coming.result():
            coming = reader.submit(lambda: list(islice(source, size)))
            yield batch
