"""Recipients of a mailing, one by one, as text, JSON or CSV: read and printed as they come, however many there are."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from ruhrmail.cli.terminal import Terminal, printable
from ruhrmail.cli.wording import STATE_WORDS, iso, local

if TYPE_CHECKING:
    from ruhrmail.model.ledger import Delivery

COLUMNS = ("email", "state", "attempts", "code", "enhanced_code", "text", "relay", "message_id", "at")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")
"""What makes a spreadsheet take a cell for a formula; such a cell gets an apostrophe in front."""
BATCH = 1000


def show_recipients(terminal: Terminal, deliveries: "Iterable[Delivery]") -> None:
    """One line for each recipient, for people."""
    terminal.stream(line_of(terminal, one) for one in deliveries)


def line_of(terminal: Terminal, one: "Delivery") -> str:
    """Address, state, time and answer."""
    reply = " ".join(str(part) for part in (one.code or "", one.enhanced_code, terminal.translate(one.text)) if part)
    parts = (one.email, terminal.translate(STATE_WORDS[one.state]), local(one.at), reply)
    return printable("  " + "  ".join(part for part in parts if part), escapes=terminal.color)


def write_json(terminal: Terminal, head: dict[str, Any], deliveries: "Iterable[Delivery]") -> None:
    """An object with the head's keys and `deliveries`, each delivery on a line of its own."""

    def dump(value: object, indent: int | None = None) -> str:
        return json.dumps(value, ensure_ascii=terminal.ascii, indent=indent)

    def lines() -> Iterator[str]:
        yield dump(head, 2).removesuffix("\n}") + ","
        rows = (dump(row_of(one)) for one in deliveries)
        last = next(rows, None)
        if last is None:
            yield '  "deliveries": []'
        else:
            yield '  "deliveries": ['
            for row in rows:
                yield f"    {last},"
                last = row
            yield f"    {last}"
            yield "  ]"
        yield "}"

    terminal.stream(lines())


def write_csv(terminal: Terminal, deliveries: "Iterable[Delivery]") -> None:
    """A header and a row for each recipient, in UTF-8 with CRLF (RFC 4180); no cell is a spreadsheet's formula."""
    rows = (row_of(one).values() for one in deliveries)
    terminal.write_utf8(csv_of([COLUMNS]))
    while batch := list(islice(rows, BATCH)):
        terminal.write_utf8(csv_of(batch))


def csv_of(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV text."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(value) for value in row] for row in rows)
    return text.getvalue()


def harmless(value: object) -> object:
    """A cell that no spreadsheet calculates; one that looks as if it had been made so gets one more apostrophe, for
    whoever reads it takes one away."""
    return f"'{value}" if isinstance(value, str) and value.lstrip("'").startswith(FORMULA) else value


def row_of(one: "Delivery") -> dict[str, Any]:
    """One recipient for machines."""
    return {
        "email": one.email, "state": one.state.value, "attempts": one.attempts, "code": one.code,
        "enhanced_code": one.enhanced_code, "text": one.text, "relay": one.relay, "message_id": one.message_id,
        "at": iso(one.at),
    }  # fmt: skip
