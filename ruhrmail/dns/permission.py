"""Whether a domain's SPF record lets an address send (RFC 7208 section 4)."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Literal

from ruhrmail.dns.spf import LENGTHS, MODIFIER, MOST_LOOKUPS, Broken, split_term

if TYPE_CHECKING:
    from ruhrmail.dns.asking import Ask

Address = IPv4Address | IPv6Address
Verdict = Literal["+", "-", "~", "?", "unknown"]
"""`unknown`: the name servers gave no answer, or the term depends on the mail (macros)."""
MOST_HOSTS = 10
"""MX hosts, and addresses of a host, that are looked at (section 4.6.4)."""


class Unknown(Exception):
    """There is no telling."""


def may_send(domain: str, address: Address, ask: "Ask") -> Verdict:
    """What the record says of an address. It tells nothing (`unknown`) where the record is broken: ask `judge_spf`."""
    try:
        return Permission(address, ask).judge(domain) or "?"
    except (Unknown, Broken):
        return "unknown"


class Permission:
    """One address, and how often was asked for it."""

    def __init__(self, address: Address, ask: "Ask") -> None:
        self.address = address
        self.ask = ask
        self.asked = 0

    def judge(self, domain: str) -> Verdict | None:
        """The sign of the first term that fits; None where none does. Raises Unknown."""
        self.asked += 1
        if self.asked > MOST_LOOKUPS + 1:
            raise Unknown
        redirect = ""
        for term in self.record_of(domain).split()[1:]:
            modifier = MODIFIER.fullmatch(term)
            if modifier:
                redirect = modifier[2] if modifier[1].lower() == "redirect" else redirect
                continue
            sign, kind, value = split_term(term)
            if self.fits(kind, value, domain):
                found: Verdict = sign or "+"  # type: ignore[assignment]
                return found
        if "%" in redirect:
            raise Unknown
        return self.judge(redirect) if redirect else None

    def record_of(self, domain: str) -> str:
        """The SPF record of a domain. Raises Unknown."""
        values = self.values(domain, "TXT")
        return next((one for one in values if one.lower() == "v=spf1" or one.lower().startswith("v=spf1 ")), "")

    def fits(self, kind: str, value: str, domain: str) -> bool:
        """Whether a mechanism fits the address. Raises Unknown."""
        if kind == "all":
            return True
        if "%" in value or kind in ("ptr", "exists"):
            raise Unknown
        if kind in ("ip4", "ip6"):
            return self.lies_in(value[1:])
        if kind == "include":
            return self.judge(value[1:]) == "+"
        target, _, _ = value.removeprefix(":").partition("/")
        lengths = LENGTHS.fullmatch(value[len(target) + value.startswith(":") :])
        hosts = [target or domain] if kind == "a" else self.values(target or domain, "MX")[:MOST_HOSTS]
        return any(self.belongs_to(host, lengths[1 if self.address.version == 4 else 2] if lengths else None)
                   for host in hosts if host)  # fmt: skip

    def belongs_to(self, host: str, length: str | None) -> bool:
        """Whether the address is one of a host's, or in a network of that length around one."""
        found = self.values(host, "A" if self.address.version == 4 else "AAAA")
        return any(self.lies_in(f"{one}/{length}" if length else one) for one in found)

    def lies_in(self, network: str) -> bool:
        """Whether the address is, or lies in, this one. Raises Unknown for what is none."""
        try:
            return self.address in ip_network(network, strict=False)
        except ValueError:  # a length that no address has
            raise Unknown from None

    def values(self, name: str, kind: Literal["A", "AAAA", "MX", "TXT"]) -> tuple[str, ...]:
        """The records of a name. Raises Unknown."""
        answer = self.ask(name, kind)
        if answer.state == "failed":
            raise Unknown
        return answer.values


def addresses_of(host: str, ask: "Ask") -> list[Address]:
    """The addresses of a host, none where there are none or nobody knows; the first of very many."""
    return [ip_address(one) for answer in (ask(host, "A"), ask(host, "AAAA")) for one in answer.values[:MOST_HOSTS]]
