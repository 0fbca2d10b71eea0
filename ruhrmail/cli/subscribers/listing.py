"""`ruhrmail subscribers list` and `export`: the list, streamed."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ruhrmail.cli.completion import name_audiences
from ruhrmail.cli.desk import Desk
from ruhrmail.cli.recipients import harmless
from ruhrmail.cli.subscribers.showing import STANDING_WORDS, Form
from ruhrmail.cli.subscribers.suppressing import REASON_WORDS
from ruhrmail.cli.terminal import Terminal, printable
from ruhrmail.cli.wording import iso
from ruhrmail.cli.words import word
from ruhrmail.model.people import STATE_COLUMN

if TYPE_CHECKING:
    from ruhrmail.store import Entry, Search


class State(StrEnum):
    """Where somebody stands."""

    SUBSCRIBED = "subscribed"
    UNCONFIRMED = "unconfirmed"
    SUPPRESSED = "suppressed"
    ABSENT = "absent"


Tags = Annotated[
    list[str] | None, typer.Option("--tag", metavar="TAG", help=word("Only people with this tag; repeatable."))
]
Whom = Annotated[
    str | None,
    typer.Option(
        "--audience",
        metavar="NAME|EXPRESSION",
        autocompletion=name_audiences,
        help=word("Only these, such as tag:wirtschaft."),
    ),
]
TEXTS = ("salutation", "title", "first_name", "last_name", "company", "language")
PROOF = ("consented_at", "consent_source", "consent_text")
ROWS = 1000


def list_(
    ctx: typer.Context,
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help=word("Some part of address, name or company; none: everybody."))
    ] = "",
    tag: Tags = None,
    state: Annotated[State | None, typer.Option("--state", help=word("Only people who stand there."))] = None,
    audience: Whom = None,
    format_: Annotated[Form, typer.Option("--format", help=word("For people, or for machines."))] = Form.TEXT,
) -> None:
    from ruhrmail.flows.directory import opened_directory
    from ruhrmail.flows.machine import this_machine

    desk: Desk = ctx.obj
    search = search_for(desk, text, state, tag, audience)
    with opened_directory(desk.config, search, this_machine()) as directory:
        if format_ is Form.JSON:
            desk.terminal.stream(as_array(desk.terminal, directory.entries))
        else:
            desk.terminal.stream(line_of(desk.terminal, one) for one in directory.entries)


def search_for(desk: Desk, text: str, state: State | None, tags: list[str] | None, audience: str | None) -> "Search":
    """What the options ask for."""
    from ruhrmail.flows.directory import make_search
    from ruhrmail.model.consent import Standing

    standing = Standing(state.value) if state else None
    return make_search(desk.config, text.strip(), standing, tags or (), audience)


def line_of(terminal: Terminal, one: "Entry") -> str:
    """A line for people: address, name, tags, and where they stand unless on the list."""
    name = " ".join(part for part in (one.person.first_name, one.person.last_name) if part)
    tags = " ".join(f"[{tag}]" for tag in one.person.tags)
    stands = "" if one.standing.value == State.SUBSCRIBED else terminal.translate(STANDING_WORDS[one.standing.value])
    why = f" ({terminal.translate(REASON_WORDS[one.reason.value])})" if one.reason else ""
    return printable(
        "  ".join(part for part in (one.person.email, name, one.person.company, tags, stands + why) if part)
    )


def as_array(terminal: Terminal, entries: "Iterable[Entry]") -> Iterator[str]:
    """A JSON array with a line for each person, however many there are."""
    rows = (json.dumps(row_of(one), ensure_ascii=terminal.ascii) for one in entries)
    last = next(rows, None)
    if last is None:
        yield "[]"
        return
    yield "["
    for row in rows:
        yield f"  {last},"
        last = row
    yield f"  {last}"
    yield "]"


def row_of(one: "Entry") -> dict[str, Any]:
    """A person for machines."""
    person = one.person
    texts = {name: getattr(person, name) for name in TEXTS}
    return {
        "email": person.email, "state": one.standing.value, "reason": one.reason.value if one.reason else None,
        **texts, "tags": list(person.tags), "fields": dict(person.fields), "created_at": iso(one.created_at),
    }  # fmt: skip


def export(
    ctx: typer.Context,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=word("Where to; default: standard output."))
    ] = None,
    tag: Tags = None,
    state: Annotated[
        State, typer.Option("--state", help=word("People who stand there; default: who is on the list."))
    ] = State.SUBSCRIBED,
    audience: Whom = None,
) -> None:
    from ruhrmail.flows.directory import opened_directory
    from ruhrmail.flows.machine import this_machine
    from ruhrmail.flows.proving import spare, write_private

    desk: Desk = ctx.obj
    if out is not None:
        spare(desk.config, out)
    search = search_for(desk, "", state, tag, audience)
    with opened_directory(desk.config, search, this_machine(), columns=True) as directory:
        rows = csv_of(directory.entries, directory.further, mailed=state is State.SUBSCRIBED)
        if out is None:
            for text in rows:
                desk.terminal.write_utf8(text)
        else:
            write_private(out, rows)
            desk.terminal.tell("{file} holds personal data: keep it as such", file=out)


def csv_of(entries: "Iterable[Entry]", further: Sequence[str], *, mailed: bool = True) -> Iterator[str]:
    """The list as CSV (RFC 4180, UTF-8), a thousand rows at a time; no cell is a spreadsheet's formula.

    Importing it gives the same people: what guards a cell is taken away again. Those who are not `mailed` have a column
    with which nobody imports them.
    """
    batch: list[list[str]] = [["email", *TEXTS, "tags", *PROOF, *further, *([] if mailed else [STATE_COLUMN])]]
    for one in entries:
        person = one.person
        known = [getattr(person, name) for name in TEXTS]
        proof = [getattr(person, name) for name in PROOF]
        others = [person.fields.get(name, "") for name in further]
        states = [] if mailed else [one.standing.value]
        batch.append([person.email, *known, " ".join(person.tags), *proof, *others, *states])
        if len(batch) >= ROWS:
            yield csv_text(batch)
            batch = []
    yield csv_text(batch)


def csv_text(rows: Iterable[Iterable[str]]) -> str:
    """Rows as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(value) for value in row] for row in rows)
    return text.getvalue()
