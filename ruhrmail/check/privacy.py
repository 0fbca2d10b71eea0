"""What a mail or page fetches from others when it is opened."""

import re
from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import place_of
from ruhrmail.check.sheet import Sheet
from ruhrmail.model.finding import Finding
from ruhrmail.model.links import host_of
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

FETCHED = ("src", "srcset", "background", "poster", "data")
REMOTE = re.compile(r"(?:https?:)?//[^\s\"'()<>,;]+", re.IGNORECASE)
IN_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?\s*((?:https?:)?//[^\s\"'()<>;]+)", re.IGNORECASE)
FETCHING_RELS = frozenset({"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch"})


def find_third_parties(dossier: Dossier) -> Iterator[Finding]:
    """The mail or a page fetches something from a foreign host.

    Why: Whoever runs that host learns who opened the mail, when and where: a pixel needs a consent of its own (§ 25
        TDDDG), and a court held fonts of a foreign host to be a breach. `check.hosts` names hosts that may.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text><img src="https://zaehler.example/p.png" alt="" width="1" height="1">{{ block.text.html }}</mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text>{{ block.text.html }}</mj-text>
    Remedy: take the file into the project, or leave it out
    """
    own = own_hosts(dossier)
    for sheet in dossier.sheets:
        for url, at in fetched(sheet, dossier):
            host = host_of(f"https:{url}" if url.startswith("//") else url).lower()
            if host not in own:
                message = phrase("this is fetched from a foreign host: {host}", host=host)
                hint = phrase("take the file into the project, or allow the host in `check.hosts`")
                yield Finding("privacy/remote-third-party", "error", at, message, hint)


def own_hosts(dossier: Dossier) -> set[str]:
    """The hosts that may be asked."""
    return {host_of(dossier.config.url), host_of(dossier.config.newsletter.url), *dossier.config.settings.check.hosts}


def fetched(sheet: Sheet, dossier: Dossier) -> Iterator[tuple[str, Location]]:
    """Every address that is fetched without a click, and what caused it."""
    for element in sheet.elements():
        found = [url for name in FETCHED if name in element.attrib for url in REMOTE.findall(element.get(name, ""))]
        found += IN_STYLE.findall(element.get("style", ""))
        if element.tag == "style":
            found += IN_STYLE.findall(element.text or "")
        if element.tag == "link" and FETCHING_RELS & set(element.get("rel", "").lower().split()):
            found += REMOTE.findall(element.get("href", ""))
        for url in found:
            yield url, in_templates(url, dossier) or place_of(element, dossier, url)


def in_templates(url: str, dossier: Dossier) -> Location | None:
    """The line of the project's own template that names an address; None where none does."""
    for template in dossier.templates:
        for number, line in enumerate(template.lines, 1):
            if url in line:
                place = dossier.template_line(template.name, number)
                return Location(place.file, place.line, line.index(url) + 1, place.excerpt)
    return None
