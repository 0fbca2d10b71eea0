"""Writes what follows from the rules: their manual pages into docs/rules.md, and the tables there into fixed.json."""

import json
import re
from pathlib import Path

from ruhrmail.check.rule import Rule
from ruhrmail.check.rules import RULES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
FIXED = ROOT / "ruhrmail" / "check" / "fixed.json"
BEGIN = "<!-- made by tools/make_rules.py from the docstrings in ruhrmail/check -->"
ROW = re.compile(r"^\| `([^`]+)` \| (\w+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
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


def read_tables(text: str) -> str:
    """The hand-written tables of docs/rules.md as the program reads them."""
    rows = ROW.findall(text.partition(BEGIN)[0])
    keys = ("rule", "severity", "meaning", "remedy")
    return json.dumps([dict(zip(keys, row, strict=True)) for row in rows], ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PAGE.write_text(update(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    FIXED.write_text(read_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
