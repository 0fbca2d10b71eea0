"""The domain name system, asked: answers as values, never as words.

Names are ASCII and complete (no search list). Nothing is remembered: who asks twice hears twice.
"""

from dataclasses import dataclass
from typing import Literal

import dns.asyncresolver
import dns.exception
import dns.message
import dns.name
import dns.nameserver
import dns.resolver

Kind = Literal["A", "AAAA", "MX", "NS", "PTR", "TXT"]
State = Literal["found", "nothing", "no-name", "failed"]
Reason = Literal["", "timeout", "refused", "broken", "unconfigured", "sealed"]
Server = tuple[str, int]
"""A name server's address (IPv4 or IPv6) and port."""
NULL_MX = ""
"""The host of an MX record that says: no mail here (RFC 7505)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says of a name.

    `found`: `values` holds addresses, texts of TXT records each in one piece, or hosts of MX records, the preferred
    first, or of NS and PTR records. `nothing`: the name exists without such a record; `no-name`: it does not (NXDOMAIN,
    or no name can be like that). `failed`: nobody knows, for the `reason`; `sealed`: the server denies even the root.
    """

    state: State
    values: tuple[str, ...] = ()
    reason: Reason = ""


class Names:
    """Asks one server, or those of this machine; an answer takes at most `patience` seconds."""

    def __init__(self, server: Server | None, patience: float) -> None:
        self.server = server
        self.patience = patience
        self.resolver: dns.asyncresolver.Resolver | None = None

    async def ask(self, name: str, kind: Kind) -> Answer:
        """The records of a kind. An answer cut off is asked for again over TCP; aliases are followed."""
        try:
            self.resolver = self.resolver or self.open()
            found = await self.resolver.resolve(
                complete(name), kind, search=False, raise_on_no_answer=False, lifetime=self.patience
            )
        except (dns.resolver.NXDOMAIN, dns.name.EmptyLabel, dns.name.LabelTooLong, dns.name.NameTooLong):
            return Answer("no-name")
        except dns.exception.DNSException as error:
            return Answer("failed", reason=reason_of(error))
        values = tuple(read_values(found.rrset, kind)) if found.rrset else ()
        return Answer("found" if values else "nothing", values)

    def open(self) -> dns.asyncresolver.Resolver:
        """A resolver with our server, or with those of this machine. Raises DNSException where it has none."""
        resolver = dns.asyncresolver.Resolver(configure=self.server is None)
        if self.server is not None:
            resolver.nameservers = [dns.nameserver.Do53Nameserver(*self.server)]
        return resolver


def complete(name: str) -> dns.name.Name:
    """An absolute name. Raises DNSException for what cannot be one."""
    return dns.name.from_text(name.rstrip(".") or ".", dns.name.root)


def reason_of(error: dns.exception.DNSException) -> Reason:
    """Why there is no answer."""
    if isinstance(error, dns.exception.Timeout):
        return "timeout"
    if isinstance(error, dns.resolver.NoResolverConfiguration):
        return "unconfigured"
    return "refused" if isinstance(error, dns.resolver.NoNameservers) else "broken"


def read_values(records: "dns.rrset.RRset", kind: Kind) -> list[str]:
    """The values of records, as `Answer` has them."""
    if kind == "MX":
        pairs = sorted((one.preference, one.exchange.to_text(omit_final_dot=True)) for one in records)
        return [NULL_MX if host in (".", "@") else host for _, host in pairs]
    if kind == "TXT":
        return [b"".join(one.strings).decode("utf-8", "replace") for one in records]
    if kind in ("NS", "PTR"):
        return [one.target.to_text(omit_final_dot=True) for one in records]
    return [one.address for one in records]
