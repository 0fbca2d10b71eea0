"""A rule's id to its manual page."""

import re
import textwrap
from collections.abc import Iterator
from difflib import get_close_matches

from ruhrmail.check import find_rule
from ruhrmail.check.rule import Rule
from ruhrmail.clients import ENHANCEMENTS, name_clients, read_support
from ruhrmail.errors import UsageError
from ruhrmail.model.finding import names_of
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.rulebook import read_rulebook

LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
LEVELS = {"n": phrase("not shown"), "a": phrase("shown in part"), "y": phrase("shown")}


def explain(name: str) -> Iterator[Phrase]:
    """The lines of the manual page, which is English; the words around it are translated.

    Raises UsageError for an id that no rule has.
    """
    rule = find_rule(names_of(name)[-1])
    if rule and name in read_rulebook():
        yield from page_lines(rule, name)
        yield from feature_lines(name)
        return
    row = read_rulebook().get(name)
    if row is None:
        near = get_close_matches(name, read_rulebook(), n=1)
        hint = phrase("did you mean {word}?", word=near[0]) if near else phrase("docs/rules.md names all of them")
        raise UsageError(phrase("there is no rule {rule}", rule=name), hint=hint)
    yield phrase("{text}", text=f"{row.id} ({row.severity})")
    yield phrase("{text}", text=f"{row.means}; {row.remedy}")


def page_lines(rule: Rule, name: str) -> Iterator[Phrase]:
    """A whole page, under the id that was asked for."""
    page = rule.page
    yield phrase("{text}", text=f"{name} ({rule.severity})")
    yield phrase("{text}", text=f"\n{page.title}\n\n{textwrap.fill(page.why, 80)}")
    for label, text in ((phrase("Bad"), page.bad), (phrase("Good"), page.good)):
        yield phrase("\n{label}:\n\n{text}", label=label, text=textwrap.indent(text, "    "))
    yield phrase("\n{label}: {text}", label=phrase("What to do"), text=page.remedy)


def feature_lines(name: str) -> Iterator[Phrase]:
    """What is known of the one feature that the id names; nothing for other rules."""
    feature = read_support().features.get(name.removeprefix("client/"))
    if feature is None or names_of(name)[-1] == name:
        return
    yield phrase("{text}", text=f"\n{feature.title}: {feature.url}")
    if reason := ENHANCEMENTS.get(feature.slug):
        yield phrase("not told, for {reason}", reason=reason)
    for level, words in LEVELS.items():
        clients = [client for client in read_support().clients if feature.level(client) == level]
        for text in dict.fromkeys(plain_note(feature.note(client)) for client in clients):
            same = [client for client in clients if plain_note(feature.note(client)) == text]
            names = ", ".join(name_clients(same, read_support().clients))
            yield phrase("- {how}: {clients}", how=words, clients=f"{names}. {text}".rstrip(". ") + ".")


def plain_note(text: str) -> str:
    """A note without the marks of Markdown."""
    return LINK.sub(r"\1", text).replace("`", "")
