"""Reading on while the database works."""

import threading

import pytest

from ruhrmail.store.ahead import batches_ahead


def test_every_item_comes_once_in_its_order():
    assert [[0, 1, 2], [3, 4, 5], [6]] == list(batches_ahead(range(7), 3))
    assert [] == list(batches_ahead([], 3))


def test_what_the_items_raise_comes_after_what_was_before_them():
    def broken():
        yield from (1, 2)
        raise ZeroDivisionError

    batches = batches_ahead(broken(), 2)
    assert [1, 2] == next(batches)
    with pytest.raises(ZeroDivisionError):
        next(batches)


def test_a_reader_that_is_left_early_ends():
    before = threading.active_count()
    batches = batches_ahead(iter(range(10**9)), 2)
    assert [0, 1] == next(batches)
    batches.close()
    assert before == threading.active_count()
