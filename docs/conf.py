"""The documentation site: the Markdown pages of this folder, as they are read on a forge too. `make docs` builds it."""

import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

PACKAGE = Path(__file__).parents[1] / "ruhrmail" / "__init__.py"
GERMAN = re.compile(r"index|tutorial|ausgaben|vorschau|pruef\w+|senden|bericht|datenschutz|umstieg")
"""Pages in German; all others are in English."""

project = "ruhrmail"
author = "ruhrmail"
version = release = re.findall(r'__version__ = "(.+)"', PACKAGE.read_text(encoding="utf-8"))[0]
copyright = "ruhrmail, MIT"
language = "de"  # the words around the pages, and how search cuts words down to their stems

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
myst_links_external_new_tab = False
suppress_warnings = ["myst.header"]
nitpicky = True

html_theme = "furo"
html_title = "ruhrmail"
html_show_sphinx = False
html_copy_source = False
html_show_sourcelink = False
html_last_updated_fmt = None
html_permalinks_icon = "#"
highlight_language = "none"
pygments_style = "default"


def tell_language(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Says of each page which language it is in, for readers who are read to and for hyphenation."""
    context["language"] = "de" if GERMAN.fullmatch(page) or not doctree else "en"


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("html-page-context", tell_language)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
