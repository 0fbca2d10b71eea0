"""Variants: the different sets of blocks that readers of an issue see, and which one a reader's tags select."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

MAX_VARIANTS = 32
MAX_STATES = 4096
"""Ways in which tags can combine; far more than 32 variants need unless their conditions are knotted on purpose."""

DECIDED_AGAINST = 2
"""What a forbidden tag makes of a condition; a wanted one makes it 1, and the strongest word counts."""

Shown = tuple[bool, ...]
"""Which of an issue's conditions hold, in their order."""


class TooManyVariants(Exception):
    """The conditions of an issue make more different mails than anybody can look at."""


def fold_tag(tag: str) -> str:
    """What makes two tags the same: letter case, blanks around them and the spelling of accents do not count."""
    return unicodedata.normalize("NFC", tag.strip()).casefold()


@dataclass(frozen=True, slots=True)
class Condition:
    """Who sees a block: readers with one of these tags (all, when there are none) and with none of those."""

    only_for: frozenset[str] = frozenset()
    not_for: frozenset[str] = frozenset()

    def holds(self, tags: frozenset[str]) -> bool:
        """True for a reader with these tags, which are folded."""
        return (not self.only_for or bool(self.only_for & tags)) and not self.not_for & tags


def make_condition(only_for: Iterable[str], not_for: Iterable[str]) -> Condition:
    """The condition that a block's two lists of tags make."""
    return Condition(frozenset(map(fold_tag, only_for)), frozenset(map(fold_tag, not_for)))


FOR_EVERYBODY = Condition()


@dataclass(frozen=True, slots=True)
class Variants:
    """The rule from tags to variant: the name by which of the conditions hold. The first is "", for no tags at all."""

    conditions: tuple[Condition, ...] = ()
    names: Mapping[Shown, str] = field(default_factory=lambda: {(): ""})

    def choose(self, tags: Iterable[str]) -> str:
        """The variant of a reader with these tags, as they are written."""
        return self.names[hold(self.conditions, frozenset(map(fold_tag, tags)))]

    def shown(self, name: str, condition: Condition) -> bool:
        """Whether a variant shows the blocks with this condition."""
        if condition == FOR_EVERYBODY:
            return True
        found = next(shown for shown, one in self.names.items() if one == name)
        return found[self.conditions.index(condition)]


ONE_VARIANT = Variants()
"""The rule of an issue that is the same for everybody."""


def find_variants(conditions: Iterable[Condition]) -> Variants:
    """The variants of an issue by the conditions of its blocks.

    Each is named by the fewest tags that select it, the first in the alphabet (`kultur`, `kultur+wirtschaft`).
    Raises TooManyVariants for more than 32.
    """
    distinct = tuple(dict.fromkeys(one for one in conditions if one != FOR_EVERYBODY))
    names: dict[Shown, str] = {}
    taken: set[str] = set()
    for tags in tag_sets(distinct):
        shown = hold(distinct, frozenset(tags))
        if shown not in names:
            names[shown] = free_name("+".join(tags), taken)
            taken.add(names[shown])
        if len(names) > MAX_VARIANTS:
            raise TooManyVariants
    return Variants(distinct, names)


def tag_sets(conditions: Sequence[Condition]) -> Iterator[tuple[str, ...]]:
    """Sets of tags that together make everything true that any set can, the smallest first, each in alphabetical order.

    Two sets that leave every condition in the same state do the same for good, so only the first goes on: no walk
    over all 2^n sets. Raises TooManyVariants where even so there are too many.
    """
    effects = {tag: effect_of(tag, conditions) for tag in sorted(all_tags(conditions))}
    start = (0,) * len(conditions)
    seen = {start}
    layer: list[tuple[tuple[str, ...], tuple[int, ...]]] = [((), start)]
    while layer:
        yield from (tags for tags, _ in layer)
        following = []
        for tags, state in layer:
            for tag in (one for one in effects if not tags or one > tags[-1]):
                reached = tuple(map(max, state, effects[tag]))
                if reached not in seen:
                    seen.add(reached)
                    following.append(((*tags, tag), reached))
            if len(seen) > MAX_STATES:
                raise TooManyVariants
        layer = following


def effect_of(tag: str, conditions: Sequence[Condition]) -> tuple[int, ...]:
    """What a tag does to each condition: nothing, opens it, or closes it for good."""
    return tuple(DECIDED_AGAINST if tag in one.not_for else int(tag in one.only_for) for one in conditions)


def all_tags(conditions: Iterable[Condition]) -> set[str]:
    """Every tag that a condition names."""
    return {tag for one in conditions for tag in one.only_for | one.not_for}


def hold(conditions: Iterable[Condition], tags: frozenset[str]) -> Shown:
    """Which conditions hold for a reader."""
    return tuple(one.holds(tags) for one in conditions)


def free_name(name: str, taken: set[str]) -> str:
    """The name, numbered where a tag with a plus sign in it has taken it."""
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free
