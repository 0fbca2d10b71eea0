"""What readers' mail programs will not show."""

import re
from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import find_word, origin_of, template_of
from ruhrmail.clients import Client, Unsupported, Use, choose_clients, name_clients, spread_shares, unsupported_in
from ruhrmail.clients import written_as as pattern_of
from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.finding import Finding, Severity
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase
from ruhrmail.source.marks import ATTRIBUTE

STYLE_FILES = ("mail.css.j2", "mail.mjml.j2")
MOST_NAMED = 5


def find_unshown(dossier: Dossier) -> Iterator[Finding]:
    """Readers' mail programs do not show a feature of CSS, HTML or a picture's format.

    Why: What looks right in your own program may be gone in others: Word draws the mails of Outlook for Windows, GMX
        and WEB.DE rewrite styles. Each feature has an id of its own, such as client/css-gap; this page is for all of
        them, and client/feature means all of them in settings and comments. It is a warning when at least
        `check.support` percent of readers miss it, else a note; `check.clients` says what they read with. Support as
        tested by caniemail.com. What a mail loses nothing by, such as round corners, is not told.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-raw><div style="display:grid;padding:24px 28px">{{ block.text.html }}</div></mj-raw>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-raw><div style="padding:24px 28px">{{ block.text.html }}</div></mj-raw>
    Remedy: do without it, or read at caniemail.com how others manage
    """
    shares = known_shares(dossier.config)
    told: set[str] = set()
    for sheet in dossier.sheets_of("mail"):
        for one in unsupported_in(sheet.root, tuple(shares)):
            if one.dropped and one.feature.slug not in told:
                told.add(one.feature.slug)
                yield complain(one, shares, dossier)


def complain(one: Unsupported, shares: dict[Client, float], dossier: Dossier) -> Finding:
    """The finding for one feature, where it is first used."""
    share = sum(shares[client] for client in one.dropped)
    message = phrase(
        "{title} is not shown by {clients}: about {share} % of readers",
        title=one.feature.title,
        clients=list_clients(one.dropped, shares),
        share=f"{share:.0f}" if share >= 1 else "<1",
    )
    hint = phrase("do without it, or see {url}", url=one.feature.url)
    severity: Severity = "warning" if share >= dossier.config.settings.check.support else "info"
    return Finding(f"client/{one.feature.slug}", severity, place_of_use(one.uses[0], dossier), message, hint)


def list_clients(clients: tuple[Client, ...], shares: dict[Client, float]) -> str:
    """The clients in people's words, those with most readers first."""
    ordered = sorted(clients, key=lambda client: -shares[client])
    words = name_clients(ordered, tuple(shares))
    return ", ".join(words[:MOST_NAMED]) + (" …" if len(words) > MOST_NAMED else "")


def known_shares(config: Config) -> dict[Client, float]:
    """The clients of the settings that exist, with their shares; the others are findings of their own."""
    named = config.settings.check.clients
    return spread_shares({name: share for name, share in named.items() if not complaint_about(name)})


def place_of_use(use: Use, dossier: Dossier) -> Location:
    """Where a feature is used: in a style sheet, in the issue's Markdown, or in a template."""
    element = use.element
    if element.tag == "style":
        return in_own_templates(pattern_of(use.slug), dossier) or dossier.blame(*STYLE_FILES)
    origin = origin_of(element)
    if origin and origin[2] and not element.get(ATTRIBUTE) and use.slug.startswith(("html-", "image-")):
        target = element.get("href") or element.get("src") or ""
        keys = origin[2]
        text = find_word(dossier.document, target, keys) if target else None
        return text or dossier.document.at_value(keys)
    return template_of(element, dossier)


def in_own_templates(pattern: re.Pattern[str], dossier: Dossier) -> Location | None:
    """The first place in the project's own templates that the pattern fits; None where it fits none."""
    for template in dossier.templates:
        for number, line in enumerate(template.lines, 1):
            if match := pattern.search(line):
                place = dossier.template_line(template.name, number)
                return Location(place.file, place.line, match.start() + 1, place.excerpt)
    return None


def find_unknown_clients(dossier: Dossier) -> Iterator[Finding]:
    """`check.clients` names a mail client that nobody tested, or one by another name.

    Why: What its readers miss is not told, and nobody notices.
    Bad:
        # ruhrmail.yaml
        check: {clients: [gmx, web.de, otlook]}
    Good:
        # ruhrmail.yaml
        check: {clients: [gmx, web.de, outlook]}
    Remedy: see the hint; caniemail.com lists the clients that are tested
    """
    for name in dossier.config.settings.check.clients:
        if wrong := complaint_about(name):
            yield Finding("check/unknown-client", "warning", place_of_name(name, dossier), wrong.message, wrong.hint)


def complaint_about(name: str) -> RuhrmailError | None:
    """Why no client is meant by a name; None where one is."""
    try:
        choose_clients([name])
    except RuhrmailError as error:
        return error
    return None


def place_of_name(name: str, dossier: Dossier) -> Location:
    """Where the settings name a client, as a key or in a list."""
    document, keys = dossier.config.document, ("check", "clients")
    written = document.get(keys)
    if isinstance(written, list) and name in written:
        return document.at_value((*keys, written.index(name)))
    return document.at_key((*keys, name))
