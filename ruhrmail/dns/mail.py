"""Whether a domain takes mail (RFC 5321 section 5.1)."""

from typing import TYPE_CHECKING, Literal

from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from ruhrmail.dns.asking import Ask
    from ruhrmail.names import Kind

MAIL_RECORDS: tuple["Kind", ...] = ("MX", "A", "AAAA")
Mail = Literal["taken", "refused", "no-host", "no-name", "unknown"]
"""`refused`: the domain says so itself (RFC 7505); `no-host`: it names no server for mail."""


def mail_to(ask: "Ask", domain: str) -> Mail:
    """Whether a domain takes mail."""
    answer = ask(domain, "MX")
    if answer.state == "found":
        return "taken" if any(answer.values) else "refused"
    if answer.state != "nothing":
        return "no-name" if answer.state == "no-name" else "unknown"
    states = {ask(domain, "A").state, ask(domain, "AAAA").state}
    if "found" in states:
        return "taken"
    return "unknown" if "failed" in states else "no-host"


def no_mail(mail: Mail, domain: str) -> Phrase:
    """Why a domain takes no mail."""
    if mail == "refused":
        return phrase("{domain} says that it takes no mail", domain=domain)
    if mail == "no-name":
        return phrase("there is no domain {domain}", domain=domain)
    return phrase("{domain} has no server for mail: neither MX nor address", domain=domain)
