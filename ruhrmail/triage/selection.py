"""Rule ids and their families as people name them: `img/weight`, `img/*`, several with commas between."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from ruhrmail.errors import UsageError
from ruhrmail.model.finding import names_of
from ruhrmail.model.phrase import phrase

EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Selection:
    """Patterns of the rules that count (none: all), and of those that do not; the second win."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def admits(self, rule: str) -> bool:
        """True for a rule that counts."""
        chosen = not self.select or matches(rule, self.select)
        return chosen and not matches(rule, self.ignore)


def matches(rule: str, patterns: Iterable[str]) -> bool:
    """True when one of the patterns means the rule."""
    return any(fnmatchcase(name, pattern) for name in names_of(rule) for pattern in patterns)


def make_selection(select: Sequence[str], ignore: Sequence[str], known: Collection[str]) -> Selection:
    """The selection that options ask for. Raises UsageError for what means none of the `known` rules."""
    return Selection(read_patterns(select, known), read_patterns(ignore, known))


def read_patterns(options: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """The patterns of one option, given several times or with commas."""
    patterns = tuple(dict.fromkeys(one.strip() for option in options for one in option.split(",") if one.strip()))
    for pattern in patterns:
        if not is_known(pattern, known):
            raise unknown(pattern, known)
    return patterns


def is_known(pattern: str, known: Collection[str]) -> bool:
    """True for a known id, for `family/*` of a known one, and for `*`."""
    family = pattern.removesuffix("/*")
    if family == pattern:
        return pattern == EVERYTHING or pattern in known
    return family in {rule.partition("/")[0] for rule in known}


def unknown(pattern: str, known: Collection[str]) -> UsageError:
    """The error for a pattern that means nothing, with a guess."""
    families = {f"{rule.partition('/')[0]}/*" for rule in known}
    by_name = [rule for rule in sorted(known) if rule.partition("/")[2] == pattern.rpartition("/")[2]]
    near = get_close_matches(pattern, [*sorted(known), *sorted(families)], n=1) or by_name[:1]
    if pattern.rstrip("/") + "/*" in families:
        near = [pattern.rstrip("/") + "/*"]
    message = phrase("there is no rule {rule}", rule=pattern)
    if near:
        return UsageError(message, hint=phrase("did you mean {word}?", word=near[0]))
    return UsageError(message, hint=phrase("all of a kind: {families}", families=", ".join(sorted(families))))
