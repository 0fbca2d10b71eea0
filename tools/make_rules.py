"""Writes what follows from the rules: their manual pages into docs/rules.md, and its tables into rulebook.json.

Run it after a change of a rule or of that page; tests compare them.
"""

import json
import re
from pathlib import Path

from ruhrmail.check.rule import Rule
from ruhrmail.check.rules import RULES
from ruhrmail.clients import Feature, read_support

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
BOOK = ROOT / "ruhrmail" / "rulebook.json"
BEGIN = "<!-- made by tools/make_rules.py from the docstrings in ruhrmail/check -->"
ROW = re.compile(r"^\| `([^`]+)` \| (error|warning|info)[^|]* \| (.+?) \| (.+?) \|$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
RANK = ("error", "warning", "info")
LANGUAGES = {"ruhrmail.yaml": "yaml", "mail.txt.j2": "jinja"}


def write_pages() -> str:
    """The reference: a table of all rules of checking, then a section for each."""
    rows = [f"| `{rule.id}` | {rule.severity} | {clause(rule)} | {rule.page.remedy} |" for rule in RULES]
    table = ["| rule | severity | what it means | what to do |", "| --- | --- | --- | --- |", *rows]
    return "\n".join([BEGIN, "", *table, "", *(section(rule) for rule in RULES)]).rstrip() + "\n"


def clause(rule: Rule) -> str:
    """A page's title as a cell."""
    title = rule.page.title.rstrip(".").replace("|", "\\|")
    return title[:1].lower() + title[1:]


def section(rule: Rule) -> str:
    """One rule's page."""
    page = rule.page
    examples = f"{fence('Bad', page.bad)}\n\n{fence('Good', page.good)}"
    return f"### {rule.id}\n\n{page.title} {page.why}\n\n{examples}\n\nWhat to do: {page.remedy}.\n"


def fence(label: str, example: str) -> str:
    """An example as a block of code."""
    language = "html" if "<" in example and "templates/" in example else "yaml"
    return f"{label}:\n\n```{language}\n{example}\n```"


def update(text: str) -> str:
    """docs/rules.md with its made part renewed."""
    return text.partition(BEGIN)[0] + write_pages()


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


if __name__ == "__main__":
    PAGE.write_text(update(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    BOOK.write_text(make_rulebook(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
