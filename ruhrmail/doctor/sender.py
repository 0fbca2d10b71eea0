"""What the sender's domain must say before mail servers believe it."""

import re
from collections.abc import Iterator

from ruhrmail.config.settings import DkimSettings
from ruhrmail.dns.faults import DKIM, DMARC, SPF_HINT, spf_fault
from ruhrmail.dns.mail import mail_to, no_mail
from ruhrmail.dns.records import Dmarc, bits_of, find_dmarc, judge_dkim
from ruhrmail.dns.spf import judge_spf
from ruhrmail.doctor.case import Case, share_owner, unasked
from ruhrmail.model.diagnosis import Diagnosis, DnsRecord, State
from ruhrmail.model.phrase import phrase


def examine_mail(case: Case) -> Iterator[Diagnosis]:
    """The domains of sender, answers and bounces take mail."""
    reply_to = case.config.newsletter.reply_to
    domains = [case.sender, *([reply_to.rpartition("@")[2]] if reply_to else ()), case.envelope]
    for domain in dict.fromkeys(domains):
        name, mail = "doctor/dns-mx", mail_to(case.ask, domain)
        if mail == "unknown":
            yield unasked(name, domain, domain)
        elif mail == "taken":
            yield Diagnosis(name, "ok", domain, phrase("{domain} takes mail", domain=domain))
        else:
            hint = phrase("publish `{domain}. IN MX 10 HOST.` with the host that takes its mail", domain=domain)
            yield Diagnosis(name, "error", domain, no_mail(mail, domain), hint)


def examine_spf(case: Case) -> Iterator[Diagnosis]:
    """The SPF record of the envelope sender's domain can be evaluated, and excludes others."""
    name, domain = "doctor/dns-spf", case.envelope
    spf = judge_spf(domain, lambda one: case.ask(one, "TXT"))
    if spf.fault == "unknown":
        yield unasked(name, domain, spf.term)
    elif spf.fault or spf.rest == "+":
        yield Diagnosis(name, "error", domain, spf_fault(spf, domain), SPF_HINT)
    elif spf.rest in ("", "?"):
        message = phrase("the SPF record of {domain} says nothing about other servers", domain=domain)
        yield Diagnosis(name, "warning", domain, message, SPF_HINT)
    else:
        yield Diagnosis(name, "ok", domain, phrase("the SPF record can be evaluated ({lookups} of 10 lookups) and "
                        "excludes other servers", lookups=spf.lookups))  # fmt: skip


def examine_dkim(case: Case) -> Iterator[Diagnosis]:
    """The keys of our signatures are published."""
    for one in case.config.settings.dkim:
        yield judge_key(case, one)
    if not case.config.settings.dkim:
        yield Diagnosis(
            "doctor/dns-dkim", "unknown", case.sender,
            phrase("ruhrmail signs nothing; whether the relay does shows only in a mail that has arrived"),
            phrase("look for `dkim=pass` in the headers of a test mail (`send SLUG --test ADDRESS`), or let ruhrmail "
                   "sign: `ruhrmail keys dkim SELECTOR`"),
        )  # fmt: skip


def judge_key(case: Case, one: DkimSettings) -> Diagnosis:
    """The published key of one signature, compared with the private one where that is here."""
    name, where = "doctor/dns-dkim", f"{one.selector}._domainkey.{one.domain}"
    ours = case.keys.get(one.selector)
    fault = judge_dkim(case.ask(where, "TXT"), ours)
    if fault == "unknown":
        return unasked(name, one.domain, where)
    if fault:
        hint = phrase("publish the record that `ruhrmail keys dkim {selector}` prints", selector=one.selector)
        records = (DnsRecord(where, "TXT", ours),) if ours else ()
        state: State = "warning" if fault == "testing" else "error"
        message = phrase("{name}: {fault}", name=where, fault=DKIM[fault])
        return Diagnosis(name, state, one.domain, message, hint, records)
    bits = bits_of(case.ask(where, "TXT").values[0])
    if bits is not None and bits < RSA_BITS:
        message = phrase("{name} holds an RSA key of {bits} bits: some servers do not count its signatures", name=where,
                         bits=bits)  # fmt: skip
        return Diagnosis(name, "warning" if bits >= LEAST_BITS else "error", one.domain, message, ANOTHER)
    if ours is None:
        message = phrase("{name} holds a key; ours is not here to compare it with", name=where)
        return Diagnosis(name, "unknown", one.domain, message, phrase("put the key where `send` will find it"))
    return Diagnosis(name, "ok", one.domain, phrase("{name} holds the key that we sign with", name=where))


HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
RSA_BITS, LEAST_BITS = 2048, 1024
"""What is asked for, and what verifiers accept at all (RFC 8301 section 3.2)."""
ANOTHER = phrase("make another with: ruhrmail keys dkim SELECTOR")


def policy_of(case: Case) -> Dmarc:
    """The DMARC policy for the sender's domain."""
    return find_dmarc(case.sender, lambda one: case.ask(one, "TXT"))


def examine_dmarc(case: Case) -> Iterator[Diagnosis]:
    """There is a DMARC policy, and its reports go to somebody who wants them."""
    name, domain, dmarc = "doctor/dns-dmarc", case.sender, policy_of(case)
    if dmarc.fault == "unknown":
        yield unasked(name, domain, dmarc.name)
    elif dmarc.fault:
        message = phrase("{name}: {fault}", name=dmarc.name, fault=DMARC[dmarc.fault])
        value = f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
        hint = phrase("publish a TXT record such as: {value}", value=value)
        record = DnsRecord(f"_dmarc.{domain}", "TXT", value)
        yield Diagnosis(name, "warning" if dmarc.fault == "report" else "error", domain, message, hint, (record,))
    elif not dmarc.tags.get("rua"):
        yield Diagnosis(name, "warning", domain, phrase("the policy is p={policy}; nobody gets its reports",
                        policy=dmarc.policy), phrase("add rua=mailto:postmaster@{domain} to the record at {name}",
                        domain=domain, name=dmarc.name))  # fmt: skip
    else:
        yield Diagnosis(name, "ok", domain, phrase("the policy is p={policy}", policy=dmarc.policy))
        yield from judge_reports(case, dmarc)


def judge_reports(case: Case, dmarc: Dmarc) -> Iterator[Diagnosis]:
    """Other domains must agree to get reports (RFC 7489 section 7.1)."""
    published = dmarc.name.removeprefix("_dmarc.")
    addresses = dmarc.tags["rua"].split(",")
    domains = {one.strip().rpartition("@")[2].partition("!")[0].lower() for one in addresses}
    for domain in sorted(domains):
        where = f"{published}._report._dmarc.{domain}"
        if not HOST.fullmatch(domain) or share_owner(domain, published):
            continue
        answer = case.ask(where, "TXT")
        if answer.state == "failed":
            yield unasked("doctor/dns-dmarc", domain, where)
        elif not any(one.lower().startswith("v=dmarc1") for one in answer.values):
            yield Diagnosis("doctor/dns-dmarc", "warning", domain, phrase("{domain} does not agree to get DMARC "
                            "reports about {other}", domain=domain, other=published), phrase("its owner publishes a "
                            "TXT record: v=DMARC1;"), (DnsRecord(where, "TXT", "v=DMARC1;"),))  # fmt: skip


def examine_alignment(case: Case) -> Iterator[Diagnosis]:
    """A signature or the envelope is the sender's own: DMARC wants one of them, WEB.DE and GMX the signature."""
    name, domain, dmarc = "doctor/dns-alignment", case.sender, policy_of(case)
    signs = [one.domain for one in case.config.settings.dkim]
    signed = any(are_one(one, domain, dmarc.tags.get("adkim", "r")) for one in signs)
    enveloped = are_one(case.envelope, domain, dmarc.tags.get("aspf", "r"))
    if signed:
        yield Diagnosis(name, "ok", domain, phrase("our DKIM signature is the sender's own"))
    elif not signs:
        state: State = "unknown" if enveloped else "error"
        yield Diagnosis(name, state, domain, UNSIGNED if enveloped else FOREIGN_ENVELOPE, SIGN)
    elif enveloped:
        yield Diagnosis(name, "warning", domain, phrase("no DKIM signature is for the sender's domain {domain}",
                        domain=domain), SIGN)  # fmt: skip
    else:
        yield Diagnosis(name, "error", domain, phrase("neither a DKIM signature nor the envelope is for the sender's "
                        "domain {domain}, so DMARC fails", domain=domain), SIGN)  # fmt: skip


UNSIGNED = phrase("the envelope is the sender's own; whether a DKIM signature of the relay is, cannot be seen")
FOREIGN_ENVELOPE = phrase("the envelope is not the sender's own, and ruhrmail signs nothing: DMARC may fail")
SIGN = phrase("sign with the sender's domain: `ruhrmail keys dkim SELECTOR`, then `dkim:` in ruhrmail.yaml")


def are_one(domain: str, sender: str, mode: str) -> bool:
    """Whether DMARC takes a domain for the sender's (RFC 7489 section 3.1): the very same, or of one owner."""
    if mode.lower() == "s":
        return domain.lower() == sender.lower()
    return share_owner(domain, sender)
