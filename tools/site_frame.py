"""The frame around the pages of the documentation site: in the language of each page, and readable by everybody.

A Sphinx extension. Sphinx knows one language for all pages; here every page brings its own words to the templates, and
what the theme writes in English whatever the language is exchanged afterwards, as is what screen readers stumble over.
"""

import re
from collections.abc import Callable, Iterator
from posixpath import dirname, join, normpath
from typing import Any

from sphinx.application import Sphinx
from sphinx.locale import get_translator
from sphinx.transforms import SphinxTransform

GERMAN = re.compile(r"index|tutorial|ausgaben|vorschau|pruef\w+|senden|bericht|datenschutz|umstieg|search")
"""Pages in German; all others are in English."""
SEARCH = {"de": "search.html", "en": "search-en.html"}
CAPTIONS = ("Lehrgang", "Für die Redaktion")
"""Captions of the navigation in German."""
WORDS = {
    "Skip to content": "Zum Inhalt",
    "Back to top": "Nach oben",
    "On this page": "Auf dieser Seite",
    "Next": "Weiter",
    "Previous": "Zurück",
    "Home": "Startseite",
    "Made with ": "Gemacht mit ",
    "Pages": "Seiten",
    "Contents": "Inhalt",
    "Menu": "Menü",
    "Expand": "Ausklappen",
    "Light mode": "Hell",
    "Dark mode": "Dunkel",
    "Auto light/dark, in light mode": "Wie im System, gerade hell",
    "Auto light/dark, in dark mode": "Wie im System, gerade dunkel",
    "Toggle site navigation sidebar": "Seiten ein- und ausblenden",
    "Toggle table of contents sidebar": "Inhaltsverzeichnis ein- und ausblenden",
    "Toggle Light / Dark / Auto color theme": "Hell, dunkel oder wie im System",
}
"""Words of the theme that Sphinx has not in German."""
TOGGLE = re.compile(r"Toggle navigation of (.+)")
FIXED = re.compile(r'(aria-label="|<title>)([^"<]+)')
CAPTION = re.compile(r'<p class="caption" role="heading">(<span class="caption-text">([^<]*)</span>)')
SEARCH_FORM = re.compile(r'(action="[^"]*)search\.html"')
ENTRY = re.compile(r'(<li class="toctree-[^>]*><a class="[^"]*" )href="([^"#]+)\.html"')
EMPTY_HEAD = re.compile(r"<thead>\s*<tr[^>]*>(?:\s*<th[^>]*><p></p></th>)+\s*</tr>\s*</thead>")
EMPTY_CELL = re.compile(r"<th([^>]*)><p></p></th>")


def language_of(page: str) -> str:
    """The language that a page is written in, by its name."""
    return "de" if GERMAN.fullmatch(page) else "en"


class Spoken(SphinxTransform):
    """Tells what sets quotation marks in which language a page is written."""

    default_priority = 700  # before SphinxSmartQuotes

    def apply(self, **_: Any) -> None:
        self.document["classes"].append(f"language-{language_of(self.env.docname)}")


def words_of(language: str) -> Callable[[str], str]:
    """From a word of the templates to that of the language."""
    if language == "en":
        return str
    sphinx = get_translator()
    return lambda word: WORDS.get(word) or TOGGLE.sub(r"\1 ein- und ausklappen", sphinx.gettext(word))


def tell_language(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Gives the templates of one page its language, the words of it, and what mends the frame."""
    language = context["language"] = language_of(page)
    word = words_of(language)
    context["gettext"] = word
    context["ngettext"] = lambda one, many, count: word(one if count == 1 else many)
    context["frame"] = lambda body: mend_frame(str(body), page, word)
    if language == "en":  # the words that scripts show
        files = context.get("script_files", [])
        context["script_files"] = [one for one in files if "translations.js" not in str(getattr(one, "filename", one))]


def mend_frame(body: str, page: str, word: Callable[[str], str]) -> str:
    """The body of a page: the theme's fixed words in its language; names and levels for parts; ways for keys."""
    language = language_of(page)
    body = FIXED.sub(lambda found: found[1] + word(found[2]), body)
    body = CAPTION.sub(lambda found: caption(found[1], found[2], language), body)
    body = ENTRY.sub(lambda found: entry(found[1], found[2], page), body)
    body = SEARCH_FORM.sub(rf'\1{SEARCH[language]}"', body)
    body = EMPTY_CELL.sub(r"<td\1></td>", EMPTY_HEAD.sub("", body))
    for old, new in (
        ("<pre>", '<pre tabindex="0">'),  # what can be scrolled can be reached by keys
        ('<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
        ('<aside class="sidebar-drawer"', f'<aside aria-label="{word("Pages")}" class="sidebar-drawer"'),
        ('<aside class="toc-drawer"', f'<aside aria-label="{word("On this page")}" class="toc-drawer"'),
    ):
        body = body.replace(old, new)
    return body


def caption(inner: str, text: str, language: str) -> str:
    """A caption of the navigation as a heading with a level, and with its language where the page has another."""
    own = "de" if text in CAPTIONS else "en"
    told = "" if own == language else f' lang="{own}"'
    return f'<p class="caption" role="heading" aria-level="2"{told}>{inner}'


def entry(start: str, link: str, page: str) -> str:
    """A link of the navigation, with its language where the page has another."""
    own = language_of(normpath(join(dirname(page), link)))
    told = "" if own == language_of(page) else f'lang="{own}" hreflang="{own}" '
    return f'{start}{told}href="{link}.html"'


def english_search(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The search once more, for the pages in English."""
    yield SEARCH["en"].removesuffix(".html"), {"title": "Search"}, "search.html"


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_transform(Spoken)
    app.connect("html-page-context", tell_language)
    app.connect("html-collect-pages", english_search)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
