"""What the domain name system must say of a sender before mail servers believe it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ruhrmail.check.dossier import Dossier
from ruhrmail.check.online.reach import judge_mailbox, network_of, unasked
from ruhrmail.config import Config
from ruhrmail.config.settings import DkimSettings
from ruhrmail.dns.faults import DKIM, DMARC, SPF_HINT, spf_fault
from ruhrmail.dns.mail import MAIL_RECORDS
from ruhrmail.dns.records import find_dmarc, judge_dkim
from ruhrmail.dns.spf import judge_spf
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.names import Kind


def find_unreachable_sender(dossier: Dossier) -> Iterator[Finding]:
    """The domain of the sender, of answers or of returned mail gets no mail.

    Why: Answers and bounces are lost, and many servers refuse mail from a domain that does not take any. It needs an MX
        record or an address.
    Bad:
        # newsletter.sender.address: post@newsletter.halle.example, a domain without MX and without address
    Good:
        # the same with the record  newsletter.halle.example. MX 10 mail.halle.example.
    Remedy: publish an MX record for the domain, or use one that takes mail
    """
    network, hint = network_of(dossier), phrase("publish an MX record for the domain, or use one that takes mail")
    network.foresee(questions(dossier.config))
    for domain, at in mail_places(dossier.config):
        yield from judge_mailbox(network, "dns/sender", at, domain, hint)


def mail_places(config: Config) -> Iterator[tuple[str, Location]]:
    """The domains that must take mail, each with its place in the settings."""
    newsletter, document = config.newsletter, config.document
    yield domain_of(newsletter.sender.address), document.at_value(("newsletter", "sender", "address"))
    if newsletter.reply_to:
        yield domain_of(newsletter.reply_to), document.at_value(("newsletter", "reply_to"))
    yield envelope_place(config)


def questions(config: Config) -> Iterator[tuple[str, "Kind"]]:
    """What the rules of this module are going to ask, as far as that is known before the first answer."""
    for domain, _ in mail_places(config):
        for kind in MAIL_RECORDS:
            yield domain, kind
    yield envelope_place(config)[0], "TXT"
    yield f"_dmarc.{domain_of(config.newsletter.sender.address)}", "TXT"
    for one in config.settings.dkim:
        yield key_name(one), "TXT"


def key_name(one: DkimSettings) -> str:
    """Where the key of a signature is published (RFC 6376 section 3.6.2.1)."""
    return f"{one.selector}._domainkey.{one.domain}"


def envelope_place(config: Config) -> tuple[str, Location]:
    """The domain of envelope senders, which bounces go to and SPF is asked for, with its place in the settings."""
    delivery = config.settings.delivery
    if delivery.return_domain and delivery.return_path == "verp":
        return delivery.return_domain, config.document.at_value(("delivery", "return_domain"))
    sender = config.newsletter.sender.address
    return domain_of(sender), config.document.at_value(("newsletter", "sender", "address"))


def find_spf_troubles(dossier: Dossier) -> Iterator[Finding]:
    """The SPF record of the envelope sender's domain is missing, wrong or pointless.

    Why: It names the servers that may send for the domain. Gmail, Yahoo and Microsoft refuse much mail without it; a
        second record, an error or more than ten lookups make it void (RFC 7208).
    Bad:
        # newsletter.example. TXT "v=spf1 include:relay.example +all"
    Good:
        # newsletter.example. TXT "v=spf1 include:relay.example -all"
    Remedy: publish one TXT record that names your relay and ends in -all or ~all
    """
    network, config = network_of(dossier), dossier.config
    domain, at = envelope_place(config)
    if network.ask(domain, "MX").state == "no-name":
        return  # what a domain lacks that does not exist is told by dns/sender
    spf = judge_spf(domain, lambda name: network.ask(name, "TXT"))
    if spf.fault == "unknown":
        yield unasked("dns/spf", at, spf.term)
    elif spf.fault or spf.rest == "+":
        yield Finding("dns/spf", "error", at, spf_fault(spf, domain), SPF_HINT)
    elif spf.rest in ("", "?"):
        message = phrase("the SPF record of {domain} says nothing about other servers", domain=domain)
        yield Finding("dns/spf", "warning", at, message, SPF_HINT)


def find_dmarc_troubles(dossier: Dossier) -> Iterator[Finding]:
    """The DMARC record of the sender's domain is missing or wrong.

    Why: Gmail, Yahoo and Microsoft refuse bulk mail from domains without one; p=none is enough to begin with. It may
        stand at the domain itself or at one above it (RFC 7489).
    Bad:
        # _dmarc.newsletter.example. TXT "v=DMARC1; rua=mailto:post@newsletter.example"
    Good:
        # _dmarc.newsletter.example. TXT "v=DMARC1; p=none; rua=mailto:post@newsletter.example"
    Remedy: publish a TXT record at _dmarc.DOMAIN that begins with v=DMARC1; p=none
    """
    network, config = network_of(dossier), dossier.config
    at = config.document.at_value(("newsletter", "sender", "address"))
    domain = domain_of(config.newsletter.sender.address)
    if network.ask(domain, "MX").state == "no-name":
        return  # what a domain lacks that does not exist is told by dns/sender
    dmarc = find_dmarc(domain, lambda name: network.ask(name, "TXT"))
    if dmarc.fault == "unknown":
        yield unasked("dns/dmarc", at, dmarc.name)
    elif dmarc.fault:
        message = phrase("{name}: {fault}", name=dmarc.name, fault=DMARC[dmarc.fault])
        hint = phrase("publish a TXT record such as: v=DMARC1; p=none")
        yield Finding("dns/dmarc", "warning" if dmarc.fault == "report" else "error", at, message, hint)


def find_dkim_records(dossier: Dossier) -> Iterator[Finding]:
    """The key that belongs to a DKIM signature is not published as it should be.

    Why: A signature that nobody can verify is as good as none, and DMARC fails with it. The record is compared with
        the private key where that is at hand; `ruhrmail keys dkim SELECTOR` prints it.
    Bad:
        # ruhr-2026._domainkey.newsletter.example. TXT "v=DKIM1; k=rsa; p="
    Good:
        # ruhr-2026._domainkey.newsletter.example. TXT with what `ruhrmail keys dkim ruhr-2026` prints
    Remedy: publish the record that `ruhrmail keys dkim SELECTOR` prints
    """
    network = network_of(dossier)
    for number, one in enumerate(dossier.config.settings.dkim):
        at = dossier.config.document.at_value(("dkim", number, "selector"))
        name = key_name(one)
        fault = judge_dkim(network.ask(name, "TXT"), network.keys.get(one.selector))
        if fault == "unknown":
            yield unasked("dns/dkim", at, name)
        elif fault:
            message = phrase("{name}: {fault}", name=name, fault=DKIM[fault])
            hint = phrase("publish the record that `ruhrmail keys dkim {selector}` prints", selector=one.selector)
            yield Finding("dns/dkim", "warning" if fault == "testing" else "error", at, message, hint)


def domain_of(address: str) -> str:
    """The domain of a mail address."""
    return address.rpartition("@")[2]
