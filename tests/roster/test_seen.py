"""The table of addresses answers like a dict."""

from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.roster.seen import FIRST_SLOTS, Seen


@given(st.lists(st.text(max_size=3)))
def test_the_first_line_of_a_key_is_kept(keys):
    seen, wanted = Seen(), {}
    for line, key in enumerate(keys, 1):
        assert wanted.setdefault(key, line) == seen.first_line(key, line)


def test_it_grows():
    seen, count = Seen(), 5 * FIRST_SLOTS
    assert list(range(count)) == [seen.first_line(str(line), line) for line in range(count)]
    assert list(range(count)) == [seen.first_line(str(line), count) for line in range(count)]
