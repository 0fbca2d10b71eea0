"""What samples of returned mail say is data beside them: kind, code, and whose token it is."""

import csv
from pathlib import Path

import pytest

from ruhrmail.bounce import read_returned
from ruhrmail.model.bounce import Kind
from ruhrmail.tokens import Purpose

HERE = Path(__file__).parent
TOKEN = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstu"
LINK = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8_"
CLUES = {
    "return": (TOKEN, Purpose.RETURN, False),
    "unsubscribe": (TOKEN, Purpose.UNSUBSCRIBE, False),
    "link": (LINK, Purpose.UNSUBSCRIBE, True),
    "": None,
}


def rows_of(folder: str) -> list[dict[str, str]]:
    with (HERE / folder / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CASES, SAMPLES = rows_of("cases"), rows_of("flufl")


@pytest.mark.parametrize("row", CASES, ids=[row["case"] for row in CASES])
def test_a_case_says_what_is_expected_of_it(row):
    found = read_returned((HERE / "cases" / f"{row['case']}.eml").read_bytes())
    clue = found.clues[0] if found.clues else None
    token = (clue.text.lower() if not clue.is_link else clue.text, clue.purpose, clue.is_link) if clue else None
    assert (row["kind"], row["code"], CLUES[row["token"]]) == (
        found.bounce.kind.value,
        found.bounce.enhanced_code,
        token,
    )


def test_every_case_is_expected():
    assert sorted(path.stem for path in (HERE / "cases").glob("*.eml")) == sorted(row["case"] for row in CASES)
    assert sorted(path.stem for path in (HERE / "flufl").glob("*.txt")) == sorted(row["sample"] for row in SAMPLES)


def test_ninety_five_of_a_hundred_samples_of_flufl_bounce_are_understood_and_none_is_wrongly_hard():
    found = {row["sample"]: read_sample(row["sample"]) for row in SAMPLES}
    wrong = {row["sample"]: found[row["sample"]] for row in SAMPLES if found[row["sample"]] != expected(row)}
    assert [] == [name for name, (kind, _) in wrong.items() if kind is Kind.HARD]
    assert len(wrong) <= 0.05 * len(SAMPLES), wrong


def expected(row: dict[str, str]) -> tuple[Kind, str]:
    return Kind(row["kind"]), row["address"]


def read_sample(name: str) -> tuple[Kind, str]:
    bounce = read_returned((HERE / "flufl" / f"{name}.txt").read_bytes()).bounce
    return bounce.kind, bounce.address
