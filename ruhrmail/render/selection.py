"""An issue cut to the blocks that some readers see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ruhrmail.model.blocks import Article
from ruhrmail.model.issue import Issue
from ruhrmail.model.location import Location
from ruhrmail.model.variants import find_variants
from ruhrmail.render.desk import Source
from ruhrmail.render.layout import name_articles
from ruhrmail.source.document import Keys


@dataclass(frozen=True, slots=True)
class Cut:
    """An issue with some of its blocks, the numbers that these have in the file, and what leads back to it."""

    numbers: tuple[int, ...]
    issue: Issue
    source: Source


def cut_variants(issue: Issue, source: Source) -> Mapping[str, Cut]:
    """What the readers of each variant see, by its name, the one of readers without tags first.

    Raises TooManyVariants, which checking the issue's file has ruled out.
    """
    variants = find_variants(block.condition for block in issue.content)
    cuts = {}
    for name in variants.names.values():
        shown = (number for number, block in enumerate(issue.content) if variants.shown(name, block.condition))
        cuts[name] = cut(issue, source, tuple(shown))
    return cuts


def cut_public(issue: Issue, source: Source) -> Cut:
    """What everybody may see."""
    return cut(issue, source, tuple(number for number, block in enumerate(issue.content) if block.for_everybody))


def cut(issue: Issue, source: Source, numbers: tuple[int, ...]) -> Cut:
    """The issue with these blocks alone; places in the file stay what they are."""

    def at(keys: Keys) -> Location:
        whole = keys
        if len(keys) > 1 and keys[0] == "content" and isinstance(keys[1], int):
            whole = ("content", numbers[keys[1]], *keys[2:])
        return source.at(whole)

    blocks = tuple(issue.content[number] for number in numbers)
    return Cut(numbers, issue.model_copy(update={"content": blocks}), replace(source, at=at))


def keep_anchors(issue: Issue) -> Issue:
    """The issue with every article's anchor as its id: the same whichever blocks are left out."""
    return issue.model_copy(update={"content": tuple(with_ids(issue))})


def with_ids(issue: Issue) -> Iterator[object]:
    """The blocks, articles with their ids."""
    anchors = name_articles(issue.content)
    for number, block in enumerate(issue.content):
        yield block.model_copy(update={"id": anchors[number]}) if isinstance(block, Article) else block
