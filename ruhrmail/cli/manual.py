"""Manual pages of rules on a terminal."""

import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ruhrmail.cli.terminal import BOLD, COLOR_OF, Terminal
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.flows.explain import Explained
    from ruhrmail.model.finding import Severity

NARROWEST, WIDEST = 40, 100
"""Lines of text keep between these, whatever the terminal's width: longer ones are hard to follow."""


def show_page(terminal: Terminal, rule: "Explained") -> None:
    """One rule's whole page."""
    label = terminal.paint(terminal.translate(severity_word(rule.severity)), COLOR_OF[rule.severity])
    terminal.say("{text}", text=f"{terminal.paint(rule.id, BOLD)} ({label})")
    for text in paragraphs(terminal, rule):
        terminal.say("\n{text}", text=text)


def paragraphs(terminal: Terminal, rule: "Explained") -> Iterator[str]:
    """What stands below the headline, a text for each paragraph."""
    page, say = rule.page, terminal.translate
    yield wrap(page.title)
    if page.why:
        yield wrap(page.why)
    for label, example in ((phrase("Bad"), page.bad), (phrase("Good"), page.good)):
        if example:
            yield f"{say(label)}:\n\n{textwrap.indent(example, '    ')}"
    yield wrap(f"{say(phrase('What to do'))}: {page.remedy}")
    if rule.notes:
        yield "\n".join(wrap(say(note)) for note in rule.notes)


def show_rules(terminal: Terminal, rules: Iterable["Explained"]) -> None:
    """A line for each rule: severity, id and title."""
    listed = list(rules)
    widest = max((len(rule.id) for rule in listed), default=0)
    for rule in listed:
        label = terminal.translate(severity_word(rule.severity))
        ahead = f"{label:<8} {rule.id:<{widest}}  "
        text = wrap(rule.page.title, len(ahead))
        painted = terminal.paint(f"{label:<8}", COLOR_OF[rule.severity])
        terminal.say("{text}", text=painted + ahead[8:] + text)


def rules_as_json(rules: Iterable["Explained"]) -> list[dict[str, str]]:
    """The list for machines."""
    return [
        {"rule": rule.id, "severity": rule.severity, "title": rule.page.title, "remedy": rule.page.remedy}
        for rule in rules
    ]


def severity_word(severity: "Severity") -> Phrase:
    """What a severity is called in running text."""
    words = {"error": phrase("error"), "warning": phrase("warning"), "info": phrase("note")}
    return words[severity]


def wrap(text: str, indent: int = 0) -> str:
    """A paragraph as wide as the terminal; `indent` blanks before each line but the first. Code is not broken."""
    width = min(WIDEST, max(NARROWEST, indent + NARROWEST // 2, shutil.get_terminal_size().columns))
    lines = textwrap.wrap(text, width - indent, break_long_words=False, break_on_hyphens=False)
    return f"\n{' ' * indent}".join(lines)
