"""Links, tried out: what readers would meet behind them."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.links import every_link
from ruhrmail.check.online.reach import judge_mailbox, mail_domains, network_of, place_of_link, visited
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.check.online.walk import Visit

SILENCE: Mapping[str, Phrase] = {
    "refused": phrase("nobody answers there"),
    "timeout": phrase("no answer in time"),
    "broken": phrase("the answer is broken"),
}


def find_dead(dossier: Dossier) -> Iterator[Finding]:
    """The page behind a link does not exist.

    Why: Whoever follows it has been sent for nothing. The server says so itself (404, 410), there is no such host, or
        redirects never end; an answer that may be another one tomorrow is `link/untold`.
    Bad:
        # a link to a page that has moved or was deleted
    Good:
        # the address as the browser shows it today
    Remedy: look up the address and copy it from the browser
    """
    hint = phrase("look up the address and copy it from the browser")
    for url, visit, at in visited(dossier):
        message = why_dead(url, visit)
        if message is not None:
            yield Finding("link/dead", "error", at, message, hint)


def why_dead(url: str, visit: "Visit") -> Phrase | None:
    """What is wrong with a dead link; None for all others."""
    if visit.outcome == "no-address":
        return phrase("this is no address of the web: {url}", url=url)
    if visit.outcome == "gone":
        return phrase("the page does not exist ({status}): {url}", status=visit.status, url=url)
    if visit.outcome == "no-host":
        return phrase("there is no host {host}: {url}", host=host_in(visit.last), url=url)
    if visit.outcome == "circle":
        return phrase("the link redirects in a circle: {url}", url=url)
    if visit.outcome == "too-many":
        return phrase("the link redirects again and again ({count} times): {url}", count=visit.hops, url=url)
    return None


def find_moved(dossier: Dossier) -> Iterator[Finding]:
    """The page behind a link has moved for good.

    Why: Redirects are taken down one day, and issues stay in the archive. Only permanent ones count (301, 308).
    Bad:
        # a link to http://www.halle.example, which sends every visitor on to https://halle.example/
    Good:
        # a link to https://halle.example/
    Remedy: write the new address
    """
    for url, visit, at in visited(dossier):
        if visit.moved and visit.outcome in ("fine", "untold", "skipped"):
            message = phrase("the page has moved for good: {url}", url=url)
            place = "" if "#" in visit.moved else "".join(url.partition("#")[1:])
            yield Finding("link/redirect", "warning", at, message, phrase("write {url}", url=visit.moved + place))


def find_downgrades(dossier: Dossier) -> Iterator[Finding]:
    """A link begins encrypted and leads to a page that is not.

    Why: Anybody on the way can read and change what the reader sees, and the https in the link promises otherwise.
    Bad:
        # a link to https://halle.example, which sends visitors on to http://www.halle.example
    Good:
        # a link that stays with https
    Remedy: find an address that stays with https, or ask the site's owner
    """
    hint = phrase("find an address that stays with https, or ask the site's owner")
    for _, visit, at in visited(dossier):
        if visit.insecure:
            message = phrase("the link leads away from https, to {insecure}", insecure=visit.insecure)
            yield Finding("link/downgrade", "warning", at, message, hint)


def find_untrusted(dossier: Dossier) -> Iterator[Finding]:
    """The certificate of a linked host is not trusted.

    Why: Browsers show a warning in place of the page: the certificate has run out, is for another host, or its
        authority is unknown. No error, for browsers find missing parts of a chain that this check does not.
    Bad:
        # a link to https://halle.example, whose certificate ran out last week
    Good:
        # the same once the certificate is renewed
    Remedy: open the link in a browser; tell the site's owner, or link another page
    """
    hint = phrase("open the link in a browser; tell the site's owner, or link another page")
    for url, visit, at in visited(dossier):
        if visit.outcome == "certificate":
            message = phrase("the certificate of {host} is not trusted ({reason}): {url}", host=host_in(visit.last),
                             reason=visit.detail, url=url)  # fmt: skip
            yield Finding("link/certificate", "warning", at, message, hint)


def find_private(dossier: Dossier) -> Iterator[Finding]:
    """A link leads into a private network.

    Why: It works at the office and nowhere else. Such addresses are never contacted, neither by the link itself nor
        where a redirect leads there; `check.online.allow` names hosts that may be.
    Bad:
        # a link to http://192.168.10.4/termine or to https://intranet.halle.example
    Good:
        # a link to the page that everybody can open
    Remedy: link a page that everybody can open
    """
    hint = phrase("link a page that everybody can open, or name the host in `check.online.allow`")
    for url, visit, at in visited(dossier):
        if visit.outcome == "private":
            message = (
                phrase("the link redirects into a private network: {url}", url=url)
                if visit.hops
                else phrase("the link leads into a private network: {url}", url=url)
            )
            yield Finding("link/private", "error", at, message, hint)


def find_untold(dossier: Dossier) -> Iterator[Finding]:
    """Nobody can say whether a link works.

    Why: Some sites turn programs away (401, 403, 429), some have trouble of their own today (5xx, no answer in time).
        That is no fault of the issue and may be over in an hour: a note, which never stops CI.
    Bad:
        # a link to a site that answers browsers only
    Good:
        # the same, opened by hand; check.online.skip names hosts that need not be asked again
    Remedy: open the link in a browser
    """
    hint = phrase("open the link in a browser; hosts in `check.online.skip` are not asked")
    for url, visit, at in visited(dossier):
        if visit.outcome in ("untold", "silent", "no-web", "late"):
            message = phrase("nobody can say whether this link works ({reason}): {url}", reason=why_untold(visit),
                             url=url)  # fmt: skip
            yield Finding("link/untold", "info", at, message, hint)


def why_untold(visit: "Visit") -> Phrase:
    """Why a link could not be judged."""
    if visit.outcome == "silent":
        return SILENCE[visit.detail]
    if visit.outcome == "late":
        return phrase("the time for all links is over")
    if visit.outcome == "no-web":
        return phrase("it redirects to something else than a page")
    if visit.detail == "sealed":
        return phrase("the name servers here do not know the internet")
    if visit.status == 0:
        return phrase("the name servers give no answer")
    return phrase("the server answers {status}", status=visit.status)


def find_lost_mail(dossier: Dossier) -> Iterator[Finding]:
    """A link opens a mail to an address that cannot get any.

    Why: The reader writes, and the mail comes back. The domain does not exist, has no server for mail, or says that it
        takes none (RFC 7505).
    Bad:
        # [write to us](mailto:team@hale.example), where the domain is halle.example
    Good:
        # [write to us](mailto:team@halle.example)
    Remedy: compare the address letter by letter
    """
    network, hint = network_of(dossier), phrase("compare the address letter by letter")
    links = [(one, url, mail_domains(url)) for one, url in every_link(dossier) if url.lower().startswith("mailto:")]
    network.foresee((domain, "MX") for _, _, domains in links for domain in domains)
    for element, url, domains in links:
        at = place_of_link(element, dossier, url)
        for domain in domains:
            yield from judge_mailbox(network, "link/mailbox", at, domain, hint)


def find_silent_home(dossier: Dossier) -> Iterator[Finding]:
    """The newsletter's own address does not answer.

    Why: Pictures, web version and the link to unsubscribe lead there. That its pages of this issue are not there yet
        is no fault; that nobody answers is one, at the latest when the mail leaves.
    Bad:
        # newsletter.url names a host that does not exist yet
    Good:
        # the same once `ruhrmail serve` runs there
    Remedy: start the service, or mend `newsletter.url`
    """
    config = dossier.config
    visit = network_of(dossier).visit([f"{config.url}/"])[f"{config.url}/"]
    silent = visit.outcome in ("no-host", "silent", "certificate", "private") or visit.status >= 500
    if silent:
        own = config.url == config.settings.newsletter.url
        at = config.document.at_value(("newsletter", "url")) if own else Location("RUHRMAIL_URL", 0, 0)
        message = phrase("the newsletter's own address does not answer: {url}", url=config.url)
        hint = phrase("start the service, or mend `newsletter.url`")
        yield Finding("link/own-host", "warning", at, message, hint)


def host_in(url: str) -> str:
    """The host of an address that was asked."""
    return urlsplit(url).hostname or url
