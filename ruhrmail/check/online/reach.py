"""What online rules share: the network at hand, and the links to visit."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote

import idna
from lxml.html import HtmlElement

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import find_word, origin_of, place_of
from ruhrmail.dns.mail import mail_to, no_mail
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.check.online.network import Network
    from ruhrmail.check.online.walk import Visit

WEB = ("http://", "https://")
OURS = re.compile(r"/(?:(?:archive|u|subscribe)(?:[/?#].*)?)?")
LATER = phrase("try again later, or name another server in `check.online.resolver`")


def network_of(dossier: Dossier) -> "Network":
    """The network, which is there where a rule needs it."""
    network = dossier.equipment.network
    assert network is not None
    return network


def visited(dossier: Dossier) -> Iterator[tuple[str, "Visit", Location]]:
    """Every link to the web with what came of it and its place; not those to pages that we publish ourselves."""
    links = [(one, url) for sheet in dossier.sheets for one, url in sheet.links() if is_foreign(url, dossier)]
    visits = network_of(dossier).visit(url for _, url in links)
    for element, url in links:
        yield url, visits[url], place_of_link(element, dossier, url)


def is_foreign(url: str, dossier: Dossier) -> bool:
    """True for a link to the web that leads to none of the pages which exist only once the issue is published."""
    rest = url.removeprefix(dossier.config.url)
    return url.lower().startswith(WEB) and not (rest != url and OURS.fullmatch(rest))


def place_of_link(element: HtmlElement, dossier: Dossier, url: str) -> Location:
    """Where a link is written, also in the imprint."""
    origin = origin_of(element)
    if origin is None:
        return place_of(element, dossier, url)
    keys = origin[2]
    if not keys:
        word = url.removeprefix("mailto:")
        return find_word(dossier.config.document, word, ("imprint",)) or place_of(element, dossier, url)
    return place_of(element, dossier, url)


def mail_domains(url: str) -> list[str]:
    """The domains of a mailto: address in ASCII (RFC 6068); one that cannot be is left as it is."""
    path, _, query = url.partition(":")[2].partition("?")
    lines = [unquote(path), *parse_qs(query).get("to", ())]
    addresses = [one.strip() for line in lines for one in line.split(",")]
    return [ascii_domain(one.rpartition("@")[2]) for one in addresses if "@" in one]


def ascii_domain(domain: str) -> str:
    """A domain as servers are asked for it."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain


def unasked(rule: str, at: Location, name: str) -> Finding:
    """The note that name servers gave no answer: no fault of the settings, and perhaps over in an hour."""
    message = phrase("the name servers give no answer about {name}", name=name)
    return Finding(rule, "info", at, message, LATER)


def judge_mailbox(network: "Network", rule: str, at: Location, domain: str, hint: Phrase) -> Iterator[Finding]:
    """A finding where a domain takes no mail, or a note where nobody knows; it must have been foreseen."""
    mail = mail_to(network.ask, domain)
    if mail == "unknown":
        yield unasked(rule, at, domain)
    elif mail != "taken":
        yield Finding(rule, "error", at, no_mail(mail, domain), hint)
