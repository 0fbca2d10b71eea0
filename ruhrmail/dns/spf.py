"""What a domain's SPF record says, and how much work it makes (RFC 7208)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ruhrmail.names import Answer

MOST_LOOKUPS = 10
ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})
TERM = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)((?::[^/\s]*)?(?:/.*)?|:.*)", re.IGNORECASE)
MODIFIER = re.compile(r"([a-z][a-z0-9._-]*)=(\S*)", re.IGNORECASE)
LENGTHS = re.compile(r"(?:/([0-9]{1,2}))?(?://([0-9]{1,3}))?")
Fault = Literal["", "missing", "double", "syntax", "lookups", "include", "unknown"]
"""`include`: the record of another domain that this one leans on is missing or wrong; `unknown`: no answer."""


@dataclass(frozen=True, slots=True)
class Spf:
    """A record's verdict: the first fault with the term or domain at fault, how many lookups it takes, and what it says
    of all other servers: `-`, `~`, `?`, `+`, or nothing."""

    fault: Fault = ""
    term: str = ""
    lookups: int = 0
    rest: str = ""


class Broken(Exception):
    """A record that receivers cannot evaluate (permerror)."""

    def __init__(self, fault: Fault, term: str = "") -> None:
        self.fault: Fault = fault
        self.term = term


def judge_spf(domain: str, ask: Callable[[str], "Answer"]) -> Spf:
    """The verdict on a domain; `ask` gives the texts of a name."""
    reading = Reading(ask)
    try:
        rest = reading.read(domain)
    except Broken as error:
        return Spf(error.fault, error.term, reading.lookups)
    return Spf(lookups=reading.lookups, rest=rest)


class Reading:
    """Reads a record and those it includes, counting lookups."""

    def __init__(self, ask: Callable[[str], "Answer"]) -> None:
        self.ask = ask
        self.lookups = 0

    def read(self, domain: str) -> str:
        """What the record of a domain says of all others. Raises Broken."""
        rest = redirect = ""
        for term in self.find(domain).split()[1:]:
            modifier = MODIFIER.fullmatch(term)
            if modifier:
                redirect = modifier[2] if modifier[1].lower() == "redirect" else redirect
                continue
            sign, kind, value = split_term(term)
            if kind == "all":
                rest = rest or sign or "+"
            elif kind in ASKING and not rest:  # what stands behind `all` is never evaluated
                self.count(term)
                if kind == "include":
                    self.lean_on(value[1:])
        if rest or not redirect:
            return rest
        self.count(redirect)
        return "?" if "%" in redirect else self.lean_on(redirect)

    def count(self, term: str) -> None:
        """One lookup more."""
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise Broken("lookups", term)

    def lean_on(self, domain: str) -> str:
        """Reads another domain's record; one whose name depends on the mail (macros) cannot be read here."""
        if "%" in domain:
            return ""
        try:
            return self.read(domain)
        except Broken as error:
            raise error if error.fault in ("lookups", "unknown") else Broken("include", domain) from None

    def find(self, domain: str) -> str:
        """The one SPF record of a domain (section 4.5)."""
        answer = self.ask(domain)
        if answer.state == "failed":
            raise Broken("unknown", domain)
        records = [one for one in answer.values if re.match(r"v=spf1(?: |$)", one, re.IGNORECASE)]
        if len(records) != 1:
            raise Broken("double" if records else "missing", domain)
        return records[0]


def split_term(term: str) -> tuple[str, str, str]:
    """Sign, name in small letters and the rest of a mechanism. Raises Broken for what is none (section 5)."""
    match = TERM.fullmatch(term)
    if not match:
        raise Broken("syntax", term)
    sign, kind, value = match[1], match[2].lower(), match[3]
    if not is_well_formed(kind, value):
        raise Broken("syntax", term)
    return sign, kind, value


def is_well_formed(kind: str, value: str) -> bool:
    """True for a mechanism whose value has the right form."""
    if kind == "all":
        return not value
    if kind in ("include", "exists"):
        return value.startswith(":") and len(value) > 1
    if kind in ("ip4", "ip6"):
        return value.startswith(":") and is_network(value[1:], IPv4Network if kind == "ip4" else IPv6Network)
    domain, _, lengths = value.partition("/")
    return domain != ":" and LENGTHS.fullmatch(f"/{lengths}" if _ else "") is not None


def is_network(text: str, kind: type[IPv4Network] | type[IPv6Network]) -> bool:
    """True for an address or a network."""
    try:
        kind(text, strict=False)
    except ValueError:
        return False
    return "/" not in text or text.rpartition("/")[2].isdigit()
