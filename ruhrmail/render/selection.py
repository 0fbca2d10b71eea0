"""An issue cut to the blocks that some readers see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ruhrmail.model.blocks import Article
from ruhrmail.model.issue import Issue
from ruhrmail.model.location import Location
from ruhrmail.model.variants import find_variants
from ruhrmail.render.desk import Source
from ruhrmail.render.layout import name_articles, unguessable
from ruhrmail.source.document import Keys


@dataclass(frozen=True, slots=True)
class Cut:
    """An issue with some of its blocks, the numbers that these have in the file, and what leads back to it."""

    numbers: tuple[int, ...]
    issue: Issue
    source: Source


@dataclass(frozen=True, slots=True)
class Cuts:
    """What the readers of each variant see, by its name, what everybody may see, and each story that is for some.

    The pages of those stories exist, for mails link to them, but nothing public leads there.
    """

    variants: Mapping[str, Cut]
    public: Cut
    hidden: Sequence[Cut]

    def distinct(self) -> Iterator[Cut]:
        """Every cut that is shown as a whole, once."""
        yield from {cut.numbers: cut for cut in (self.public, *self.variants.values())}.values()


def cut_issue(issue: Issue, source: Source) -> Cuts:
    """Every cut of an issue; the variant of readers without tags comes first.

    Raises TooManyVariants, which checking the issue's file has ruled out.
    """
    blocks = list(enumerate(issue.content))
    rule = find_variants(block.condition for _, block in blocks)
    shown = {
        name: tuple(number for number, block in blocks if rule.shown(name, block.condition))
        for name in rule.names.values()
    }
    hidden = (number for number, block in blocks if isinstance(block, Article) and not block.for_everybody)
    return Cuts(
        variants={name: cut(issue, source, numbers) for name, numbers in shown.items()},
        public=cut(issue, source, tuple(number for number, block in blocks if block.for_everybody)),
        hidden=[cut(issue, source, (number,)) for number in hidden],
    )


def cut(issue: Issue, source: Source, numbers: tuple[int, ...]) -> Cut:
    """The issue with these blocks alone; places in the file stay what they are."""

    def whole(keys: Keys) -> Keys:
        if len(keys) > 1 and keys[0] == "content" and isinstance(keys[1], int):
            return ("content", numbers[keys[1]], *keys[2:])
        return keys

    def at(keys: Keys) -> Location:
        return source.at(whole(keys))

    def at_word(keys: Keys, offset: int) -> Location:
        return source.at_word(whole(keys), offset)

    blocks = tuple(issue.content[number] for number in numbers)
    return Cut(
        numbers, issue.model_copy(update={"content": blocks}), replace(source, at=at, at_word=at_word, whole=whole)
    )


def keep_anchors(issue: Issue) -> Issue:
    """The issue with every article's anchor as its id: the same whichever blocks are left out.

    The page of a story that is not for everybody gets a name that nobody can guess.
    """
    return issue.model_copy(update={"content": tuple(with_ids(issue))})


def with_ids(issue: Issue) -> Iterator[object]:
    """The blocks, articles with their ids."""
    anchors = name_articles(issue.content)
    for number, block in enumerate(issue.content):
        if not isinstance(block, Article):
            yield block
        elif block.body is None or block.for_everybody:
            yield block.model_copy(update={"id": anchors[number]})
        else:
            yield block.model_copy(update={"id": unguessable(anchors[number], block)})
