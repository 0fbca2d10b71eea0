"""Write `ruhrmail/rulebook.json` from the tables of `docs/rules.md`.

Run `python tools/make_rulebook.py` after a change of that page; a test compares the two.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
BOOK = ROOT / "ruhrmail" / "rulebook.json"
ROW = re.compile(r"^\| `([^`]+)` \| (error|warning|info)[^|]* \| (.+?) \| (.+?) \|$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
RANK = ("error", "warning", "info")


def make_rulebook(page: str) -> str:
    """The rows of the tables by rule; one that stands twice takes the graver severity and both meanings."""
    book: dict[str, dict[str, str]] = {}
    for rule, severity, means, remedy in ROW.findall(LINK.sub(r"\1", page)):
        row = {"severity": severity, "means": means, "remedy": remedy}
        book[rule] = join(book[rule], row) if rule in book else row
    return json.dumps(dict(sorted(book.items())), ensure_ascii=False, indent=1) + "\n"


def join(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    """Two rows of one rule as one."""
    severity = min(first["severity"], second["severity"], key=RANK.index)
    texts = {key: f"{first[key]}; or {second[key]}" for key in ("means", "remedy") if first[key] != second[key]}
    return {**first, "severity": severity, **texts}


if __name__ == "__main__":
    BOOK.write_text(make_rulebook(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
