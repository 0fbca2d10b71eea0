"""A file's people to the list, all or nothing, each with a record of what allows to mail them."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, Text, bindparam, cast, select, text, update

from ruhrmail.model.consent import Imported, NewImport
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.people import Person
from ruhrmail.store.ahead import batches_ahead
from ruhrmail.store.choices import heeding
from ruhrmail.store.consents import keep_wordings, wording_hash
from ruhrmail.store.databases import among, is_postgresql, pour, prefer_indexes
from ruhrmail.store.driver import Values, execute_rows
from ruhrmail.store.hashes import read_hashes, suppressed_among
from ruhrmail.store.opening import Store, recall, remember
from ruhrmail.store.roster import finish_reading
from ruhrmail.store.schema import imports, microseconds, subscribers
from ruhrmail.store.subscribers import BATCH, TEXT_COLUMNS, TOKEN_BYTES

CHANGING = tuple(name for name in (*TEXT_COLUMNS, "tags", "fields") if name != "key")
"""Columns of a subscriber that a file may change."""
COLUMNS = "imported_columns"
MARKS = ("on_roster", "joined")
ADDED = ("key", "token_id", "created_at", *CHANGING, *MARKS)
ADD = subscribers.insert().values({name: bindparam(name) for name in ADDED})
CHANGE = (
    update(subscribers)
    .where(subscribers.c.key == bindparam("of"))
    .values({name: bindparam(name) for name in (*CHANGING, *MARKS)})
)
KNOWN = select(
    subscribers.c.key,
    *(subscribers.c[name] for name in MARKS),
    *(cast(subscribers.c[name], Text).label(name) for name in CHANGING),
)
CHANGING_OF, MARKS_OF = itemgetter(*CHANGING), itemgetter(*MARKS)
FIRST_CHANGING = 1 + len(MARKS)
"""Where the columns that may change begin in a row of KNOWN; by position, as there are a million."""
DECLARE = """
INSERT INTO consents (subscriber, kind, at, page, wording, procedure, mail, origin, language, stated_at, import)
SELECT s.id, 'declared', :at, {page}, r.value ->> 1, {procedure}, '', {origin}, s.language, {stated_at}, :import
FROM {pairs} JOIN subscribers s ON s.key = r.value ->> 0
WHERE 0 = (
  SELECT count(*) FROM consents c JOIN imports i ON i.id = c.import
  WHERE c.subscriber = s.id AND c.kind = 'declared' AND i.basis = :basis AND c.stated_at = {stated_at}
  AND c.page = {page} AND coalesce(c.wording, '') = coalesce(r.value ->> 1, '')
  AND NOT EXISTS (SELECT 1 FROM consents w WHERE w.subscriber = s.id AND w.kind = 'withdrawn' AND w.id > c.id))
"""
PAIRS = {True: "json_array_elements(CAST(:pairs AS json)) AS r (value)", False: "json_each(:pairs) AS r"}
"""The rows (`value`) of a JSON array in PostgreSQL's words or, with False, in SQLite's."""
COLUMNS_OF_A_ROW = {"page": "s.consent_source", "stated_at": "s.consented_at", "procedure": "''", "origin": "''"}
"""What the record of an imported person says: what their row says."""
DECLARED = {database: text(DECLARE.format(pairs=pairs, **COLUMNS_OF_A_ROW)) for database, pairs in PAIRS.items()}
"""A record for each person of a batch, unless the same stands already and was not withdrawn since."""


@dataclass(frozen=True, slots=True)
class ReadRoster:
    """What is to be remembered of a roster that is imported: its stamp, and how many findings it had in the end."""

    stamp: str
    complaints: Callable[[], int]


def import_people(
    store: Store,
    people: Iterable[Person],
    new: NewImport,
    now: datetime,
    rejected: Callable[[], int] = lambda: 0,
    *,
    roster: ReadRoster | None = None,
) -> Imported:
    """Writes people to the list with a record for each, all or nothing.

    Columns that the file has replace what is stored, but for what people chose themselves; others stay. Whoever is
    suppressed is left out, and left as they are. `rejected` is asked at the end how many rows could not be read. With
    `roster` the file is the roster: then this is a reading of it, and whoever it no longer names is no longer on it.
    Raises StoreError, and whatever `people` raises: then nothing has changed.
    """
    with store.writing() as connection:
        prefer_indexes(connection)
        begun = imports.insert().values(name=new.name, sha256=new.sha256, basis=new.basis, at=now)
        number = connection.execute(begun.returning(imports.c.id)).scalar_one()
        reading = int(recall(connection, "roster_reading") or 0) + 1 if roster else None
        work = Import(store, connection, new, number, reading, now)
        for batch in batches_ahead(heeding(connection, people), BATCH):
            work.take(batch)
        done = replace(work.counts, rejected=rejected())
        figures = {name: getattr(done, name) for name in Imported.__slots__}
        connection.execute(update(imports).where(imports.c.id == number).values(figures))
        remember_columns(connection, new.columns)
        if roster and reading:
            finish_reading(connection, reading, roster.stamp, roster.complaints())
    return done


def remember_columns(connection: Connection, columns: Iterable[str]) -> None:
    """Adds to the columns that imported files had."""
    known = json.loads(recall(connection, COLUMNS) or "[]")
    remember(connection, **{COLUMNS: json.dumps(sorted({*known, *columns}))})


def imported_columns(store: Store) -> frozenset[str]:
    """The columns that imported files had, by the names that merge fields use."""
    with store.reading() as connection:
        return frozenset(json.loads(recall(connection, COLUMNS) or "[]"))


@dataclass(slots=True)
class Import:
    """One import under way, a batch at a time. `reading` is the number of the roster's reading, None for others."""

    store: Store
    connection: Connection
    new: NewImport
    number: int
    reading: int | None
    now: datetime
    counts: Imported = field(default_factory=Imported)
    lacking: tuple[tuple[str, int], ...] = ()

    def __post_init__(self) -> None:
        # The known columns that the file lacks, each with its place in a row of KNOWN.
        places = enumerate(CHANGING, FIRST_CHANGING)
        known = ((name, place) for place, name in places if name in KNOWN_COLUMNS)
        self.lacking = tuple((name, place) for name, place in known if name not in self.new.columns)

    def take(self, batch: Sequence[Person]) -> None:
        """The people of one batch."""
        unwelcome = suppressed_among(self.connection, [one.key for one in batch], read_hashes(self.connection))
        welcome = {one.key: one for one in batch if one.key not in unwelcome}
        known = self.connection.execute(KNOWN.where(among(self.connection, subscribers.c.key, list(welcome)))).all()
        after = {row.key: (row, self.merged(welcome[row.key], row)) for row in known}
        changed = {key for key, (row, values) in after.items() if CHANGING_OF(values) != row[FIRST_CHANGING:]}
        moved = {key for key, (row, values) in after.items() if MARKS_OF(values) != row[1:FIRST_CHANGING]}
        added = [person for key, person in welcome.items() if key not in after]
        add_rows(self.connection, self.rows_of(added))
        touched = [{**after[key][1], "of": key} for key in changed | moved]
        execute_rows(self.connection, CHANGE, touched)
        self.declare(list(welcome.values()))
        self.count(len(added), len(changed), len(after) - len(changed), len(unwelcome))

    def count(self, added: int, changed: int, unchanged: int, suppressed: int) -> None:
        """Adds a batch to the figures."""
        so_far = self.counts
        self.counts = Imported(
            so_far.added + added,
            so_far.changed + changed,
            so_far.unchanged + unchanged,
            so_far.suppressed + suppressed,
        )

    def merged(self, person: Person, row: Row[Any]) -> Values:
        """What is stored of a person once the file's columns have replaced their own."""
        new = values_of(person)
        kept = {name: row[place] for name, place in self.lacking}
        if row.fields != new["fields"]:
            new["fields"] = as_json(json.loads(row.fields) | dict(person.fields))
        return new | kept | self.marks(row.on_roster, row.joined)

    def marks(self, on_roster: int | None, joined: str | None) -> Values:
        """How somebody came to the list."""
        if self.reading is not None:
            return {"on_roster": self.reading, "joined": joined}
        return {"on_roster": on_roster, "joined": joined or "import"}

    def rows_of(self, people: Sequence[Person]) -> list[Values]:
        """Rows for people who are new, each with eight random bytes of its own."""
        tokens = self.store.randomness(TOKEN_BYTES * len(people)) if people else b""
        fixed = self.marks(None, None) | {"created_at": microseconds(self.now)}
        return [
            {**values_of(person), **fixed, "key": person.key, "token_id": tokens[at : at + TOKEN_BYTES]}
            for person, at in zip(people, range(0, len(tokens), TOKEN_BYTES), strict=True)
        ]

    def declare(self, people: Sequence[Person]) -> None:
        """Records what allows to mail the people of a batch: the file's own words, else the declared basis."""
        keep_wordings(self.connection, [one.consent_text for one in people])
        pairs = json.dumps([(one.key, wording_hash(one.consent_text) or None) for one in people])
        values = {"at": microseconds(self.now), "import": self.number, "pairs": pairs, "basis": self.new.basis}
        self.connection.execute(DECLARED[is_postgresql(self.connection)], values)


def add_rows(connection: Connection, rows: Sequence[Values]) -> None:
    """Adds people who are not stored yet."""
    if is_postgresql(connection):
        in_order = itemgetter(*ADDED)
        pour(connection, subscribers.name, ADDED, [in_order(row) for row in rows])
    else:
        execute_rows(connection, ADD, rows)


def values_of(person: Person) -> Values:
    """What a row of a file says, as the table holds it."""
    texts: Mapping[str, str] = {name: getattr(person, name) for name in TEXT_COLUMNS if name != "key"}
    return {**texts, "tags": as_json(person.tags), "fields": as_json(dict(person.fields))}


as_json = json.JSONEncoder(ensure_ascii=False).encode
"""A value as the columns of tags and fields hold it; `json.dumps` would make an encoder for each."""
