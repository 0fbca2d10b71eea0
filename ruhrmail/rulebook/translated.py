"""What is written of rules beside the code: German pages of all, reasons and examples of the rules of reading.

`locales/rules/TOPIC.yaml` has one entry for each rule of the topic:

    img/missing:
      de: {title: …, why: …, remedy: …}      # the German page; bad and good where an example cannot stay as it is
      en: {why: …}                           # the rest only for rules without a docstring: title and remedy are those
                                             # of the table in docs/rules.md where they are not written here
      bad: …
      good: …
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import yaml

from ruhrmail.rulebook.book import read_rulebook
from ruhrmail.rulebook.page import Page

HEADING = "topic"
PART = ", in part"
"""Ends the first line of an example that is no whole file."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule as its topic's file has it: texts by language, examples by `bad` and `good`."""

    de: Mapping[str, str] = field(default_factory=dict)
    en: Mapping[str, str] = field(default_factory=dict)
    bad: str = ""
    good: str = ""


def topics() -> Iterator[str]:
    """The topics that have a file, in the order of their names."""
    folder = resources.files("ruhrmail") / "locales" / "rules"
    yield from sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml"))


@cache
def read_topic(topic: str) -> Mapping[str, object]:
    """A topic's file; empty where there is none."""
    file = resources.files("ruhrmail") / "locales" / "rules" / f"{topic}.yaml"
    if not topic.isalnum() or not file.is_file():
        return {}
    found: Mapping[str, object] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found


def read_entries(topic: str) -> Mapping[str, Entry]:
    """The entries of one topic by rule."""
    rows = {name: row for name, row in read_topic(topic).items() if name != HEADING}
    return {name: Entry(**row) for name, row in rows.items()}  # type: ignore[arg-type]


def heading_of(topic: str) -> str:
    """What a topic is called in German, empty where nobody said it."""
    return str(read_topic(topic).get(HEADING, ""))


def open_page(name: str, language: str, own: Page | None = None) -> Page | None:
    """The page of a rule in `de` or `en`; `own` is the one in its docstring, which is English. None without a rule."""
    entry = read_entries(name.partition("/")[0]).get(name, Entry())
    if language == "de" and entry.de:
        return german_page(entry, own)
    rule = read_rulebook().get(name)
    if own or rule is None:
        return own
    said = {"title": sentence(rule.means), "why": "", "remedy": rule.remedy} | {**entry.en}
    texts = {key: flow(text) for key, text in said.items()}
    return Page(texts["title"], texts["why"], entry.bad.strip(), entry.good.strip(), texts["remedy"])


def german_page(entry: Entry, own: Page | None) -> Page:
    """The German texts with the examples of the docstring, of the entry, or its German ones."""
    bad, good = (own.bad, own.good) if own else (entry.bad, entry.good)
    examples = (entry.de.get("bad", bad), entry.de.get("good", good))
    bad, good = (one.replace(f"{PART}\n", ", Auszug\n", 1).strip() for one in examples)
    return Page(flow(entry.de["title"]), flow(entry.de["why"]), bad, good, flow(entry.de["remedy"]))


def flow(text: str) -> str:
    """A paragraph without its line ends."""
    return " ".join(text.split())


def sentence(clause: str) -> str:
    """`there is no such file` as a sentence; a clause that begins with code stays as it begins."""
    return f"{clause[:1].upper()}{clause[1:]}."
