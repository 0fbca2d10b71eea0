"""Recipients are printed one by one, in a form that nobody's program takes for something else."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from ruhrmail.cli.recipients import show_recipients, write_csv, write_json
from ruhrmail.cli.terminal import Terminal
from ruhrmail.i18n import translator
from ruhrmail.model.ledger import Delivery, State

AT = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)


def line(email="lea@hafen.example", text="ok"):
    return Delivery(email, State.SENT, 1, 250, "2.0.0", text, "main", "<1@n.example>", AT)


def printed(show, *arguments):
    out = io.StringIO(newline="")
    show(Terminal(out, io.StringIO(), translator("en"), color=False), *arguments)
    return out.getvalue()


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "|"])
def test_no_cell_is_a_formula(sign):
    header, row = csv.reader(io.StringIO(printed(write_csv, [line(f"{sign}a@b.example", f"{sign}1+1")]), newline=""))
    assert {"email": f"'{sign}a@b.example", "text": f"'{sign}1+1"} == {
        name: cell for name, cell in zip(header, row, strict=True) if name in ("email", "text")
    }


def test_csv_keeps_quotes_commas_and_umlauts():
    text = 'übel, "sehr"'
    (row,) = csv.DictReader(io.StringIO(printed(write_csv, [line(text=text)]), newline=""))
    assert (text, "2026-11-06T09:00:00+00:00") == (row["text"], row["at"])


@pytest.mark.parametrize("count", [0, 1, 2, 2500])
def test_json_is_one_object_whatever_the_number(count):
    found = json.loads(printed(write_json, {"issue": "a", "refusals": []}, (line() for _ in range(count))))
    assert (["issue", "refusals", "deliveries"], count) == (list(found), len(found["deliveries"]))


def test_what_servers_said_stays_on_the_line():
    assert "  lea@hafen.example  sent  " in printed(show_recipients, [line(text="a\x1b[2J\nb")])
    assert 1 == printed(show_recipients, [line(text="a\x1b[2J\nb")]).count("\n")


def test_recipients_are_asked_for_while_they_are_printed():
    out, asked = io.StringIO(), []

    def many():
        for number in range(3000):
            asked.append(len(out.getvalue()))
            yield line(f"p{number}@x.example")

    write_json(Terminal(out, io.StringIO(), translator("en"), color=False), {"issue": "a"}, many())
    assert 0 < asked[-1]
