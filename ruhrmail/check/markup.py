"""The mail's and the pages' HTML."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import template_of
from ruhrmail.check.sheet import words_of
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase

FRAMES = {"mail": ("mail.mjml.j2", "<mjml"), "web": ("frame.html.j2", "<html"), "page": ("frame.html.j2", "<html")}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ACTIVE = frozenset({"script", "iframe", "frame", "object", "embed", "applet", "video", "audio"}) | {
    *("form", "input", "button", "select", "textarea")
}
PLAIN_ROLES = frozenset({"presentation", "none"})
KILOBYTE = 1024


def find_size(dossier: Dossier) -> Iterator[Finding]:
    """The mail's HTML is so large that Gmail cuts it off, or soon will be.

    Why: Gmail shows the first 102 KB and a link to the rest: imprint and the way out are gone. The limits are
        `check.size` in ruhrmail.yaml; of several variants the largest is named.
    Bad:
        # 30 articles with long teasers
    Good:
        # twelve sections, the stories on pages of their own (`body`)
    Remedy: shorten teasers, or give articles a `body` of their own page
    """
    size = max(len(sheet.content.encode()) for sheet in dossier.sheets_of("mail"))
    limits = dossier.config.settings.check.size
    if size < limits.warn:
        return
    values = {"size": f"{size / KILOBYTE:.0f}", "limit": f"{limits.error / KILOBYTE:.0f}"}
    message = phrase("the mail's HTML has {size} KB; Gmail cuts off at {limit} KB", **values)
    hint = phrase("shorten teasers, or give articles a `body`: a page of their own")
    yield Finding("html/size", "error" if size >= limits.error else "warning", dossier.whole, message, hint)


def find_missing_language(dossier: Dossier) -> Iterator[Finding]:
    """The HTML does not say which language it is in.

    Why: Screen readers pronounce German as English without it. WCAG 2.2, 3.1.1.
    Bad:
        # templates/mail.mjml.j2, in part
        <mjml><mj-head><mj-title>{{ issue.title }}</mj-title></mj-head>
    Good:
        # templates/mail.mjml.j2, in part
        <mjml lang="{{ language }}" dir="ltr"><mj-head><mj-title>{{ issue.title }}</mj-title></mj-head>
    Remedy: write `lang="{{ language }}"` into <mjml> or <html>
    """
    for sheet in dossier.sheets:
        language = sheet.root.get("lang", "")
        if language.split("-")[0] != dossier.language:
            at = dossier.find_in_template(*FRAMES[sheet.kind])
            message = phrase("the HTML does not say that its language is {language}", language=dossier.language)
            yield Finding("html/lang", "error", at, message, phrase('write lang="{{ language }}" there'))


def find_missing_title(dossier: Dossier) -> Iterator[Finding]:
    """The HTML has no title.

    Why: Screen readers and browser tabs read it first. WCAG 2.2, 2.4.2.
    Bad:
        # templates/mail.mjml.j2, in part
        <mj-head></mj-head>
    Good:
        # templates/mail.mjml.j2, in part
        <mj-head><mj-title>{{ issue.title }}</mj-title></mj-head>
    Remedy: write <mj-title> into the head of the mail, <title> into that of a page
    """
    for sheet in dossier.sheets:
        if not any((title.text or "").strip() for title in sheet.elements("title")):
            at = dossier.find_in_template(*FRAMES[sheet.kind])
            hint = phrase("write <mj-title> into the head of the mail, <title> into that of a page")
            yield Finding("html/title", "error", at, phrase("the HTML has no title"), hint)


def find_same_ids(dossier: Dossier) -> Iterator[Finding]:
    """Two elements have the same id.

    Why: A link to it leads to the first one only, and screen readers join what does not belong together.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text><div id="text">{{ block.text.html }}</div></mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text><div>{{ block.text.html }}</div></mj-text>
    Remedy: leave the id out, or make it from something that is different for each
    """
    for sheet in dossier.sheets:
        seen: set[str] = set()
        for element in sheet.elements():
            name = element.get("id")
            if name and name in seen:
                message = phrase("the id {name} stands twice in the HTML", name=name)
                hint = phrase("leave it out, or make it different for each")
                yield Finding("html/duplicate-id", "error", template_of(element, dossier), message, hint)
            if name:
                seen.add(name)


def find_heading_order(dossier: Dossier) -> Iterator[Finding]:
    """Headings skip a level, or there is not exactly one of the first.

    Why: Screen readers walk along the levels as others glance over headlines. WCAG 2.2, 1.3.1.
    Bad:
        # templates/blocks/heading.mjml.j2
        <mj-text><h4>{{ block.text }}</h4></mj-text>
    Good:
        # templates/blocks/heading.mjml.j2
        <mj-text><h2>{{ block.text }}</h2></mj-text>
    Remedy: one <h1> for the title, <h2> for blocks, <h3> below them
    """
    hint = phrase("one <h1> for the title, <h2> for blocks, <h3> below them")
    for sheet in dossier.sheets:
        headings = list(sheet.elements(*HEADINGS))
        first = [one for one in headings if one.tag == "h1"]
        if len(first) != 1:
            at = template_of(first[1], dossier) if first else dossier.find_in_template(*FRAMES[sheet.kind])
            message = phrase("there are {count} headings of the first level", count=len(first))
            yield Finding("html/heading-order", "error", at, message, hint)
        before = 1
        for element in headings:
            level = int(str(element.tag)[1:])
            if level > before + 1:
                message = phrase("the heading {text} skips a level", text=words_of(element))
                yield Finding("html/heading-order", "error", template_of(element, dossier), message, hint)
            before = level


def find_layout_tables(dossier: Dossier) -> Iterator[Finding]:
    """A table that only makes the layout does not say so.

    Why: Screen readers announce rows and columns where there are none. A table with <th> is one of data and may stay.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text><table><tr><td>{{ block.text.html }}</td></tr></table></mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text><table role="presentation"><tr><td>{{ block.text.html }}</td></tr></table></mj-text>
    Remedy: write role="presentation" into the <table>
    """
    for sheet in dossier.sheets_of("mail"):
        for element in sheet.elements("table"):
            if element.get("role") not in PLAIN_ROLES and element.find(".//th") is None:
                message = phrase("a table of the layout does not say that it is one")
                hint = phrase('write role="presentation" into the <table>')
                yield Finding("html/layout-table-role", "error", template_of(element, dossier), message, hint)


def find_active_content(dossier: Dossier) -> Iterator[Finding]:
    """The mail holds a script, a form or a player.

    Why: Mail programs remove it, and spam filters take the mail for an attack.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text><form action="https://letter.example"><input name="q"></form></mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text><a href="https://letter.example">{{ block.text.html }}</a></mj-text>
    Remedy: link to a page that does it
    """
    for sheet in dossier.sheets_of("mail"):
        for element in sheet.elements():
            word = active_part(element)
            if word:
                message = phrase("mail programs remove {word}", word=word)
                at = template_of(element, dossier)
                yield Finding("html/active-content", "error", at, message, phrase("link to a page that does it"))


def active_part(element: HtmlElement) -> str:
    """What of an element is active; empty for one that only shows."""
    tag = str(element.tag)
    if tag in ACTIVE:
        return f"<{tag}>"
    names = [name for name in element.attrib if re.fullmatch(r"on[a-z]+", str(name))]
    if names:
        return str(names[0])
    return "javascript:" if element.get("href", "").strip().lower().startswith("javascript:") else ""
