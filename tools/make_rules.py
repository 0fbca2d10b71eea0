"""Writes what follows from the rules: their pages into docs/rules.md and docs/pruefregeln.md, the former's tables into
rulebook.json.

Run it after a change of a rule, of its German page or of the tables; tests compare them.
"""

import json
import re
from itertools import groupby
from pathlib import Path

from ruhrmail.check.rules import RULES
from ruhrmail.clients import Feature, read_support
from ruhrmail.flows.explain import Explained, explain, explain_all
from ruhrmail.rulebook import Page, heading_of
from ruhrmail.triage import Selection

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
GERMAN = ROOT / "docs" / "pruefregeln.md"
BOOK = ROOT / "ruhrmail" / "rulebook.json"
BEGIN = "<!-- made by tools/make_rules.py from the docstrings in ruhrmail/check -->"
BEGIN_GERMAN = "<!-- made by tools/make_rules.py from ruhrmail/locales/rules -->"
ROW = re.compile(r"^\| `([^`]+)` \| (error|warning|info)[^|]* \| (.+?) \| (.+?) \|$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
TAG = re.compile(r"<[a-z][^>]*>")
RANK = ("error", "warning", "info")
SEVERITIES = {"error": "Fehler", "warning": "Warnung", "info": "Hinweis"}
READING = "## Reasons and examples of the other rules"
ENGLISH_WORDS = ("Bad", "Good", "What to do")
LANGUAGES = {".csv": "text", "templates/": "jinja"}
"""How examples are highlighted, by what stands in their first line."""
GERMAN_WORDS = ("Schlecht", "Gut", "Abhilfe")


def write_table() -> str:
    """The table of all rules of checking."""
    pages = ((rule, rule.page) for rule in RULES)
    rows = [f"| `{rule.id}` | {rule.severity} | {clause(page)} | {mark_tags(page.remedy)} |" for rule, page in pages]
    return "\n".join(
        [BEGIN, "", "| rule | severity | what it means | what to do |", "| --- | --- | --- | --- |", *rows]
    )


def write_pages() -> str:
    """The reference: a table of all rules of checking, a section for each, then sections for those of reading."""
    checking = [explain(rule.id, "en") for rule in RULES]
    known = {rule.id for rule in RULES}
    reading = [rule for rule in explain_all(Selection(), "en") if rule.id not in known]
    parts = [write_table(), *map(section, checking), READING, *map(section, reading)]
    return "\n\n".join(parts) + "\n"


def clause(page: Page) -> str:
    """A page's title as a cell."""
    title = page.title.rstrip(".").replace("|", "\\|")
    return mark_tags(title[:1].lower() + title[1:])


def mark_tags(text: str) -> str:
    """Tags of HTML as code, for in Markdown they would be HTML: `<title>` swallowed the rest of a page."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else TAG.sub(r"`\g<0>`", part) for part in parts)


def section(rule: Explained, words: tuple[str, str, str] = ENGLISH_WORDS, level: str = "###") -> str:
    """One rule's page."""
    page = rule.page
    bad, good, remedy = words
    examples = [fence(label, text) for label, text in ((bad, page.bad), (good, page.good)) if text]
    text = mark_tags(f"{page.title} {page.why}".strip())
    return "\n\n".join([f"{level} {rule.id}", text, *examples, f"{remedy}: {mark_tags(page.remedy).rstrip('.')}."])


def fence(label: str, example: str) -> str:
    """An example as a block of code."""
    first = example.partition("\n")[0]
    language = next((one for part, one in LANGUAGES.items() if part in first), "yaml")
    return f"{label}:\n\n```{language}\n{example}\n```"


def update(text: str) -> str:
    """docs/rules.md with its made part renewed."""
    return text.partition(BEGIN)[0] + write_pages()


def update_german(text: str) -> str:
    """docs/pruefregeln.md with its made part renewed: for each topic a table and a section for each rule."""
    topics = groupby(explain_all(Selection(), "de"), lambda rule: rule.id.partition("/")[0])
    parts = [german_topic(topic, list(rules)) for topic, rules in topics]
    return text.partition(BEGIN_GERMAN)[0] + "\n\n".join([BEGIN_GERMAN, *parts]) + "\n"


def german_topic(topic: str, rules: list[Explained]) -> str:
    """A topic's headline, table and sections."""
    rows = [
        f"| [`{rule.id}`](#{rule.id.replace('/', '')}) | {SEVERITIES[rule.severity]} | {rule.page.title} |"
        for rule in rules
    ]
    table = "\n".join(["| Regel | Schwere | Was gefunden wird |", "| --- | --- | --- |", *rows])
    sections = (section(rule, GERMAN_WORDS) for rule in rules)
    return "\n\n".join([f"## {heading_of(topic) or topic}", table, *sections])


def make_rulebook(page: str) -> str:
    """The rows of all tables by rule, and one for each feature of mail clients; a rule that stands twice takes the
    graver severity and both meanings."""
    book: dict[str, dict[str, str]] = {}
    for rule, severity, means, remedy in ROW.findall(LINK.sub(r"\1", page)):
        row = {"severity": severity, "means": means, "remedy": remedy}
        book[rule] = join(book[rule], row) if rule in book else row
    book |= {f"client/{slug}": feature_row(feature) for slug, feature in read_support().features.items()}
    return json.dumps(dict(sorted(book.items())), ensure_ascii=False, indent=1) + "\n"


def feature_row(feature: Feature) -> dict[str, str]:
    """What the rule of one feature says; docs/rules.md has one page for all of them."""
    means = f"readers' mail programs do not show {feature.title}"
    return {"severity": "warning", "means": means, "remedy": f"do without it, or see {feature.url}"}


def join(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    """Two rows of one rule as one."""
    severity = min(first["severity"], second["severity"], key=RANK.index)
    texts = {key: f"{first[key]}; or {second[key]}" for key in ("means", "remedy") if first[key] != second[key]}
    return {**first, "severity": severity, **texts}


def make() -> None:
    """Writes all three files; the rulebook first, for the pages are made from it."""
    text = PAGE.read_text(encoding="utf-8")
    BOOK.write_text(make_rulebook(text.partition(BEGIN)[0] + write_table() + "\n"), encoding="utf-8")
    PAGE.write_text(update(text), encoding="utf-8")
    GERMAN.write_text(update_german(GERMAN.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    make()
