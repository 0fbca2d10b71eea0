"""The documentation site: the Markdown pages of this folder, as they are read on a forge too. `make docs` builds it."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ruhrmail" / "__init__.py"
sys.path.insert(0, str(ROOT))  # for tools.site_frame, wherever Sphinx was started

project = "ruhrmail"
author = "ruhrmail"
version = release = re.findall(r'__version__ = "(.+)"', PACKAGE.read_text(encoding="utf-8"))[0]
copyright = "ruhrmail, MIT"
language = "de"  # how search cuts words down to their stems; the words around a page are in its own language

extensions = ["myst_parser", "tools.site_frame"]
templates_path = ["_templates"]
source_suffix = {".md": "markdown"}
myst_heading_anchors = 4
myst_links_external_new_tab = False
suppress_warnings = ["myst.header"]
nitpicky = True

smartquotes_action = "qe"  # two hyphens begin an option, they are no dash

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_title = "ruhrmail"
html_show_sphinx = False
html_copy_source = False
html_use_index = False
html_show_sourcelink = False
html_last_updated_fmt = None
html_permalinks_icon = "#"
highlight_language = "none"
pygments_style = "default"
