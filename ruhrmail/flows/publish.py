"""The archive as a static site: every public issue at its address for good, and all around it."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from ruhrmail.archive import (
    Masthead,
    draw_picture,
    make_leaf,
    make_redirects,
    make_site,
    moves_to_nothing,
    public_files,
)
from ruhrmail.config import Config
from ruhrmail.config.redirects import moved_to
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.flows.build import write_file
from ruhrmail.flows.edition import make_edition
from ruhrmail.flows.public import masthead_of, read_issue, says_published, slugs_of, with_new_names
from ruhrmail.flows.publishing import (
    Kept,
    Ledger,
    cannot_write,
    digest,
    open_ledger,
    press_lock,
    remove_drafts,
    remove_files,
    write_ledger,
)
from ruhrmail.flows.stamps import stamp_of
from ruhrmail.model.archive import Leaf
from ruhrmail.model.edition import Edition
from ruhrmail.model.finding import Finding
from ruhrmail.model.issue import Issue
from ruhrmail.model.phrase import phrase
from ruhrmail.store import open_store_readonly, public_slugs


@dataclass(frozen=True, slots=True)
class Published:
    """What was written. `withdrawn` are the issues that were on the site and are not public any more; `kept` those that
    are broken at the moment and stay as they were last; `lost` the pages of articles that are gone from issues that
    stay, and lead nowhere, as `SLUG/NAME.html`; `astray` the old places of `redirects` whose new ones are not on the
    site; `has_store`: whether anything is known of mailings."""

    issues: tuple[str, ...]
    files: int
    written: int
    removed: int
    withdrawn: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    astray: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    has_store: bool = True


@dataclass(slots=True)
class Press:
    """One run: what was there before, what is to be there, and what is wrong."""

    config: Config
    masthead: Masthead
    out: Path
    before: Ledger
    kept: dict[str, Kept] = field(default_factory=dict)
    fresh: dict[str, bytes] = field(default_factory=dict)
    """Files that may have changed, by path."""
    findings: list[Finding] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


def publish_site(config: Config, out: Path) -> Published:
    """Writes the site to a folder: new and changed files only, each whole or not at all, pages after what they show.

    Files of earlier runs that are no longer part of it are deleted, and no others. Raises RuhrmailError where a file
    that is not ours is in the way, or the folder cannot be written; StoreError.
    """
    with press_lock(out):
        return print_site(config, out)


def print_site(config: Config, out: Path) -> Published:
    """The same for whoever is alone with the folder."""
    sent = began(config)
    press = Press(config, masthead_of(config), out, open_ledger(out))
    for slug in public_of(config, sent or frozenset(), press.before):
        set_issue(press, slug)
    leaves = [kept.leaf for kept in press.kept.values()]
    shared, public = make_site(press.masthead, leaves), issue_files(press)
    moved = make_redirects(press.masthead, leaves, config.settings.redirects, public)
    press.fresh |= {**shared, **moved}
    after = Ledger(press.kept, {path: digest(content) for path, content in {**shared, **moved}.items()})
    written, removed = write_site(press, after)
    return Published(
        issues=tuple(press.kept),
        files=len(after.paths()),
        written=written,
        removed=removed,
        withdrawn=tuple(slug for slug in press.before.issues if is_withdrawn(press, slug)),
        kept=tuple(press.broken),
        lost=tuple(find_lost(press, after)),
        astray=tuple(moves_to_nothing(config.settings.redirects, public)),
        findings=tuple(press.findings),
        has_store=sent is not None,
    )


def is_withdrawn(press: Press, slug: str) -> bool:
    """Whether an issue is not public any more, under no other name either."""
    new = moved_to(press.config.settings.redirects, f"{slug}/") or slug
    return slug not in press.kept and new.partition("/")[0] not in press.kept


def find_lost(press: Press, after: Ledger) -> Iterator[str]:
    """The articles' pages that were on the site and are not there any more, under no other name either."""
    for slug in sorted(press.before.issues.keys() & press.kept.keys()):
        gone = press.before.issues[slug].files.keys() - after.paths()
        yield from sorted(path.removeprefix("archive/") for path in gone if path.endswith(".html"))


def began(config: Config) -> frozenset[str] | None:
    """The issues whose mailing began; None where there is no store. Raises StoreError."""
    store = open_store_readonly(config.store)
    if store is None:
        return None
    with store:
        return public_slugs(store)


def public_of(config: Config, sent: frozenset[str], before: Ledger) -> Sequence[str]:
    """The slugs of the public issues. One that is broken at the moment is public if it was, if its mailing began, or if
    its text says so."""
    found = []
    sent = with_new_names(sent, config.settings.redirects)
    for slug in slugs_of(config.project):
        issue = read_issue(config.project, slug)
        wanted = issue.published if issue else slug in before.issues or says_published(config.project, slug)
        if wanted or slug in sent:
            found.append(slug)
    return found


def set_issue(press: Press, slug: str) -> None:
    """Puts an issue on the site: as it was where nothing changed or it is broken now, else anew."""
    stamp = stamp_issue(press.config, slug)
    known = press.before.issues.get(slug)
    if known is not None and known.stamp == stamp and known.is_whole(press.out):
        press.kept[slug] = known
        return
    try:
        leaf, files = print_issue(press.config, press.masthead, slug)
    except InvalidInput as error:
        press.findings.extend(error.findings)
        press.broken.append(slug)
        if known is not None:
            press.kept[slug] = known
        return
    press.kept[slug] = Kept(stamp, leaf, {path: len(content) for path, content in files.items()})
    press.fresh |= files


def stamp_issue(config: Config, slug: str) -> str:
    """What changes when anything changes that an issue's pages are made from."""
    return digest(repr((stamp_of(config.project, slug, config.settings.theme.logo), config.url)).encode())


def print_issue(config: Config, masthead: Masthead, slug: str) -> tuple[Leaf, Mapping[str, bytes]]:
    """An issue as the archive keeps it, and its files by their path in the site. Raises InvalidInput."""
    made = make_edition(config, slug, None, shelf=config.state_folder / "pictures")
    return print_edition(masthead, made.edition, made.file.issue)


def print_edition(masthead: Masthead, edition: Edition, issue: Issue) -> tuple[Leaf, Mapping[str, bytes]]:
    """The same for an edition that is made already."""
    leaf = make_leaf(edition, issue.date, issue.number)
    files = {f"archive/{leaf.slug}/{name}": content for name, content in public_files(masthead, edition, leaf).items()}
    return leaf, {**files, f"og/{leaf.slug}.png": draw_picture(masthead, leaf)}


def issue_files(press: Press) -> Mapping[str, bytes]:
    """The files of all issues by their path below `archive/`, for redirects; read back where they did not change."""
    if not press.config.settings.redirects:
        return {}
    paths = [path for kept in press.kept.values() for path in kept.files if path.startswith("archive/")]
    found = {path: press.fresh.get(path) for path in paths}
    return {
        path.removeprefix("archive/"): (press.out / path).read_bytes() if content is None else content
        for path, content in found.items()
    }


def write_site(press: Press, after: Ledger) -> tuple[int, int]:
    """Writes and deletes; how many files each. The ledger names every file of ours before it is there, and until it is
    gone. Raises RuhrmailError."""
    refuse_foreign(press)
    gone = press.before.paths() - after.paths()
    try:
        remove_drafts(press.out, press.before.paths())
        changed = [path for path in pages_last(press.fresh) if differs(press.out / path, press.fresh[path])]
        if changed or gone:
            write_ledger(press.out, press.before.united(after))
        for path in changed:
            write_file(press.out / path, press.fresh[path])
        removed = remove_files(press.out, gone)
        write_ledger(press.out, after)
    except OSError as error:
        raise cannot_write(press.out, error) from error
    return len(changed), removed


def refuse_foreign(press: Press) -> None:
    """Raises RuhrmailError where a file lies in the way that no run of ours has written; one that holds the very same
    may be from a run whose ledger is gone."""
    ours, new = press.before.paths(), press.fresh.items()
    there = (path for path, content in new if path not in ours and differs(press.out / path, content))
    found = next((place for path in there if (place := obstacle(press.out, path)) is not None), None)
    if found is not None:
        message = phrase("{file} is in the way", file=press.config.name_of(found))
        raise RuhrmailError(message, hint=phrase("choose another folder with --out, or move it away"))


def obstacle(out: Path, path: str) -> Path | None:
    """What lies where a file is to be written, or where one of its folders is to be; None for nothing."""
    folders = (out / part for part in PurePosixPath(path).parents)
    blocked = (place for place in folders if os.path.lexists(place) and not place.is_dir())
    return next(blocked, out / path if os.path.lexists(out / path) else None)


def pages_last(paths: Iterable[str]) -> Sequence[str]:
    """Pictures before the pages that show them, the lists after what they lead to, so that a run that is killed leaves
    no link to nothing."""
    return sorted(paths, key=lambda path: (is_list(path), path.endswith(".html"), path))


def is_list(path: str) -> bool:
    """Whether a file leads to others: pages around the issues, feeds, the list that the search begins with."""
    folder, _, name = path.partition("/")
    return not (folder == "og" or path.startswith("search/index/") or (folder == "archive" and "/" in name))


def differs(path: Path, content: bytes) -> bool:
    """Whether a file holds something else, or is not there."""
    return not path.is_file() or path.stat().st_size != len(content) or path.read_bytes() != content
