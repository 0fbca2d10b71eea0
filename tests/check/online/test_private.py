"""Addresses that are not on the internet: judged however they are written, never contacted."""

import asyncio
from dataclasses import dataclass, field
from ipaddress import ip_address

import httpcore
import pytest

from ruhrmail.check.online.dial import Dialer, Unreached
from ruhrmail.check.online.guard import is_public, read_number
from ruhrmail.check.online.target import follow, read_target
from ruhrmail.names import Names

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "0.1.2.3", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1", "100::1",
    "3fff::1", "5f00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1%1", "::127.0.0.1",
    "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
    "2001:0:7f00:1::", "2001::1",
]  # fmt: skip
PUBLIC = [
    "8.8.8.8", "9.9.9.9", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "11.0.0.1",
    "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "2002:808:808::1",
]  # fmt: skip
WRITTEN = [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.0.0.1.", "[::1]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[64:ff9b::7f00:1]", "１２７.0.0.1", "127。0。0。1",
    "localhost", "localhost.", "LOCALHOST", "intern.localhost", "0", "0x0", "169.254.169.254",
]  # fmt: skip


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_off_the_internet_is_not_public(text):
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_an_address_on_the_internet_is_public(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize("host", ["127.0.0.256", "1.2.3.4.5", "0x100000000", "1.2.3.999", "08.0.0.1"])
def test_numbers_that_are_no_address_are_refused_or_names(host):
    try:
        assert read_number(host) is None
    except ValueError as error:
        assert host in str(error)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://gut.example@127.0.0.1/", "127.0.0.1"),
        ("https://gut.example:80@127.0.0.1/", "127.0.0.1"),
        ("https://127.0.0.1#@gut.example/", "127.0.0.1"),
        ("https://127.0.0.1?@gut.example/", "127.0.0.1"),
        ("http://GUT.example:80/", "gut.example"),
        ("http://ｇｕｔ.example/", "gut.example"),
        ("http://[::1]:80/", "::1"),
    ],
)
def test_the_host_is_the_one_that_is_connected_to(url, host):
    assert host == read_target(url).host


@pytest.mark.parametrize(
    "url",
    ["ftp://halle.example/", "http://", "http:///x", "http://[", "http://[::1", "http://halle.example:0/", "file:///etc",
     "http://halle.example:65536/", "http://halle.example:x/", "gopher://x", "//halle.example/", "",
     "http://a b.example/", "http://halle.example/" + "a" * 4000, "http://\u2100.example\u2488com/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url):
    with pytest.raises(ValueError):
        read_target(url)


def test_a_path_is_asked_for_in_ascii_and_without_line_ends():
    target = read_target("http://halle.example/ü%20b/\u2028?q=ä&b=%C3%A4#teil")
    assert "http://halle.example/%C3%BC%20b/%E2%80%A8?q=%C3%A4&b=%C3%A4" == target.url
    assert "http://halle.example/x%0D%0AHost:%20b" == follow(target, "/x%0D%0AHost:%20b").url
    assert not {"\r", "\n", " "} & set(follow(target, "/x\r\nSet-Cookie: a b").url)


def test_no_private_address_is_contacted_however_it_is_written(street, tmp_path):
    urls = [f"http://{host}:PORT/treffer" for host in WRITTEN]
    found = street.told(tmp_path, *urls, "http://innen.example:PORT/treffer")
    said = [street.put(f"error link/private the link leads into a private network: {url}") for url in urls]
    assert [
        *said,
        street.put("error link/private the link leads into a private network: http://innen.example:PORT/treffer"),
    ] == found
    assert [] == street.web.visits("/treffer")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_leads_to_a_private_address(street, tmp_path, status):
    goals = ["http:%2F%2F127.0.0.1:PORT%2Ftreffer", "http:%2F%2Finnen.example:PORT%2Ftreffer",
             "%2F%2F[::1]:PORT%2Ftreffer", "http:%2F%2Fhalle.example@0x7f.1:PORT%2Ftreffer"]  # fmt: skip
    found = street.told(tmp_path, *(f"WEB/to/{status}/{goal}" for goal in goals))
    assert ["error link/private the link redirects into a private network"] * 4 == [one.split(":")[0] for one in found]
    assert [] == street.web.visits("/treffer")


@dataclass
class Recorder(httpcore.AsyncNetworkBackend):
    """A network that connects to nothing and writes down where it should have."""

    reached: list[str] = field(default_factory=list)

    async def connect_tcp(self, host, port, *args, **kwargs):
        self.reached.append(host)
        return httpcore.AsyncMockStream([])


def dialled(server, count, **turns):
    """Where connections to `wechsel.example` really go."""
    server.turns["wechsel.example"] = list(turns["turns"])
    dialer = Dialer(Names(("127.0.0.1", server.port), 2), ())
    dialer.inner = recorder = Recorder()
    said = []
    for _ in range(count):
        try:
            asyncio.run(dialer.connect_tcp("wechsel.example", 80, 1))
        except Unreached as error:
            said.append(error.trouble)
    return recorder.reached, said


def test_the_address_that_was_judged_is_the_one_connected_to_and_each_connection_is_judged(street):
    """DNS rebinding: the name has a public address when it is first asked for, and ours the next time."""
    assert (["11.0.0.1"], ["private"]) == dialled(street.names, 2, turns=[["A 11.0.0.1"], ["A 127.0.0.1"]])
    assert 2 == sum(kind == "A" for _, kind, _ in street.names.asked)


def test_a_name_that_turns_private_between_link_and_redirect_is_not_contacted(street, tmp_path):
    street.names.turns["wechsel.example"] = [["A 192.0.2.1"], ["A 127.0.0.1"]]
    found = street.told(tmp_path, "http://wechsel.example:PORT/treffer", "http://wechsel.example:PORT/treffer?noch")
    assert ["error link/private"] * 2 == [one[:18] for one in found]
    assert [] == street.web.visits("/treffer") + street.web.visits("/treffer?noch")


def test_one_private_address_among_public_ones_is_enough(street, tmp_path):
    street.names.zone["halb.example"] = ["A 11.0.0.1", "A 127.0.0.1"]
    street.names.zone["sechs.example"] = ["A 11.0.0.1", "AAAA ::1"]
    found = street.told(tmp_path, "http://halb.example:PORT/treffer", "http://sechs.example:PORT/treffer")
    assert ["error link/private"] * 2 == [one[:18] for one in found]
    assert [] == street.web.visits("/treffer")


def test_an_alias_is_as_private_as_its_address(street, tmp_path):
    street.names.zone["alias.example"] = ["CNAME innen.example."]
    assert ["error link/private"] == [one[:18] for one in street.told(tmp_path, "http://alias.example:PORT/treffer")]


def test_an_allowed_host_allows_neither_those_below_it_nor_its_number(street, tmp_path):
    street.names.zone["neu.halle.example"] = ["A 127.0.0.1"]
    found = street.told(tmp_path, "http://neu.halle.example:PORT/treffer", "http://127.0.0.1:PORT/treffer", "WEB/ok")
    assert ["error link/private"] * 2 == [one[:18] for one in found]
    assert [] == street.web.visits("/treffer")


def test_a_skipped_host_is_not_even_looked_up(street, tmp_path):
    config = "check: {online: {skip: [halle.example], allow: [letter.example]}}\n"
    issue = 'content:\n  - {type: text, text: "[a](http://halle.example/) [b](http://neu.halle.example/)"}\n'
    assert [] == street.check(tmp_path, {"config": config, "issue": issue})
    assert [] == [name for name, _, _ in street.names.asked if name.endswith("halle.example")]
