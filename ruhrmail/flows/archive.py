"""What surrounds the public issues on the web: made from their leaves, which are kept in the state folder."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ruhrmail import __version__
from ruhrmail.archive import Masthead, draw_picture, make_leaf, make_site
from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.build import write_file
from ruhrmail.flows.edition import make_edition
from ruhrmail.flows.public import read_issue
from ruhrmail.flows.publish import stamp_issue
from ruhrmail.model.archive import Leaf

LOOK_AGAIN = 5.0
"""Seconds for which what was found holds."""
PATIENCE = 5.0
"""Seconds in which new leaves are made at a time; after an update those that are missing come with the next ones."""
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".ics": "text/calendar; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
LISTS = ("index.html", "archive/index.html")
"""Where readers look for what appeared just now."""
FEEDS = {"feed.xml": "application/atom+xml; charset=utf-8", "feed.json": "application/feed+json; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Pressed:
    """A leaf, and the stamp of the files it was made from."""

    stamp: str
    leaf: Leaf


PRESSED = TypeAdapter(Pressed)


@dataclass(slots=True)
class Surroundings:
    """The pages around the issues, for several threads. `slugs` gives the public issues, the newest first."""

    config: Config
    masthead: Masthead
    slugs: Callable[[], Sequence[str]]
    clock: Callable[[], float] = time.monotonic
    leaves: dict[str, Pressed] = field(default_factory=dict)
    pictures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    made_from: tuple[tuple[str, str], ...] | None = None
    listed: tuple[str, ...] = ()
    """The public issues as they were when it looked last."""
    late: bool = False
    """Whether there was no time for some of them yet."""
    looked: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def file(self, path: str) -> tuple[bytes, str] | None:
        """Content and media type of a file by its path, None where there is none. Raises StoreError.

        The lists of issues are none while some of them are missing.
        """
        self.look(at_once=path in LISTS and self.made_from is not None and tuple(self.slugs()) != self.listed)
        if path.startswith("og/"):
            content = self.picture(path.removeprefix("og/").removesuffix(".png"))
        elif path in LISTS and self.late:
            content = None
        else:
            content = self.files.get(path)
        kind = FEEDS.get(path) or MEDIA_TYPES.get(Path(path).suffix)
        return (content, kind) if content is not None and kind else None

    def look(self, *, at_once: bool = False) -> None:
        """Sees what has changed, every five seconds or at once; while another thread does, what was there holds."""
        if not (at_once or self.is_old()) or not self.lock.acquire(blocking=self.made_from is None):
            return
        try:
            if at_once or self.is_old():
                self.renew()
                self.looked = self.clock()
        finally:
            self.lock.release()

    def is_old(self) -> bool:
        """Whether it is time to look again."""
        return self.clock() - self.looked >= LOOK_AGAIN

    def renew(self) -> None:
        """Makes the leaves of changed issues, and where there are any, all that is made from them."""
        slugs, until = tuple(self.slugs()), self.clock() + PATIENCE
        for slug in self.leaves.keys() - set(slugs):
            del self.leaves[slug]
            self.pictures.pop(slug, None)
        for slug in slugs:
            self.press(slug, until)
        made_from = tuple((slug, self.leaves[slug].stamp) for slug in slugs if slug in self.leaves)
        if made_from != self.made_from:
            self.files = make_site(self.masthead, [self.leaves[slug].leaf for slug, _ in made_from])
            self.made_from = made_from
        self.listed, self.late = slugs, self.clock() >= until and self.lacks(slugs)

    def lacks(self, slugs: Sequence[str]) -> bool:
        """Whether some issue that is right has no leaf."""
        return any(slug not in self.leaves and read_issue(self.config.project, slug) is not None for slug in slugs)

    def press(self, slug: str, until: float) -> None:
        """Makes the leaf of an issue if it changed: from the state folder, else anew while there is time. That of an
        issue which is broken at the moment stays."""
        stamp = stamp_issue(self.config, slug)
        known = self.leaves.get(slug)
        if known is not None and known.stamp == stamp:
            return
        found = self.read(slug)
        if found is not None and (found.stamp == stamp or known is None):
            self.leaves[slug] = found
        if (found is None or found.stamp != stamp) and self.clock() < until:
            with suppress(RuhrmailError):
                made = make_edition(self.config, slug, None, shelf=self.config.state_folder / "pictures")
                leaf = make_leaf(made.edition, made.file.issue.date, made.file.issue.number)
                self.leaves[slug] = Pressed(stamp, leaf)
                self.keep(self.leaves[slug])

    def read(self, slug: str) -> Pressed | None:
        """A leaf from the state folder."""
        try:
            return PRESSED.validate_json(self.place(slug).read_bytes())
        except (OSError, ValidationError):
            return None

    def keep(self, pressed: Pressed) -> None:
        """Puts a leaf into the state folder; where that cannot be, it is made anew after a restart."""
        with suppress(OSError):
            write_file(self.place(pressed.leaf.slug), PRESSED.dump_json(pressed))

    def place(self, slug: str) -> Path:
        """Where a leaf is kept. Other versions have their own."""
        return self.config.state_folder / "archive" / __version__ / f"{slug}.json"

    def picture(self, slug: str) -> bytes | None:
        """The picture for shared links to an issue, drawn once."""
        pressed = self.leaves.get(slug)
        if pressed is None:
            return None
        kept = self.pictures.get(slug)
        if kept is None or kept[0] != pressed.stamp:
            kept = (pressed.stamp, draw_picture(self.masthead, pressed.leaf))
            self.pictures[slug] = kept
        return kept[1]
