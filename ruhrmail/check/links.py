"""Links: where they lead, what they say, and what they carry along."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from lxml.html import HtmlElement

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.place import place_of
from ruhrmail.check.sheet import Sheet, words_of
from ruhrmail.model.finding import Finding
from ruhrmail.model.links import host_of
from ruhrmail.model.phrase import phrase

TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|twclid|igshid|mc_[ce]id|_hs(?:enc|mi)|mkt_tok|vero_\w+|yclid|"
    r"oly_\w+|piwik_\w+|pk_\w+|mtm_\w+|wt_?mc|s_cid|etcc_\w+"
)
SHOWN_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})(?:[/?#:]\S*)?", re.IGNORECASE)
EMPTY_WORDS = frozenset(
    re.split(
        ", ",
        "hier, klicken sie hier, hier klicken, klick hier, mehr, mehr dazu, mehr erfahren, weiterlesen, weiter lesen, "
        "weiter, link, zum link, details, here, click here, more, read more, learn more, this link, continue reading",
    )
)
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
ROOT_MARK = re.compile(r"^www\.")


def find_dead_anchors(dossier: Dossier) -> Iterator[Finding]:
    """A link leads to a place on our own pages that is not there.

    Why: The reader lands at the top of the page, or on a page that does not exist, and looks for what was promised.
    Bad:
        content:
          - {type: text, text: "[Zum Programm](https://letter.example/archive/one/#programm)"}
    Good:
        content:
          - {type: text, text: "[Zum Programm](https://letter.example/archive/one/)"}
    Remedy: look up the `id` of the article, or the name of its page
    """
    anchors = {sheet.name: set(sheet.root.xpath("//@id | //a/@name")) for sheet in dossier.sheets}
    files = {file.name for file in dossier.editions[0].files}
    for sheet in dossier.sheets:
        for element, url in sheet.links():
            page, _, anchor = target_of(url, sheet, dossier)
            missing = page not in anchors and page not in files
            if page and (missing or (anchor and anchor not in anchors.get(page, ()))):
                at = place_of(element, dossier, url)
                message = phrase("this link leads nowhere: {url}", url=url)
                hint = phrase("look up the `id` of the article, or the name of its page")
                yield Finding("link/dead-anchor", "error", at, message, hint)


def target_of(url: str, sheet: Sheet, dossier: Dossier) -> tuple[str, str, str]:
    """Page, `#` and anchor of a link inside of this issue; an empty page for all others."""
    if url.startswith("#"):
        return (sheet.name if len(url) > 1 else ""), "#", url[1:]
    if url.startswith(dossier.address):
        url = url.removeprefix(dossier.address)
    elif SCHEME.match(url) or url.startswith("/"):
        return "", "", ""
    path, sign, anchor = url.partition("#")
    path = path.partition("?")[0]
    return ("" if path.startswith("assets/") else path or "index.html"), sign, anchor


def find_tracking(dossier: Dossier) -> Iterator[Finding]:
    """A link carries parameters that track who followed it.

    Why: They came along when the address was copied. Tracking needs a consent of its own (§ 25 TDDDG), and they tell
        the other site where your readers come from.
    Bad:
        content:
          - {type: button, label: Zum Programm, url: "https://halle.example/?utm_source=newsletter"}
    Good:
        content:
          - {type: button, label: Zum Programm, url: "https://halle.example/"}
    Remedy: delete the parameters behind the question mark
    """
    for element, url in every_link(dossier):
        names = [name for name, _ in parse_qsl(url.partition("?")[2].partition("#")[0], keep_blank_values=True)]
        found = [name for name in names if TRACKING.fullmatch(name.lower())]
        if found:
            message = phrase("the link carries tracking parameters: {names}", names=", ".join(found))
            hint = phrase("delete them: {url}", url=url.partition("?")[0])
            yield Finding("link/tracking", "warning", place_of(element, dossier, url), message, hint)


def find_mismatches(dossier: Dossier) -> Iterator[Finding]:
    """A link shows one address and leads to another host.

    Why: That is how fraud works, so mail programs warn of it and spam filters block it.
    Bad:
        content:
          - {type: text, text: "[www.halle.example](https://kurz.example/x7)"}
    Good:
        content:
          - {type: text, text: "[www.halle.example](https://www.halle.example/)"}
    Remedy: show the address that the link leads to, or words in place of it
    """
    for element, url in every_link(dossier):
        shown = SHOWN_ADDRESS.fullmatch(words_of(element))
        host = ROOT_MARK.sub("", host_of(url).lower())
        if shown and host and not same_site(shown[1].lower(), host):
            message = phrase("the link shows {shown} and leads to {host}", shown=shown[1], host=host)
            hint = phrase("show the address that the link leads to, or words in place of it")
            yield Finding("link/mismatch", "warning", place_of(element, dossier, url), message, hint)


def same_site(shown: str, host: str) -> bool:
    """True for a host and one above or below it."""
    shown = ROOT_MARK.sub("", shown)
    return shown == host or shown.endswith(f".{host}") or host.endswith(f".{shown}")


def find_unencrypted(dossier: Dossier) -> Iterator[Finding]:
    """A link uses http and not https.

    Why: Anybody on the way can read and change what the reader sees; browsers warn, and sender rules ask for https.
    Bad:
        content:
          - {type: button, label: Zum Programm, url: "http://halle.example/"}
    Good:
        content:
          - {type: button, label: Zum Programm, url: "https://halle.example/"}
    Remedy: write https:// and try the link
    """
    for element, url in every_link(dossier):
        if url.lower().startswith("http://") and not url.startswith(dossier.config.url):
            message = phrase("the link is not encrypted: {url}", url=url)
            hint = phrase("write https:// and try the link")
            yield Finding("link/insecure", "warning", place_of(element, dossier, url), message, hint)


def find_empty_words(dossier: Dossier) -> Iterator[Finding]:
    """The words of a link do not say where it leads.

    Why: Screen readers list the links of a mail; a list of "hier, hier, mehr" helps nobody. WCAG 2.2, 2.4.4. The links
        of articles, cards and events carry the title with them, which only screen readers say.
    Bad:
        content:
          - {type: text, text: "Das Programm steht [hier](https://halle.example/programm)."}
    Good:
        content:
          - {type: text, text: "Lesen Sie das [Programm der Halle](https://halle.example/programm)."}
    Remedy: choose words that name the target
    """
    for element, url in every_link(dossier):
        words = words_of(element)
        if words.lower().strip(" .…:>»→") in EMPTY_WORDS or not words:
            message = phrase("the link {words} does not say where it leads", words=words or url)
            hint = phrase("choose words that name the target")
            yield Finding("a11y/link-text", "warning", place_of(element, dossier, url), message, hint)


def find_ambiguous(dossier: Dossier) -> Iterator[Finding]:
    """Two links have the same words and lead to different places.

    Why: Who hears the links of a mail one after the other cannot tell them apart. WCAG 2.2, 2.4.4.
    Bad:
        content:
          - {type: button, label: Zur Anmeldung, url: "https://halle.example/a"}
          - {type: button, label: Zur Anmeldung, url: "https://halle.example/b"}
    Good:
        content:
          - {type: button, label: Zur Anmeldung für Freitag, url: "https://halle.example/a"}
          - {type: button, label: Zur Anmeldung für Samstag, url: "https://halle.example/b"}
    Remedy: say in each what is different
    """
    for sheet in dossier.sheets:
        seen: dict[str, str] = {}
        for element, url in sheet.links():
            words = words_of(element)
            first = seen.setdefault(words.lower(), goal_of(url, dossier))
            if words and words.lower() not in EMPTY_WORDS and first != goal_of(url, dossier):
                message = phrase("two links are called {words} and lead to different places", words=words)
                hint = phrase("say in each what is different")
                yield Finding("a11y/link-ambiguous", "warning", place_of(element, dossier, url), message, hint)


def goal_of(url: str, dossier: Dossier) -> str:
    """An address without what makes no difference to the reader."""
    return url.removeprefix(dossier.address).rstrip("/")


def every_link(dossier: Dossier) -> Iterator[tuple[HtmlElement, str]]:
    """The links of all sheets."""
    return (link for sheet in dossier.sheets for link in sheet.links())
