"""What is different between two texts."""

from hypothesis import given
from hypothesis import strategies as some

from ruhrmail.compare import compare_texts


def sides(found):
    """Both texts again, from what is told of them."""
    left = "\n\n".join("".join(piece.text for piece in one.left) for one in found.changes if one.left)
    right = "\n\n".join("".join(piece.text for piece in one.right) for one in found.changes if one.right)
    return left, right


def test_equal_texts_are_the_same():
    assert compare_texts("Licht\n\nin der Halle\n", "Licht\r\n\r\n\r\nin der Halle").same


def test_a_changed_word_is_told_within_its_paragraph():
    (change,) = compare_texts("In Herne brennt wieder Licht.", "In Hamm brennt wieder Licht.").changes
    assert "changed" == change.kind
    assert [("removed", "Herne")] == [(one.kind, one.text) for one in change.left if one.kind != "same"]
    assert [("added", "Hamm")] == [(one.kind, one.text) for one in change.right if one.kind != "same"]


def test_a_new_paragraph_does_not_shift_the_others():
    found = compare_texts("eins\n\ndrei", "eins\n\nzwei\n\ndrei")
    assert ["same", "added", "same"] == [one.kind for one in found.changes]


def test_paragraphs_without_much_in_common_are_one_less_and_one_more():
    found = compare_texts("Der Radweg ist fertig", "Morgen schneit es in Hamm")
    assert ["removed", "added"] == [one.kind for one in found.changes]


def test_very_long_texts_are_told_as_one_change():
    long = "\n\n".join(f"Absatz {number}" for number in range(4000))
    found = compare_texts(long, long + "\n\nEnde")
    assert found.bounded
    assert not found.same
    assert compare_texts(long, long).same


@given(some.text("ab \n", max_size=60), some.text("ab \n", max_size=60))
def test_nothing_is_lost(left, right):
    found = compare_texts(left, right)
    before, after = (compare_texts(text, text).changes for text in (left, right))
    assert "\n\n".join("".join(p.text for p in one.left) for one in before) == sides(found)[0]
    assert "\n\n".join("".join(p.text for p in one.right) for one in after) == sides(found)[1]
    assert found.same == (sides(found)[0] == sides(found)[1])
