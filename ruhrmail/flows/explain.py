"""A rule's id to its manual page."""

import textwrap
from collections.abc import Iterator
from difflib import get_close_matches

from ruhrmail.check import find_rule
from ruhrmail.check.rule import Rule
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.rulebook import read_rulebook


def explain(name: str) -> Iterator[Phrase]:
    """The lines of the manual page, which is English; the words around it are translated.

    Raises UsageError for an id that no rule has.
    """
    rule = find_rule(name)
    if rule:
        yield from page_lines(rule)
        return
    row = read_rulebook().get(name)
    if row is None:
        near = get_close_matches(name, read_rulebook(), n=1)
        hint = phrase("did you mean {word}?", word=near[0]) if near else phrase("docs/rules.md names all of them")
        raise UsageError(phrase("there is no rule {rule}", rule=name), hint=hint)
    yield phrase("{text}", text=f"{row.id} ({row.severity})")
    yield phrase("{text}", text=f"{row.means}; {row.remedy}")


def page_lines(rule: Rule) -> Iterator[Phrase]:
    """A whole page."""
    page = rule.page
    yield phrase("{text}", text=f"{rule.id} ({rule.severity})")
    yield phrase("{text}", text=f"\n{page.title}\n\n{textwrap.fill(page.why, 80)}")
    for label, text in ((phrase("Bad"), page.bad), (phrase("Good"), page.good)):
        yield phrase("\n{label}:\n\n{text}", label=label, text=textwrap.indent(text, "    "))
    yield phrase("\n{label}: {text}", label=phrase("What to do"), text=page.remedy)
