"""The German reference is what the pages say."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_german_reference_is_what_the_pages_say():
    text = (ROOT / "docs" / "pruefregeln.md").read_text(encoding="utf-8")
    update = runpy.run_path(str(ROOT / "tools" / "make_rules.py"))["update_german"]
    assert update(text) == text, "run python tools/make_rules.py"
