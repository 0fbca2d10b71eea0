"""Codes and words of servers, one failure in each row of failures.csv, and what they mean."""

import csv
from pathlib import Path

import pytest

from ruhrmail.bounce.classes import classify
from ruhrmail.model.bounce import Kind

with (Path(__file__).parent / "failures.csv").open(encoding="utf-8", newline="") as file:
    ROWS = [(row["kind"], row["code"], row["text"]) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("kind", "code", "text"), ROWS, ids=[f"{code} {text}"[:60] for _, code, text in ROWS])
def test_a_failure_means_what_its_code_and_words_say(kind, code, text):
    assert Kind(kind) is classify(code, text)


@pytest.mark.parametrize("code", ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1", "5.4.4"])
def test_codes_of_missing_mailboxes_and_hosts_are_hard_without_a_word(code):
    assert Kind.HARD is classify(code, "")


@pytest.mark.parametrize("code", ["5.0.0", "4.0.0", "5.3.0", "5.4.1", "", "5.2.2", "5.3.4", "5.4.6", "4.2.2", "4.4.7"])
def test_without_a_reason_nothing_else_is_hard(code):
    assert Kind.SOFT is classify(code, "")


@pytest.mark.parametrize("detail", [0, 1, 2, 7, 23, 26, 509, 515])
def test_five_seven_is_about_us_whatever_the_words_say(detail):
    assert Kind.POLICY is classify(f"5.7.{detail}", "550 User unknown")
