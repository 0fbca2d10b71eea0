"""Good and broken zones, and what doctor says of them."""

from pathlib import Path

import pytest
import yaml

from ruhrmail.dns.zone import zone_lines

DATA = yaml.safe_load(Path(__file__).with_name("zones.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DATA["cases"])
def test_a_zone_is_judged(surgery, name):
    case = DATA["cases"][name]
    records = {**DATA["good"], **case.get("zone", {})}
    surgery.names.zone.update({one: told for one, told in records.items() if one not in case.get("gone", ())})
    surgery.names.faults = case.get("faults", {})
    if "settings" in case:
        file = surgery.folder / "ruhrmail.yaml"
        file.write_text(file.read_text().split("delivery:")[0] + case["settings"] + "\n")
    lines = surgery.look(*case["only"])
    wanted = [one.partition(": ") for one in case["lines"]]
    assert [head for head, _, _ in wanted] == [f"{one.state} {one.id.removeprefix('doctor/')}" for one in lines]
    assert [] == [part for (_, _, part), one in zip(wanted, lines, strict=True) if part not in str(one.message)]
    published = [line for one in lines for record in one.records for line in zone_lines(record)]
    assert case.get("zone_file", published) == published


def test_a_server_that_says_nothing_holds_up_its_own_lines_only(surgery):
    surgery.names.zone.update(DATA["good"])
    surgery.names.faults = {"_dmarc.kurzbrief.example": "silent"}
    assert {"ok dns-spf", "unknown dns-dmarc"} == set(surgery.told("dns-spf", "dns-dmarc"))


def test_five_hundred_includes_are_read_up_to_the_tenth_lookup(surgery):
    strings = " ".join(f'"include:i{number}.example "' for number in range(500))
    surgery.names.zone |= {"kurzbrief.example": [f'TXT "v=spf1 " {strings} "-all"']}
    surgery.names.zone |= {f"i{number}.example": ['TXT "v=spf1 ip4:192.0.2.1 -all"'] for number in range(500)}
    (line,) = surgery.look("dns-spf")
    assert "error" == line.state and "more than 10 lookups" in str(line.message)
    assert 11 > len([name for name, _, _ in surgery.names.asked if name.startswith("i")])


def test_without_any_name_server_nothing_is_guessed(surgery):
    found = surgery.told("dns", RUHRMAIL_RESOLVER="127.0.0.1:9")
    assert {"unknown"} == {one.split()[0] for one in found} and len(found) > 7
