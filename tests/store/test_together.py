"""Many steps in one transaction: one commit, and each can fail alone, on either database."""

import pytest
from sqlalchemy.exc import DBAPIError

from ruhrmail.store import Reason, add_answers, read_answers, suppress, suppression, together
from tests.store.samples import NOW


def key(name):
    return f"{name}@example.org"


def test_what_some_did_is_kept_and_what_failed_is_undone_alone(store):
    """A statement that the database refuses, too: PostgreSQL then takes no other until the step is undone."""
    with together(store) as one:
        assert suppress(one, key("a"), Reason.BOUNCED, NOW)
        with pytest.raises(DBAPIError), one.writing() as connection:
            suppress(one, key("b"), Reason.BOUNCED, NOW)
            connection.exec_driver_sql("INSERT INTO meta VALUES ('version', 'twice')")
        with pytest.raises(ZeroDivisionError), one.cursor() as cursor:
            cursor.execute("DELETE FROM suppressions")
            raise ZeroDivisionError
        assert suppress(one, key("c"), Reason.BOUNCED, NOW)
        assert suppression(one, key("a")) and not suppression(one, key("b"))
    assert [True, False, True] == [suppression(store, key(name)) is not None for name in "abc"]


def test_nothing_is_kept_of_a_block_that_raises_and_others_see_nothing_before_its_end(store):
    with pytest.raises(ZeroDivisionError), together(store) as one:
        suppress(one, key("a"), Reason.BOUNCED, NOW)
        add_answers(one, {("unsubscribe", 200): 3})
        assert {("unsubscribe", 200): 3} == read_answers(one)
        assert (None, {}) == (suppression(store, key("a")), read_answers(store))
        raise ZeroDivisionError
    assert (None, {}) == (suppression(store, key("a")), read_answers(store))
    assert suppress(store, key("a"), Reason.BOUNCED, NOW)
