"""What is wrong with a record, in words."""

from collections.abc import Mapping

from ruhrmail.dns.spf import MOST_LOOKUPS, Spf
from ruhrmail.model.phrase import Phrase, phrase

DMARC: Mapping[str, Phrase] = {
    "missing": phrase("there is no DMARC record"),
    "double": phrase("there is more than one DMARC record, so none counts"),
    "version": phrase("the DMARC record does not begin with v=DMARC1;"),
    "policy": phrase("the DMARC record has no policy: p=none, p=quarantine or p=reject"),
    "report": phrase("the DMARC record sends reports to something else than mailto: addresses"),
}
DKIM: Mapping[str, Phrase] = {
    "missing": phrase("no key is published"),
    "double": phrase("more than one key is published"),
    "version": phrase("the record does not begin with v=DKIM1"),
    "revoked": phrase("the key has been revoked: p= is empty"),
    "broken": phrase("the record holds no key"),
    "other-key": phrase("another key is published than the one we sign with"),
    "testing": phrase("the record says that it is a test (t=y), so no server counts it"),
}
SPF_HINT = phrase("publish one TXT record that names your relay and ends in -all or ~all")


def spf_fault(spf: Spf, domain: str) -> Phrase:
    """What is wrong with an SPF record that has a fault or lets everybody send."""
    if spf.fault == "missing":
        return phrase("{domain} has no SPF record", domain=domain)
    if spf.fault == "double":
        return phrase("{domain} has more than one SPF record, so none counts", domain=domain)
    if spf.fault == "syntax":
        return phrase("the SPF record of {domain} has a term that is none: {term}", domain=domain, term=spf.term)
    if spf.fault == "include":
        return phrase("the SPF record of {domain} leans on {other}, whose own is missing or wrong", domain=domain,
                      other=spf.term)  # fmt: skip
    if spf.fault == "lookups":
        return phrase("the SPF record of {domain} takes more than {most} lookups, so none counts", domain=domain,
                      most=MOST_LOOKUPS)  # fmt: skip
    return phrase("the SPF record of {domain} lets every server send (+all)", domain=domain)
