"""Coming from another tool: its exports to the list, with what allows to mail its people, and to the suppressions."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput
from ruhrmail.flows.exports import Export, open_exports, unpacked
from ruhrmail.flows.importing import Preview, opened
from ruhrmail.flows.machine import Machine
from ruhrmail.migrate import DROPPED, OWN, BrokenJson, Found, ObjectFile
from ruhrmail.model.consent import Imported, NewImport
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.migration import REASONS, Arrival, Complaint, Moved, Stood
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase
from ruhrmail.roster import Address, Roster, Seen, has_consent, read_address
from ruhrmail.store import move_in

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Task:
    """What to take over: files, the tool that wrote them, where all of their people stand (None: the files say so),
    tags for everybody, and the legal basis of those whose consent nothing proves (empty: as the settings say)."""

    paths: tuple[Path, ...]
    tool: str
    standing: Stood | None = None
    tags: tuple[str, ...] = ()
    basis: str = ""


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What became of the rows: how many stood where, what became of the subscribed and of the refusals."""

    standings: Mapping[Stood, int]
    imported: Imported
    moved: Moved
    repeated: int
    findings: tuple[Finding, ...]
    basis: str


def migrate(
    config: Config,
    task: Task,
    machine: Machine,
    show: Callable[[Preview], None],
    ask: Callable[[int], str],
    *,
    dry_run: bool = False,
) -> MigrationReport:
    """Takes over the people of another tool, or tries to: a dry run works on a copy of the store.

    `ask` is called with the number of those subscribed whose consent nothing proves, if no basis was declared. Raises
    InvalidInput for a file that cannot be read, UsageError, StoreError.
    """
    with unpacked(config, task.paths) as files:
        exports = open_exports(config, files, task.tool, task.standing)
        for one in exports:
            show(preview_of(one))
        basis = task.basis or config.newsletter.legal_basis or ""
        unproven = 0 if basis else sum(lacks_consent(one) for one in Reader(config, task).arrivals(exports))
        if unproven:
            basis = ask(unproven)
        reader = Reader(config, task)
        names = ", ".join(config.name_of(path) for path in task.paths)
        new = NewImport(names, digest(task.paths), frozenset(), basis)
        with opened(config, machine, dry_run=dry_run) as store:
            imported, moved = move_in(store, reader.arrivals(exports), new, machine.now(), reader.count_rejected)
    return MigrationReport(reader.standings, imported, moved, reader.repeated, tuple(reader.findings), basis)


def lacks_consent(one: Arrival) -> bool:
    """Whether somebody is to be mailed whose consent nothing proves."""
    return one.standing is Stood.SUBSCRIBED and not has_consent(one.person)


def digest(paths: Sequence[Path]) -> str:
    """The SHA-256 (hexadecimal) of the files' bytes, one after the other."""
    found = sha256()
    for path in paths:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                found.update(chunk)
    return found.hexdigest()


def preview_of(export: Export) -> Preview:
    """How a file was understood; of people who are not to be mailed hardly more than the address is wanted."""
    if isinstance(export.content, ObjectFile):
        return Preview(export.name, "JSON", "", (), is_roster=False)
    roster = export.content
    if export.named not in (None, Stood.SUBSCRIBED):
        return Preview(export.name, roster.encoding, roster.delimiter, (), is_roster=False)
    pairs = list(zip(roster.headers, roster.names, strict=True))
    used = tuple((header, name.removeprefix(OWN)) for header, name in pairs if name != DROPPED)
    dropped = tuple(header.strip() for header, name in pairs if name == DROPPED)
    return Preview(export.name, roster.encoding, roster.delimiter, used, is_roster=False, dropped=dropped)


@dataclass(slots=True)
class Reader:
    """One pass over all exports: arrivals passed on, everything else counted or kept."""

    config: Config
    task: Task
    standings: Counter[Stood] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    repeated: int = 0
    subscribers: int = 0
    seen: Seen = field(default_factory=Seen)

    def count_rejected(self) -> int:
        """How many rows could not be used."""
        return sum(one.severity == "error" for one in self.findings)

    def arrivals(self, exports: Sequence[Export]) -> Iterator[Arrival]:
        """Everybody subscribed or gone: of several rows about somebody a refusal counts, else the first."""
        rows = (one for export in exports for one in self.read(export))
        for number, one in enumerate(rows, 1):
            if one.standing is Stood.UNCONFIRMED:  # on another list they may be subscribed
                self.standings[one.standing] += 1
                continue
            again = self.seen.first_line(one.person.key, number) != number
            self.repeated += again
            if again and one.standing not in REASONS:
                continue
            self.standings[one.standing] += 1
            yield self.finished(one)
        self.findings += incomplete(exports, self.subscribers)

    def finished(self, one: Arrival) -> Arrival:
        """An arrival with the tags that everybody gets, without the network address unless it is to be kept."""
        if one.standing is not Stood.SUBSCRIBED:
            return one
        if one.origin and not self.config.settings.consent.origin:
            one = replace(one, origin="")
        if not self.task.tags:
            return one
        tags = tuple(dict.fromkeys((*one.person.tags, *self.task.tags)))
        return replace(one, person=replace(one.person, tags=tags))

    def read(self, export: Export) -> Iterator[Arrival]:
        """The rows of one file. Raises InvalidInput when it changes meanwhile, or ends in the middle."""
        if isinstance(export.content, ObjectFile):
            yield from self.objects(export, export.content)
        else:
            yield from self.rows(export, export.content)

    def rows(self, export: Export, roster: Roster) -> Iterator[Arrival]:
        """Those of a table."""
        with roster.reading(seen=lambda _, line: line) as reading:
            for row in reading.run():
                if isinstance(row, Finding):
                    self.findings.append(row)
                    continue
                found = export.layout.arrive(row, export.named)
                if isinstance(found, Complaint):
                    self.findings.append(complained(found, reading.at(found.column)))
                else:
                    yield found
        if not roster.unchanged():
            raise changed(roster.name)

    def objects(self, export: Export, file: ObjectFile) -> Iterator[Arrival]:
        """Those of a file of JSON."""
        try:
            for one in file.objects():
                self.subscribers += 1
                place = Location(export.name, one.line, one.column)
                person = self.person_of(one, place)
                found = export.layout.arrive(person, export.named) if person else None
                if isinstance(found, Complaint):
                    self.findings.append(complained(found, place))
                elif found is not None:
                    yield found
        except BrokenJson as error:
            raise (broken(export.name, error) if file.unchanged() else changed(export.name)) from error
        if not file.unchanged():
            raise changed(export.name)

    def person_of(self, one: Found, place: Location) -> Person | None:
        """A subscriber as a row would give them; None, and a finding, for one without a usable address."""
        text = str(one.value.get("email") or "")
        address = read_address(text, smtputf8=self.config.settings.delivery.smtputf8)
        if isinstance(address, Address):
            return Person(address.email, address.key, fields=fields_of(one))
        message = phrase("{value} is no mail address: {reason}", value=text or "–", reason=address)
        self.findings.append(Finding("csv/address", "error", place, message))
        return None


def incomplete(exports: Sequence[Export], count: int) -> list[Finding]:
    """The complaint that answers of an interface hold only some of its pages."""
    totals = [(one.content.total(), one) for one in exports if isinstance(one.content, ObjectFile)]
    most, last = max(totals, key=lambda pair: pair[0], default=(0, None))
    if last is None or most <= count:
        return []
    message = phrase("these are {count} of {total} subscribers", count=count, total=most)
    return [Finding("csv/columns", "warning", Location(last.name), message, FETCH_ALL)]


FETCH_ALL = phrase("fetch it anew from /api/subscribers?per_page=all")


def fields_of(one: Found) -> dict[str, str]:
    """What the layout reads of an object, each value as a cell would hold it."""
    value = one.value
    texts = {f"@{name}": str(value.get(key) or "") for name, key in TEXTS.items()}
    return texts | {f"@{name}": json.dumps(value.get(key) or empty) for name, key, empty in NESTED}


NESTED: tuple[tuple[str, str, object], ...] = (("attributes", "attribs", {}), ("lists", "lists", []))
TEXTS = {"name": "name", "status": "status", "created": "created_at", "updated": "updated_at"}


def complained(one: Complaint, place: Location) -> Finding:
    """A row that the layout cannot use."""
    return Finding("csv/columns", "error", place, one.message, one.hint)


def changed(name: str) -> InvalidInput:
    """The error for a file that somebody wrote to while it was read."""
    message = phrase("the file changed while it was read")
    return InvalidInput([Finding("csv/unreadable", "error", Location(name), message, phrase("run the command again"))])


def broken(name: str, error: BrokenJson) -> InvalidInput:
    """The error for JSON that is not listmonk's, or not whole."""
    message = phrase("this is not what listmonk answers, or not all of it")
    place = Location(name, error.line, error.column)
    return InvalidInput([Finding("csv/unreadable", "error", place, message, FETCH_ALL)])
