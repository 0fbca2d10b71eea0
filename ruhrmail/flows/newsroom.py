"""What a project holds: its issues as they announce themselves, and the mailings of its store."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, datetime
from pathlib import Path

from ruhrmail.check import Neighbour
from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput, RuhrmailError, StoreError
from ruhrmail.flows.dossier import read_neighbour
from ruhrmail.model.ledger import State
from ruhrmail.parse import find_slugs, issue_path
from ruhrmail.source import load_document

SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Listed:
    """An issue as far as it can be read; `file` is relative to the project."""

    slug: str
    file: str
    day: date | None = None
    number: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Mailed:
    """A mailing of the store; `state` is also `scheduled` for one that waits for its time."""

    name: str
    issue: str
    subject: str
    state: str
    recipients: int
    sent: int
    failed: int
    started_at: datetime | None


@dataclass(slots=True)
class Newsroom:
    """Reads what a project holds; an issue's file is read again only when it changed.

    `read` gives the mailings of a store; `mailed` is what they were, by the store's address, and the `moment` when they
    began to be read: what was read before somebody said that the store may hold something else does not count.
    `trouble` is why it could not be read the last time. Several threads may ask.
    """

    project: Path
    read: Callable[[Config], Sequence[Mailed]] = field(default_factory=lambda: read_mailings)
    kept: dict[Path, tuple[tuple[int, int, int], Listed]] = field(default_factory=dict)
    mailed: dict[str, tuple[int, Sequence[Mailed]]] = field(default_factory=dict)
    moment: int = 0
    trouble: StoreError | None = None

    def mailings(self, config: Config) -> Sequence[Mailed]:
        """The mailings of the store, the latest first; a store that is no file is asked each time.

        None where it cannot be read: `trouble` says why.
        """
        moment, known = self.moment, self.mailed.get(config.store)
        if known is None or known[0] != moment or not config.store.startswith(SQLITE):
            try:
                known = self.mailed[config.store] = moment, self.read(config)
            except StoreError as error:
                self.trouble = error
                return ()
        self.trouble = None
        return known[1]

    def forget(self) -> None:
        """The store may hold something else from now on, whatever is being read of it at this moment."""
        self.moment += 1

    def issues(self) -> Sequence[Listed]:
        """Every issue, the latest first; of one that cannot be read, what was last known of it."""
        try:
            slugs = find_slugs(self.project)
        except RuhrmailError:
            return ()
        found = [one for slug in slugs if (one := self.issue(slug)) is not None]
        return sorted(found, key=lambda one: (one.day or date(MAXYEAR, 12, 31), one.slug), reverse=True)

    def issue(self, slug: str) -> Listed | None:
        """One issue; None where its name is taken twice or it is gone meanwhile."""
        try:
            path = issue_path(self.project, slug)
            stat = path.stat()
        except (RuhrmailError, OSError):
            return None
        stamp = stat.st_mtime_ns, stat.st_size, stat.st_ino
        known = self.kept.get(path)
        if known is None or known[0] != stamp:
            known = stamp, read_listed(self.project, slug, path, known[1] if known else None)
            self.kept[path] = known
        return known[1]


def read_listed(project: Path, slug: str, path: Path, before: Listed | None) -> Listed:
    """What an issue's file says of itself, else what it said before."""
    name = path.relative_to(project).as_posix()
    with suppress(InvalidInput):
        data = load_document(path, name).data
        told: Neighbour = read_neighbour(slug, data if isinstance(data, dict) else {})
        return Listed(slug, name, told.date, told.number, told.subject)
    return before or Listed(slug, name)


def read_mailings(config: Config) -> Sequence[Mailed]:
    """The mailings of the store, the latest first. Raises StoreError."""
    from ruhrmail.flows.status import read_all_figures  # the store's library is large, and the first page waits

    return [
        Mailed(
            name=one.mailing,
            issue=one.issue,
            subject=one.subject,
            state="scheduled" if one.scheduled_for else one.state,
            recipients=one.recipients,
            sent=one.counts[State.SENT],
            failed=one.counts[State.FAILED],
            started_at=one.started_at,
        )
        for one in read_all_figures(config)
    ]
