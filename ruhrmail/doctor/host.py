"""A relay of our own, as others see it: its addresses, their names, and the page behind them."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from urllib.parse import urljoin

from ruhrmail.config import Relay
from ruhrmail.dns.permission import Address, addresses_of, may_send
from ruhrmail.dns.spf import judge_spf
from ruhrmail.doctor.case import Case, share_owner, unasked
from ruhrmail.model.diagnosis import Diagnosis, DnsRecord, State, WebAnswer
from ruhrmail.model.phrase import Phrase, phrase

MADE_UP = re.compile(r"(?:^|[.-])(?:dyn|dynamic|dsl|adsl|vdsl|dial(?:up|in)?|pool|ppp|dhcp|cable|customer|client)"
                     r"(?:[0-9]*[.-])")  # fmt: skip
"""Parts of names that providers give to lines and not to servers."""
FINE, REDIRECTS, MOST_REDIRECTS = 200, (301, 302, 303, 307, 308), 3
MOST_NAMES = 10
"""Names of one address that are looked up (RFC 7208 section 5.5 draws the same line)."""
LEAST_NUMBERS = 3
"""So many numbers of an address in its name, and the name was made from it."""


def outer_name(case: Case, relay: Relay) -> str | None:
    """The name by which others know a relay of ours; empty where it does not tell, None for a relay of others.

    One on this machine is ours; so is one below the sender's domain or that of the web address.
    """
    greeting = case.probe(relay).greeting
    if relay.loopback:
        return "" if greeting.rpartition(".")[2] in ("localdomain", "local", "internal", "lan") else greeting
    if not share_owner(relay.host, case.sender):
        return None
    return greeting if share_owner(greeting, case.sender) else relay.host


def examine_host(case: Case, relay: Relay) -> Iterator[Diagnosis]:
    """What mail servers look at first: the addresses that our own relay sends from."""
    if relay.scheme == "maildir":
        return
    host = outer_name(case, relay)
    if host is None:
        yield Diagnosis("doctor/host-spf", "unknown", relay.name, phrase("only its operator knows which addresses "
                        "{relay} sends from", relay=relay.name), phrase("take the include: that its documentation "
                        "names into the SPF record of {domain}", domain=case.envelope))  # fmt: skip
        return
    yield judge_name(case, relay, host)
    for address in addresses_of(host, case.ask) if host else ():
        yield judge_reverse(case, relay, host, address)
        yield judge_permission(case, relay, address)


def judge_name(case: Case, relay: Relay, host: str) -> Diagnosis:
    """The relay has a name that others can look up; `host` is empty where it does not tell."""
    name = "doctor/host-name"
    if not host:
        return Diagnosis(name, "unknown", relay.name, phrase("the relay does not say by which name it is known "
                         "outside"), phrase("set its host name to a full one, such as mail.{domain} (Postfix: "
                         "myhostname)", domain=case.sender))  # fmt: skip
    if addresses_of(host, case.ask):
        return Diagnosis(name, "ok", relay.name, phrase("the relay is known as {host}", host=host))
    if "failed" in {case.ask(host, "A").state, case.ask(host, "AAAA").state}:
        return unasked(name, relay.name, host)
    return Diagnosis(name, "error", relay.name, phrase("the relay greets as {host}, which has no address", host=host),
                     phrase("publish `{host}. IN A ADDRESS` with the address that it sends from", host=host)
                     )  # fmt: skip


def judge_reverse(case: Case, relay: Relay, host: str, address: Address) -> Diagnosis:
    """An address has a name that leads back to it, and that is no number."""
    name, reverse = "doctor/host-ptr", address.reverse_pointer
    if not address.is_global and not is_documentation(address):
        return Diagnosis(name, "unknown", relay.name, phrase("{address} is an inner address: by which one others see "
                         "the relay cannot be seen from here", address=address))  # fmt: skip
    answer = case.ask(reverse, "PTR")
    if answer.state == "failed":
        return unasked(name, relay.name, reverse)
    fault = reverse_fault(case, host, address, answer.values)
    if fault is None:
        message = phrase("{address} and {host} name each other", address=address, host=host)
        return Diagnosis(name, "ok", relay.name, message)
    state, message = fault
    hint = phrase("ask the provider of the address for `{reverse}. IN PTR {host}.`", reverse=reverse, host=host)
    return Diagnosis(name, state, relay.name, message, hint, (DnsRecord(reverse, "PTR", host),))


def reverse_fault(case: Case, host: str, address: Address, names: Sequence[str]) -> tuple[State, Phrase] | None:
    """What is wrong with the names of an address; None where nothing is."""
    confirmed = [one for one in names[:MOST_NAMES] if address in addresses_of(one, case.ask)]
    if not names:
        return "error", phrase("{address} has no name (PTR)", address=address)
    if not confirmed:
        return "error", phrase("{address} is called {host}, which does not lead back to it", address=address,
                               host=names[0])  # fmt: skip
    if all(looks_made(one, address) for one in confirmed):
        return "warning", phrase("{address} is called {host}, like the line of a private customer", address=address,
                                 host=confirmed[0])  # fmt: skip
    if host not in {one.lower() for one in confirmed}:
        return "warning", phrase("{address} is called {host}, and greets as {other}", address=address,
                                 host=confirmed[0], other=host)  # fmt: skip
    return None


def is_documentation(address: Address) -> bool:
    """True for the addresses of examples (RFC 5737, RFC 3849): they stand for public ones."""
    nets = ("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:")
    return str(address).startswith(nets)


def looks_made(name: str, address: Address) -> bool:
    """True for a name that was made from the address, or names a line (`p5b2a.dip0.t-ipconnect`, `dsl-1-2-3-4`)."""
    if MADE_UP.search(name.lower()):
        return True
    numbers = str(address).split(".")
    found = re.findall(r"[0-9]+", name)
    return address.version == 4 and sum(one in [part.lstrip("0") or "0" for part in found] for one in numbers) >= (
        LEAST_NUMBERS
    )


def judge_permission(case: Case, relay: Relay, address: Address) -> Diagnosis:
    """The SPF record lets the address send."""
    name, domain = "doctor/host-spf", case.envelope
    spf = judge_spf(domain, lambda one: case.ask(one, "TXT"))
    verdict = "?" if spf.fault and spf.fault != "unknown" else may_send(domain, address, case.ask)
    if verdict == "unknown":
        return Diagnosis(name, "unknown", relay.name, phrase("whether {domain} lets {address} send cannot be seen",
                         domain=domain, address=address))  # fmt: skip
    if verdict == "+":
        return Diagnosis(name, "ok", relay.name, phrase("{domain} lets {address} send (SPF)", domain=domain,
                         address=address))  # fmt: skip
    term = f"ip{address.version}:{address}"
    hint = phrase("put {term} into the SPF record of {domain}", term=term, domain=domain)
    records = (DnsRecord(domain, "TXT", f"v=spf1 {term} -all"),) if spf.fault == "missing" else ()
    message = phrase("{domain} does not let {address} send (SPF)", domain=domain, address=address)
    return Diagnosis(name, "error", relay.name, message, hint, records)


def examine_page(case: Case, relay: Relay) -> Iterator[Diagnosis]:
    """Behind the relay's name stands a page that says who it is: T-Online looks there before it takes mail."""
    host = None if relay.scheme == "maildir" else outer_name(case, relay)
    if not host or is_number(host):
        return
    name, parent = "doctor/host-page", host.partition(".")[2]
    places = [host, f"www.{parent}", parent] if "." in parent else [host]
    answers = [open_page(case, f"{scheme}://{one}/") for one in places for scheme in ("https", "http")]
    if any(one.status == FINE and names_owner(one.body, case.config.imprint.organisation) for one in answers):
        yield Diagnosis(name, "ok", relay.name, phrase("a page below {host} says whose it is", host=host))
    elif any(one.silence in ("names", "timeout") for one in answers):
        yield unasked(name, relay.name, host)
    else:
        yield Diagnosis(name, "warning", relay.name, phrase("no page below {host} says whose it is", host=host),
                        phrase("T-Online wants one with an imprint at http://{host}/, or a redirect to it",
                               host=host))  # fmt: skip


def open_page(case: Case, url: str) -> WebAnswer:
    """A page, at the end of a few redirects."""
    answer = case.visit("GET", url)
    for _ in range(MOST_REDIRECTS):
        target = urljoin(url, answer.header("location"))
        if answer.status not in REDIRECTS or not target.startswith(("http://", "https://")):
            break
        url, answer = target, case.visit("GET", target)
    return answer


def names_owner(page: bytes, organisation: str) -> bool:
    """Whether a page leads to an imprint, or names the organisation."""
    text = page.decode("utf-8", "replace").lower()
    return "impressum" in text or "imprint" in text or organisation.lower() in text


def is_number(host: str) -> bool:
    """True for an address in numbers."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def examine_greeting(case: Case, relay: Relay) -> Iterator[Diagnosis]:
    """What we greet a relay with is a full name, where it may matter: relays that ask for no login look at it."""
    if relay.loopback or relay.user or relay.token:
        return
    name, about = "doctor/relay-greeting", relay.name
    if "." in case.hostname:
        yield Diagnosis(name, "ok", about, phrase("this machine greets as {host}", host=case.hostname))
    else:
        yield Diagnosis(name, "warning", about, phrase("this machine greets as {host}, which is no full name",
                        host=case.hostname), phrase("hostnamectl set-hostname mail.{domain}", domain=case.sender)
                        )  # fmt: skip
