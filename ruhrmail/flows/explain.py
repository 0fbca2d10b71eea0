"""A rule's id to its manual page, in the reader's language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from ruhrmail.check import find_rule
from ruhrmail.clients import ENHANCEMENTS, name_clients, read_support
from ruhrmail.errors import UsageError
from ruhrmail.model.finding import Severity, names_of
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.rulebook import Page, open_page, read_rulebook
from ruhrmail.triage import Selection

LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
LEVELS = {"n": phrase("not shown"), "a": phrase("shown in part"), "y": phrase("shown")}


@dataclass(frozen=True, slots=True)
class Explained:
    """A rule, the gravest severity that it has by itself, its page, and what else is known: lines below the page."""

    id: str
    severity: Severity
    page: Page
    notes: tuple[Phrase, ...] = ()


def explain(name: str, language: str) -> Explained:
    """The rule of this id. Raises UsageError for an id that no rule has, with a guess."""
    page = page_of(name, language)
    if page is None:
        raise UsageError(phrase("there is no rule {rule}", rule=name), hint=guess(name))
    return Explained(name, read_rulebook()[name].severity, page, tuple(feature_lines(name)))


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
    """Every rule that the selection admits, in the order of the ids; the features of mail clients as one."""
    names = (name for name in read_rulebook() if names_of(name)[-1] == name)
    return (explain(name, language) for name in names if selection.admits(name))


def page_of(name: str, language: str) -> Page | None:
    """The page of a rule in `de` or `en`; None where there is no such rule. All features of clients have one."""
    if name not in read_rulebook():
        return None
    common = names_of(name)[-1]
    rule = find_rule(common)
    return open_page(common, language, rule.page if rule else None)


def feature_lines(name: str) -> Iterator[Phrase]:
    """What is known of the one feature of mail clients that the id names; nothing for other rules."""
    feature = read_support().features.get(name.removeprefix("client/"))
    if feature is None or names_of(name)[-1] == name:
        return
    yield phrase("{text}", text=f"{feature.title}: {feature.url}")
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
