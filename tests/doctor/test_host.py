"""A relay of our own, as others see it."""

from ipaddress import ip_address

import pytest

from ruhrmail.config import load_config
from ruhrmail.dns.permission import may_send
from ruhrmail.doctor.case import Case, Sample
from ruhrmail.doctor.host import examine_host, examine_page, looks_made
from ruhrmail.flows.machine import this_machine
from ruhrmail.model.diagnosis import Probe, WebAnswer
from ruhrmail.names import Answer
from tests.stories.project import small_project

GOOD = {
    ("mail.kurzbrief.example", "A"): ("192.0.2.10",),
    ("10.2.0.192.in-addr.arpa", "PTR"): ("mail.kurzbrief.example",),
    ("kurzbrief.example", "TXT"): ("v=spf1 ip4:192.0.2.0/28 -all",),
}


def case_for(tmp_path, records, greeting="mail.kurzbrief.example", relay="mail.kurzbrief.example", pages=None):
    """A case with these records and pages; everything else is not there."""
    small_project(tmp_path / "project")
    config = load_config(tmp_path / "project", {"RUHRMAIL_RELAY": f"smtp://{relay}:587"})

    def ask(name, kind):
        found = records.get((name, kind))
        return found if isinstance(found, Answer) else Answer("found", found) if found else Answer("no-name")

    def visit(method, url, *_):
        return (pages or {}).get(url, WebAnswer(silence="refused"))

    machine = this_machine()
    return Case(config, machine.now, "sender", "nobody", ask, lambda one: Probe(one.name, greeting=greeting), visit,
                Sample, lambda: WebAnswer(silence="refused"))  # fmt: skip


def told(case, examine=examine_host):
    return [f"{one.state} {one.id.removeprefix('doctor/')}" for one in examine(case, case.config.relays[0])]


def test_names_and_addresses_that_fit_are_fine(tmp_path):
    assert ["ok host-name", "ok host-ptr", "ok host-spf"] == told(case_for(tmp_path, GOOD))


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ((), "error"),
        (("another.example",), "error"),
        (("192-0-2-10.kurzbrief.example",), "warning"),
        (("out.kurzbrief.example",), "warning"),
        (("out.kurzbrief.example", "mail.kurzbrief.example"), "ok"),
        (Answer("failed"), "unknown"),
    ],
)
def test_an_address_needs_a_name_that_leads_back(tmp_path, name, state):
    hosts = ("192-0-2-10.kurzbrief.example", "out.kurzbrief.example")
    records = {**GOOD, ("10.2.0.192.in-addr.arpa", "PTR"): name, **{(one, "A"): ("192.0.2.10",) for one in hosts}}
    case = case_for(tmp_path, records)
    lines = list(examine_host(case, case.config.relays[0]))
    assert state == next(one.state for one in lines if one.id == "doctor/host-ptr")
    published = [record.value for one in lines for record in one.records]
    assert (["mail.kurzbrief.example"] if state in ("error", "warning") else []) == published


def test_an_address_that_spf_does_not_name_is_an_error(tmp_path):
    records = {**GOOD, ("kurzbrief.example", "TXT"): ("v=spf1 ip4:198.51.100.1 -all",)}
    assert "error host-spf" in told(case_for(tmp_path, records))
    case = case_for(tmp_path / "b", {**GOOD, ("kurzbrief.example", "TXT"): ("other",)})
    (record,) = [one for line in examine_host(case, case.config.relays[0]) for one in line.records]
    assert "v=spf1 ip4:192.0.2.10 -all" == record.value


def test_a_relay_of_others_is_left_to_its_operator(tmp_path):
    case = case_for(tmp_path, GOOD, relay="smtp.versand.example")
    assert ["unknown host-spf"] == told(case)


def test_a_relay_without_an_address_is_an_error_and_an_inner_one_unknown(tmp_path):
    assert ["error host-name"] == told(case_for(tmp_path, {}))
    inner = {**GOOD, ("mail.kurzbrief.example", "A"): ("10.0.0.5",)}
    assert "unknown host-ptr" in told(case_for(tmp_path / "b", inner))
    assert ["unknown host-name"] == told(case_for(tmp_path / "c", {}, greeting="", relay="127.0.0.1"))
    silent = {("mail.kurzbrief.example", "A"): Answer("failed")}
    assert ["unknown host-name"] == told(case_for(tmp_path / "d", silent))


@pytest.mark.parametrize(
    ("pages", "state"),
    [
        ({"http://mail.kurzbrief.example/": WebAnswer(200, body=b"<a href=/i>Impressum</a>")}, "ok"),
        ({"http://www.kurzbrief.example/": WebAnswer(200, body=b"Kurzbrief e. V.")}, "ok"),
        (
            {
                "https://mail.kurzbrief.example/": WebAnswer(301, (("location", "https://kurzbrief.test/"),)),
                "https://kurzbrief.test/": WebAnswer(200, body=b"Impressum"),
            },
            "ok",
        ),
        ({"https://mail.kurzbrief.example/": WebAnswer(301, (("location", "/"),))}, "warning"),
        ({"https://mail.kurzbrief.example/": WebAnswer(200, body=b"It works!")}, "warning"),
        ({"https://mail.kurzbrief.example/": WebAnswer(404, body=b"Impressum")}, "warning"),
        ({}, "warning"),
        ({"https://mail.kurzbrief.example/": WebAnswer(silence="timeout")}, "unknown"),
    ],
)
def test_the_page_behind_the_name_says_whose_it_is(tmp_path, pages, state):
    assert [f"{state} host-page"] == told(case_for(tmp_path, GOOD, pages=pages), examine_page)


@pytest.mark.parametrize(
    ("name", "address", "made"),
    [
        ("mail.kurzbrief.example", "192.0.2.10", False),
        ("mx10.kurzbrief.example", "192.0.2.10", False),
        ("static.10.2.0.192.provider.example", "192.0.2.10", True),
        ("192-0-2-010.provider.example", "192.0.2.10", True),
        ("p5b2a.dip0.provider.example", "192.0.2.10", False),
        ("dsl-4711.provider.example", "192.0.2.10", True),
        ("pool.provider.example", "192.0.2.10", True),
        ("mailpool.provider.example", "192.0.2.10", False),
        ("mail.kurzbrief.example", "2001:db8::1", False),
    ],
)
def test_names_of_lines_are_known(name, address, made):
    assert made == looks_made(name, ip_address(address))


RECORDS = {
    ("a.example", "A"): ("192.0.2.7",),
    ("a.example", "AAAA"): ("2001:db8::7",),
    ("m.example", "MX"): ("a.example",),
}


@pytest.mark.parametrize(
    ("record", "verdict"),
    [
        ("ip4:192.0.2.7 -all", "+"),
        ("ip4:192.0.2.0/29 -all", "+"),
        ("-ip4:192.0.2.7 +all", "-"),
        ("ip6:2001:db8::/32 ~all", "~"),
        ("a:a.example -all", "+"),
        ("a:b.example/24 a:a.example/24 -all", "+"),
        ("mx:m.example -all", "+"),
        ("include:i.example -all", "+"),
        ("include:n.example -all", "-"),
        ("redirect=i.example", "+"),
        ("ip4:198.51.100.1", "?"),
        ("exists:%{i}.example -all", "unknown"),
        ("ptr -all", "unknown"),
        ("include:s.example -all", "unknown"),
        ("include:letter.example -all", "unknown"),
        ("ip4:none -all", "unknown"),
    ],
)
def test_what_a_record_says_of_an_address(record, verdict):
    texts = {
        "letter.example": f"v=spf1 {record}", "i.example": "v=spf1 ip4:192.0.2.7 -all", "n.example": "v=spf1 -all"
    }  # fmt: skip

    def ask(name, kind):
        if name == "s.example":
            return Answer("failed")
        found = (texts[name],) if kind == "TXT" and name in texts else RECORDS.get((name, kind), ())
        return Answer("found", found) if found else Answer("nothing")

    assert verdict == may_send("letter.example", ip_address("192.0.2.7"), ask)
