"""The three forms of an edition, each by its own templates: HTML mail, plain text, web page."""

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from mjml import mjml2html

from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput
from ruhrmail.i18n import Translator
from ruhrmail.model.finding import Finding
from ruhrmail.model.merge import GREETING, MergeField, MergeText, fill
from ruhrmail.model.phrase import phrase
from ruhrmail.render.blame import find_culprit
from ruhrmail.render.fields import Marks
from ruhrmail.render.palette import Palette
from ruhrmail.render.spacing import NARROW, NO_BREAK
from ruhrmail.render.style import make_style
from ruhrmail.render.typography import SOFT_HYPHEN
from ruhrmail.render.views import IssueView
from ruhrmail.theme import Theme, locate

COLUMNS = 72
CID = "cid:"
NAMED_CID = re.compile(r"(?<=\")cid:[0-9a-f]{16}\.(?:jpg|png)(?=\")")
GAP = re.compile(r">\s*\n\s*<(!--|/?\w*)")
STRUCTURE = frozenset(
    {"!--", "table", "div", "style", "head", "body", "main", "section", "article", "footer", "header", "meta"}
)
OUTLOOK_SEAM = re.compile(r"<!\[endif\]-->\s*<!--\[if mso \| IE\]>")
OUTLOOK_CLASS = re.compile(r' class="[\w -]*-outlook"(?=[^<>]*>)')
STYLE_END = re.compile(r'( style="[^"<>]*);"(?=[^<>]*>)')
HANGING = re.compile(r"\s*(?:[-–] |\d+\. )?")


FRAMES = ("mail.mjml.j2", "mail.txt.j2", "frame.html.j2", "web.html.j2")


def template_names(types: Iterable[str]) -> Iterator[str]:
    """The templates that an issue with blocks of these types is going to need."""
    yield from FRAMES
    for kind in dict.fromkeys((*types, "footer")):
        yield from (f"blocks/{kind}{suffix}" for suffix in (".mjml.j2", ".txt.j2", ".html.j2"))


@dataclass(frozen=True, slots=True)
class Page:
    """What all three forms are made from; `marks` stand for the tokens in addresses."""

    issue: IssueView
    config: Config
    slug: str
    words: Translator
    palette: Palette
    marks: Marks

    def values(self) -> Mapping[str, object]:
        """The names that templates know."""
        address = f"{self.config.url}/archive/{self.slug}/"
        style, topics = make_style(self.config.settings.theme), self.config.settings.topics
        return {
            "issue": self.issue,
            "newsletter": self.config.newsletter,
            "imprint": self.config.imprint,
            "language": self.words.language,
            "t": self.words,
            "colors": self.palette,
            "fonts": style.fonts,
            "radius": style.radius,
            "address": address,
            "home": self.config.url,
            "subscribe_url": f"{self.config.url}/subscribe",
            "picture_url": f"{self.config.url}/og/{quote(self.slug)}.png",
            "assets": CID if self.config.settings.images == "embedded" else f"{address}assets/",
            "unsubscribe_url": f"{self.config.url}/u/{self.marks.unsubscribe}",
            "preferences_url": f"{self.config.url}/preferences/{self.marks.preferences}" if topics else "",
        }


def write_html(page: Page, theme: Theme) -> str:
    """The mail's HTML part. Raises InvalidInput for a template that Jinja or MJML cannot read."""
    values = page.values()
    source = theme.render("mail.mjml.j2", values)
    try:
        html = mjml2html(source, fonts={})  # the default would link fonts of a foreign host
    except ValueError as error:
        message = phrase("MJML cannot read what the template makes: {reason}", reason=error)
        hint = phrase("look for an element that is not closed, here or in `blocks/`")
        at = locate(*find_culprit(theme, values), theme.project)
        raise InvalidInput([Finding("template/syntax", "error", at, message, hint)]) from error
    html = slim(html)
    if page.config.settings.images == "embedded":
        html = NAMED_CID.sub(r"\g<0>@picture", html)
    return squeeze(html).replace("<tbody>", "<tbody>\n").replace("</tr>", "</tr>\n")  # where spaces mean nothing


def slim(html: str) -> str:
    """MJML's HTML without what no client needs: parts for Outlook cut in two, class names only Outlook sees."""
    return STYLE_END.sub(r'\1"', OUTLOOK_CLASS.sub("", OUTLOOK_SEAM.sub("", html)))


def write_web(page: Page, theme: Theme) -> str:
    """The public page, its pictures beside it in `assets/`, marks where merge fields stand."""
    return squeeze(theme.render("web.html.j2", {**page.values(), "assets": "assets/"}))


def write_text(page: Page, theme: Theme) -> str:
    """The mail's text part: at most 72 columns but for long addresses, LF line ends."""
    text = theme.render("mail.txt.j2", page.values()).replace(SOFT_HYPHEN, "").replace(NARROW, NO_BREAK)
    lines = [wrapped for line in text.splitlines() for wrapped in wrap_line(line.rstrip())]
    return re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n") + "\n"


def wrap_line(line: str) -> list[str]:
    """One line as several; what follows a list sign hangs under its text, addresses stay whole."""
    if len(line) <= COLUMNS:
        return [line]
    match = HANGING.match(line)
    indent = " " * (match.end() if match else 0)
    return textwrap.wrap(
        line, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False, drop_whitespace=True
    )


def squeeze(html: str) -> str:
    """HTML without the templates' indentation; every space inside a line of text stays."""
    return re.sub(r"\n\s*", "\n", GAP.sub(close_gap, html)).strip() + "\n"


def close_gap(match: re.Match[str]) -> str:
    """Nothing between two tags of different lines, but a line end before the ones that structure the page."""
    return (">\n<" if match[1] in STRUCTURE else "><") + match[1]


def fill_public(text: MergeText, greeting: str, escaped: Callable[[str], str] = escape) -> str:
    """A text for everybody: fields with their defaults, the greeting in its neutral form; a page's are escaped."""

    def value(field: MergeField) -> str:
        found = greeting if field.name == GREETING else field.default
        return quote(found, safe="") if field.place == "url" else escaped(found)

    return fill(text, value)
