"""What consent records and lists prove."""

import pytest

from ruhrmail.consent import proof_of
from ruhrmail.model.people import Person


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2026-05-01", "2026-05-01"),
        ("2026-05-01 10:15", "2026-05-01T10:15:00"),
        ("2026-05-01T10:15:30+02:00", "2026-05-01T10:15:30+02:00"),
        ("01.05.2026", "2026-05-01"),
        ("1.5.2026, 9:05 Uhr", "2026-05-01T09:05:00"),
        ("01.05.2026 10:15:30", "2026-05-01T10:15:30"),
        ("31.02.2026", None),
        ("Frühjahr 2023", None),
    ],
)
def test_what_a_list_says_of_a_time_is_told_in_iso_and_in_its_own_words(stated: str, expected: str | None) -> None:
    person = Person("ada@halde.example", "ada@halde.example", consented_at=stated, consent_source="Messe")
    proof = proof_of((), person)
    assert proof is not None
    assert (expected, stated) == (proof.confirmed_at, proof.stated_at)
