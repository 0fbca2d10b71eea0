"""The rules with keys, languages and the command."""

import json
import os

import pytest

from ruhrmail.compose.keys import make_key, read_key, record_of, split_record
from ruhrmail.config import load_config
from ruhrmail.errors import InvalidInput
from ruhrmail.model.location import Location
from tests.check.desk import write_project
from tests.check.online.street import SETTINGS
from tests.stories.project import Project

DKIM = "dkim: [{domain: letter.example, selector: ruhr}]\n"
NAME = "ruhr._domainkey.letter.example"


def publish(street, folder, record, key):
    """Puts a private key into the project and a record into the zone."""
    place = folder / ".ruhrmail" / "dkim" / "ruhr.pem"
    place.parent.mkdir(parents=True)
    place.write_bytes(key)
    place.chmod(0o600)
    street.names.zone[NAME] = ["TXT " + " ".join(f'"{part}"' for part in split_record(record))]
    return [(one.rule, str(one.message)) for one in street.check(folder, {"config": DKIM})]


def record(key):
    return record_of(read_key(key, Location("key")))


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_our_own_key_is_known_when_it_is_published(street, tmp_path, kind):
    key = make_key(kind)
    assert [] == publish(street, tmp_path, record(key), key)


@pytest.mark.parametrize(("kind", "other"), [("rsa", "rsa"), ("ed25519", "ed25519"), ("rsa", "ed25519")])
def test_another_key_than_ours_is_found(street, tmp_path, kind, other):
    found = publish(street, tmp_path, record(make_key(other)), make_key(kind))
    assert [("dns/dkim", f"{NAME}: another key is published than the one we sign with")] == found


def test_a_key_cut_by_spaces_is_the_same(street, tmp_path):
    key = make_key("rsa")
    head, _, data = record(key).partition("p=")
    assert [] == publish(street, tmp_path, f"{head} p = {data[:60]} {data[60:]} ; n=key for letters", key)


def run(street, folder, issue, *arguments):
    write_project(folder, {"issue": street.put(issue), "config": SETTINGS})
    own = {"RUHRMAIL_RESOLVER": street.names.address, "RUHRMAIL_URL": street.put("TLS"), "RUHRMAIL_LANG": "de"}
    return Project(folder, {**os.environ, **own}).run("check", *arguments)


DEAD = 'content:\n  - {type: text, text: "Der [Hof der Halle](WEB/404)"}\n'


def test_the_command_goes_online_only_when_it_is_told_to(street, tmp_path):
    assert 0 == run(street, tmp_path, DEAD).returncode
    assert ([], []) == (street.names.asked, street.web.asked)
    done = run(street, tmp_path, DEAD, "--online")
    assert 1 == done.returncode
    said = "issues/one.yaml:2:45: die Seite gibt es nicht (404): WEB/404 error [link/dead]"
    assert street.put(said) in done.stdout


def test_notes_fail_no_run_even_a_strict_one(street, tmp_path):
    issue = 'content:\n  - {type: text, text: "Der [Hof der Halle](WEB/403)"}\n'
    done = run(street, tmp_path, issue, "--online", "--strict", "--format", "json", "--ignore", "link/insecure")
    assert (0, ["link/untold"]) == (done.returncode, [one["rule"] for one in json.loads(done.stdout)["findings"]])


def test_a_comment_silences_a_link_and_is_no_fault_offline(street, tmp_path):
    issue = DEAD.rstrip("\n") + "  # ruhrmail: ignore link/dead kommt morgen wieder\n"
    for arguments in (["--online"], []):
        assert 0 == run(street, tmp_path, issue, *arguments).returncode


@pytest.mark.parametrize("value", ["127.0.0.1", "127.0.0.1:5353", "::1", "[::1]", "[::1]:5353"])
def test_a_resolver_is_an_address_with_or_without_a_port(tmp_path, value):
    write_project(tmp_path, {})
    host = "::1" if ":1" in value.replace("127.0.0.1", "") else "127.0.0.1"
    expected = (host, 5353 if value.endswith("5353") else 53)
    assert expected == load_config(tmp_path, {"RUHRMAIL_RESOLVER": value}).resolver


@pytest.mark.parametrize(
    "value", ["dns.example", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:x", "[::1", "127.0.0.1 53", ":53"]
)
def test_what_is_no_address_of_a_name_server_is_refused(tmp_path, value):
    write_project(tmp_path, {})
    with pytest.raises(InvalidInput) as caught:
        load_config(tmp_path, {"RUHRMAIL_RESOLVER": value})
    assert [("config/resolver", "RUHRMAIL_RESOLVER", False)] == [
        (one.rule, one.at.file, value in str(one.message)) for one in caught.value.findings
    ]


@pytest.mark.parametrize("value", ["https://halle.example", "halle.example:80", "halle.example/x", "a b", "ü..example"])
def test_what_is_no_host_is_refused(tmp_path, value):
    write_project(tmp_path, {"config": f'check: {{online: {{allow: [halle.example, "{value}"]}}}}\n'})
    with pytest.raises(InvalidInput) as caught:
        load_config(tmp_path, {})
    assert [("config/host", "ruhrmail.yaml:1:41")] == [(one.rule, str(one.at)) for one in caught.value.findings]
