"""The pages around the issues: start, archive, years, topics, search, and what is said where something is missing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from ruhrmail.archive.dress import dress
from ruhrmail.archive.masthead import Masthead, newest_first
from ruhrmail.archive.words import archive_words
from ruhrmail.i18n import translator
from ruhrmail.model.archive import Leaf, Story

LATEST = 3
NOT_FOUND = "404.html"
SCRIPT = "search/search.js"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, spelled as in most of its articles, and those articles, the newest first."""

    name: str
    label: str
    found: tuple[tuple[Leaf, Story], ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """The issues as the pages list them."""

    leaves: Sequence[Leaf]
    years: Mapping[int, Sequence[Leaf]]
    topics: Sequence[Topic]
    has_dates: bool


def sort_out(leaves: Sequence[Leaf]) -> Lists:
    """The issues by time, year and topic."""
    newest = newest_first(leaves)
    years = {year: list(group) for year, group in groupby(newest, key=lambda leaf: leaf.date.year)}
    return Lists(newest, years, list(topics_of(newest)), any(leaf.about.happenings for leaf in newest))


def topics_of(leaves: Sequence[Leaf]) -> Iterator[Topic]:
    """The topics of all articles, in the order of the alphabet."""
    found: dict[str, list[tuple[Leaf, Story]]] = {}
    for leaf in leaves:
        for story in leaf.about.stories:
            if story.topic:
                found.setdefault(story.topic, []).append((leaf, story))
    for name, pairs in sorted(found.items()):
        label = Counter(story.kicker for _, story in pairs).most_common(1)[0][0]
        yield Topic(name, label, tuple(pairs))


def write_pages(masthead: Masthead, lists: Lists) -> Iterator[tuple[str, bytes]]:
    """Every page by its path."""
    for path, template, values in plan_pages(lists):
        yield path, write_page(masthead, lists, path, template, **values)
    yield SCRIPT, source(SCRIPT.rpartition("/")[2])


def plan_pages(lists: Lists) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Path, template and values of every page."""
    yield "index.html", "start.html.j2", {"latest": lists.leaves[:LATEST]}
    yield "archive/index.html", "archive.html.j2", {}
    for year, leaves in lists.years.items():
        yield f"years/{year}/index.html", "year.html.j2", {"year": year, "issues": leaves}
    if lists.topics:
        yield "topics/index.html", "topics.html.j2", {}
    for topic in lists.topics:
        yield f"topics/{topic.name}/index.html", "topic.html.j2", {"topic": topic}
    yield "search/index.html", "search.html.j2", {}
    yield NOT_FOUND, "absent.html.j2", {}


def write_page(masthead: Masthead, lists: Lists, path: str, template: str, **values: object) -> bytes:
    """One page. Its links are relative, so that it works in any folder; the one for what is not there is shown in every
    folder, and names whole paths."""
    root = urlsplit(masthead.url).path.rstrip("/") + "/" if path == NOT_FOUND else "../" * path.count("/")
    words = archive_words(masthead.language)
    common = {
        "masthead": masthead,
        "lists": lists,
        "root": root,
        "here": path.removesuffix("index.html"),
        "address": masthead.address(path),
        "t": translator(masthead.language),
        "words": words,
    }
    return dress(templates().get_template(template).render(**common, **values).encode())


def write_moved(masthead: Masthead, lists: Lists, place: str) -> bytes:
    """The page at an old place, which leads to `place` below `archive/`."""
    target = masthead.address(f"archive/{place}" if "/" in place else f"archive/{place}/")
    return write_page(masthead, lists, NOT_FOUND, "moved.html.j2", target=target)


@cache
def templates() -> Environment:
    """The packaged pages; whatever is not known while rendering is an error."""
    return Environment(
        loader=PackageLoader("ruhrmail.archive"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def source(name: str) -> bytes:
    """A file of the templates' folder as it is."""
    environment = templates()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0].encode()
