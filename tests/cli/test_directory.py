"""Exports and plots of the list."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.cli.subscribers.counting import plot
from ruhrmail.cli.subscribers.listing import csv_of
from ruhrmail.errors import InvalidInput
from ruhrmail.model.consent import Standing
from ruhrmail.model.people import Person
from ruhrmail.roster import open_roster
from ruhrmail.store import Entry, Month

FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")
LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Cf"))
HEADS = ["", *FORMULA, *(f"'{one}" for one in FORMULA), "''=", "'", "a\n", "a\r\n="]
VALUES = (st.sampled_from(HEADS) | st.text(LETTERS, max_size=3)).flatmap(
    lambda head: st.text(LETTERS, max_size=15).map(lambda rest: (head + rest).strip())
)
TAGS = st.lists(st.text(st.sampled_from("abcäöü-_0=+"), min_size=1, max_size=6), max_size=3, unique=True)
PEOPLE = st.lists(
    st.builds(
        lambda first, company, text, tags, ort: Person(
            "x", "x", first_name=first, company=company, consent_text=text, tags=tuple(tags), fields={"ort": ort}
        ),
        VALUES, VALUES, VALUES, TAGS, VALUES,
    ),
    max_size=6,
)  # fmt: skip


def numbered(people: list[Person]) -> list[Person]:
    kept = ("first_name", "company", "consent_text", "tags", "fields")
    return [
        Person(f"+p{n}@x.example", f"+p{n}@x.example", **{name: getattr(one, name) for name in kept})
        for n, one in enumerate(people)
    ]


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE)
def test_an_export_reads_back_as_the_same_people_and_no_cell_is_a_formula(tmp_path: Path, people: list[Person]) -> None:
    people = numbered(people)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    text = "".join(csv_of((Entry(one, Standing.SUBSCRIBED, None, at) for one in people), ["ort"]))
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [] == [cell for cell in cells if cell.startswith(FORMULA)]
    file = tmp_path / "out.csv"
    file.write_text(text, encoding="utf-8", newline="")
    if people:
        assert people == list(open_roster(file, "out.csv", legal_basis=True).rows())


def test_people_who_left_are_exported_into_a_file_that_is_no_list(tmp_path: Path) -> None:
    left = Entry(Person("p@x.example", "p@x.example"), Standing.SUPPRESSED, None, datetime(2026, 11, 22, tzinfo=UTC))
    text = "".join(csv_of([left], ["ort"], mailed=False))
    assert ("ruhrmail_state", "suppressed") == tuple(row[-1] for row in csv.reader(io.StringIO(text)))
    file = tmp_path / "out.csv"
    file.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(InvalidInput, match="not on the list"):
        open_roster(file, "out.csv")


def test_the_plot_has_a_bar_for_each_month():
    months = [Month("2026-09", 8, 0, 8), Month("2026-10", 0, 4, 4), Month("2026-11", 1, 5, 0)]
    lines = list(plot(months, blocks=True))
    assert ["2026-09  " + "█" * 40, "2026-10  " + "█" * 20, "2026-11  "] == [line[:49].rstrip(" ") + (
        "  " if line.startswith("2026-11") else "") for line in lines]  # fmt: skip
    assert ["8  +8 -0", "4  +0 -4", "0  +1 -5"] == [line[49:].strip() for line in lines]
    assert "#" * 40 in next(iter(plot(months, blocks=False)))
