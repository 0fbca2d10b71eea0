"""Published keys beside private ones, and what the signature means for DMARC and the way out."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ruhrmail.config import load_config
from ruhrmail.dns.zone import zone_lines
from ruhrmail.flows.keys import make_dkim_key
from ruhrmail.model.diagnosis import DnsRecord

NAME = "ruhr._domainkey.kurzbrief.example"


@pytest.fixture
def signing(surgery):
    """A project that signs; its record is not published yet."""
    make_dkim_key(load_config(surgery.folder, {}), "ruhr", "rsa")
    surgery.settings("dkim: [{domain: kurzbrief.example, selector: ruhr}]\n")
    return surgery


def publish(surgery, record):
    """Puts a record into the zone, as people paste it."""
    surgery.names.zone[NAME] = [f'TXT "{record[:200]}" "{record[200:]}"']


def test_what_is_to_be_published_makes_it_right(signing):
    (line,) = signing.look("dns-dkim")
    assert ("error", [NAME]) == (line.state, [one.name for one in line.records])
    publish(signing, line.records[0].value)
    assert ["ok dns-dkim", "ok dns-alignment"] == signing.told("dns-dkim", "dns-alignment")
    assert ["ok files-dkim", "ok mail-signature"] == signing.told("files-dkim", "mail-signature")


def test_a_key_in_test_mode_is_a_warning(signing):
    (line,) = signing.look("dns-dkim")
    publish(signing, line.records[0].value + "; t=y")
    assert ["warning dns-dkim"] == signing.told("dns-dkim")


@pytest.mark.parametrize(("bits", "state"), [(1024, "warning"), (2048, "unknown")])
def test_without_our_key_its_length_is_told(signing, bits, state):
    key = rsa.generate_private_key(65537, bits).public_key()
    data = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    publish(signing, f"v=DKIM1; k=rsa; p={base64.b64encode(data).decode()}")
    assert ["error dns-dkim"] == signing.told("dns-dkim")
    (signing.folder / ".ruhrmail" / "dkim" / "ruhr.pem").unlink()
    assert [f"{state} dns-dkim"] == signing.told("dns-dkim")


@pytest.mark.parametrize(
    ("domain", "policy", "state"),
    [
        ("kurzbrief.example", "", "ok"),
        ("post.kurzbrief.example", "", "ok"),
        ("post.kurzbrief.example", "adkim=s; ", "warning"),
        ("versand.test", "", "warning"),
        ("versand.test", "aspf=s; ", "warning"),
    ],
)
def test_a_signature_must_be_the_senders_own(surgery, domain, policy, state):
    surgery.settings(f"dkim: [{{domain: {domain}, selector: ruhr}}]\n")
    surgery.names.zone["_dmarc.kurzbrief.example"] = [f'TXT "v=DMARC1; {policy}p=none"']
    assert [f"{state} dns-alignment"] == surgery.told("dns-alignment")


def test_records_are_written_as_zone_files_have_them():
    assert ['a.example. IN TXT "v=\\"\\\\\\195\\188"'] == zone_lines(DnsRecord("a.example", "TXT", 'v="\\ü'))
    assert ["a.example. IN PTR b.example."] == zone_lines(DnsRecord("a.example", "PTR", "b.example"))
    lines = zone_lines(DnsRecord("a.example", "TXT", "x" * 300))
    assert ["a.example. IN TXT (", f'  "{"x" * 255}"', f'  "{"x" * 45}"', ")"] == lines
