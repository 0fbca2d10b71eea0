"""What a sender's domain may publish besides: MTA-STS, TLS reports, BIMI. None of it is demanded."""

import re
from collections.abc import Iterator

from ruhrmail.dns.records import read_tags
from ruhrmail.doctor.case import Case, unasked
from ruhrmail.doctor.sender import policy_of
from ruhrmail.model.diagnosis import Diagnosis, WebAnswer
from ruhrmail.model.phrase import Phrase, phrase

ID = re.compile(r"[A-Za-z0-9]{1,32}")
MODES = ("enforce", "testing", "none")
FINE = 200


def records_of(case: Case, name: str, beginning: str) -> list[str] | None:
    """The TXT records of a name that begin like this, in any letter case; None where nobody knows."""
    answer = case.ask(name, "TXT")
    if answer.state == "failed":
        return None
    return [one for one in answer.values if one.lower().startswith(beginning.lower())]


def examine_mta_sts(case: Case) -> Iterator[Diagnosis]:
    """Mail to the sender's domain travels encrypted (RFC 8461); answers of readers, that is."""
    name, domain = "doctor/dns-mta-sts", case.sender
    found = records_of(case, f"_mta-sts.{domain}", "v=STSv1")
    if found is None:
        yield unasked(name, domain, f"_mta-sts.{domain}")
    elif not found:
        yield Diagnosis(name, "ok", domain, phrase("no MTA-STS policy; nobody demands one"))
    elif len(found) > 1 or not ID.fullmatch(read_tags(found[0]).get("id", "")):
        yield Diagnosis(name, "warning", domain, phrase("the MTA-STS record counts for nothing: one record with "
                        "v=STSv1 and an id of letters and digits is wanted"))  # fmt: skip
    else:
        yield judge_sts(case, case.visit("GET", f"https://mta-sts.{domain}/.well-known/mta-sts.txt"))


def judge_sts(case: Case, answer: WebAnswer) -> Diagnosis:
    """The policy behind the record."""
    name, domain = "doctor/dns-mta-sts", case.sender
    if answer.silence in ("names", "timeout"):
        return unasked(name, domain, f"mta-sts.{domain}")
    lines = [line.partition(":") for line in answer.body.decode("utf-8", "replace").splitlines()]
    pairs = [(key.strip(), value.strip()) for key, _, value in lines]
    fault = sts_fault(case, answer, pairs)
    if fault is not None:
        return Diagnosis(name, "warning", domain, fault, phrase("mend it, or delete the record _mta-sts.{domain}",
                         domain=domain))  # fmt: skip
    return Diagnosis(name, "ok", domain, phrase("the MTA-STS policy is {mode}", mode=dict(pairs)["mode"]))


def sts_fault(case: Case, answer: WebAnswer, pairs: list[tuple[str, str]]) -> Phrase | None:
    """What is wrong with the policy's file."""
    told = dict(pairs)
    if answer.status != FINE:
        return phrase("there is an MTA-STS record and no policy at https://mta-sts.{domain}/", domain=case.sender)
    if told.get("version") != "STSv1" or told.get("mode") not in MODES or not told.get("max_age", "").isdigit():
        return phrase("the MTA-STS policy lacks version, mode or max_age")
    wanted = [value.lower() for key, value in pairs if key == "mx"]
    stray = [one for one in case.ask(case.sender, "MX").values if not any(is_meant(one, mx) for mx in wanted)]
    if told["mode"] != "none" and stray:
        return phrase("the MTA-STS policy does not name {host}, which takes mail for the domain", host=stray[0])
    return None


def is_meant(host: str, pattern: str) -> bool:
    """Whether a pattern of the policy means a host (RFC 8461 section 4.1)."""
    host = host.lower().rstrip(".")
    return host.partition(".")[2] == pattern[2:] if pattern.startswith("*.") else host == pattern


def examine_tls_reports(case: Case) -> Iterator[Diagnosis]:
    """Others tell when mail to the domain could not be encrypted (RFC 8460)."""
    name, domain, where = "doctor/dns-tls-rpt", case.sender, f"_smtp._tls.{case.sender}"
    found = records_of(case, where, "v=TLSRPTv1")
    if found is None:
        yield unasked(name, domain, where)
    elif not found:
        yield Diagnosis(name, "ok", domain, phrase("no TLS reports are asked for; nobody demands it"))
    elif len(found) > 1 or not re.match(r"(?:mailto:|https://)", read_tags(found[0]).get("rua", "")):
        yield Diagnosis(name, "warning", domain, phrase("the record {name} counts for nothing: one with v=TLSRPTv1 and "
                        "rua=mailto:… is wanted", name=where))  # fmt: skip
    else:
        yield Diagnosis(name, "ok", domain, phrase("TLS reports are asked for"))


def examine_bimi(case: Case) -> Iterator[Diagnosis]:
    """A logo beside the mail; providers show it only where DMARC refuses forgeries."""
    name, domain, where = "doctor/dns-bimi", case.sender, f"default._bimi.{case.sender}"
    found = records_of(case, where, "v=BIMI1")
    if found is None:
        yield unasked(name, domain, where)
    elif not found:
        yield Diagnosis(name, "ok", domain, phrase("no logo is published (BIMI); nobody demands one"))
    elif not read_tags(found[0]).get("l", "").startswith("https://"):
        yield Diagnosis(name, "warning", domain, phrase("the record {name} names no logo: l=https://… is wanted",
                        name=where))  # fmt: skip
    elif policy_of(case).policy not in ("quarantine", "reject"):
        yield Diagnosis(name, "warning", domain, phrase("the logo is shown nowhere: BIMI wants DMARC with p=quarantine "
                        "or p=reject"))  # fmt: skip
    else:
        yield Diagnosis(name, "ok", domain, phrase("a logo is published (BIMI)"))
