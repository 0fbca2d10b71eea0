"""A rule's id to its manual page, in the reader's language."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from ruhrmail.check import find_rule
from ruhrmail.errors import UsageError
from ruhrmail.model.finding import Severity
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.rulebook import Page, open_page, read_rulebook
from ruhrmail.triage import Selection


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule, the gravest severity that it has by itself, and its page."""

    id: str
    severity: Severity
    page: Page


def explain(name: str, language: str) -> Explained:
    """The rule of this id. Raises UsageError for an id that no rule has, with a guess."""
    page = page_of(name, language)
    if page is None:
        raise UsageError(phrase("there is no rule {rule}", rule=name), hint=guess(name))
    return Explained(name, read_rulebook()[name].severity, page)


def guess(name: str) -> Phrase:
    """The hint for an id that no rule has: one that is nearly the same or ends alike, else where to look."""
    known = read_rulebook()
    topic, _, last = name.lower().rpartition("/")
    near = get_close_matches(name.lower(), known, n=1) or [one for one in known if one.partition("/")[2] == last]
    if near:
        return phrase("did you mean {word}?", word=near[0])
    for kind in (topic, last):
        if any(one.startswith(f"{kind}/") for one in known):
            return phrase("all of this kind: ruhrmail check --rules --select '{kind}/*'", kind=kind)
    return phrase("ruhrmail check --rules lists them all")


def explain_all(selection: Selection, language: str) -> Iterator[Explained]:
    """Every rule that the selection admits, in the order of the ids."""
    return (explain(name, language) for name in read_rulebook() if selection.admits(name))


def page_of(name: str, language: str) -> Page | None:
    """The page of a rule in `de` or `en`; None where there is no such rule."""
    rule = find_rule(name)
    return open_page(name, language, rule.page if rule else None)
