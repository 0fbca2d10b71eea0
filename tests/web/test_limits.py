"""Too much, too often and too slowly: what nobody may do to the service."""

import ipaddress
import random
import socket
import time

import httpx
import pytest

from ruhrmail.web.limits import Limits
from tests.web.test_joining import fill

MEGABYTE = 1024 * 1024


def ask(service, origin, times=1):
    with service.client(headers={"X-Forwarded-For": origin}) as client:
        return [client.post("/subscribe", data=fill("", seconds=10)) for _ in range(times)]


def codes(answers):
    return [answer.status_code for answer in answers]


def test_ten_forms_a_minute_from_one_origin_pass_then_it_waits(service):
    answers = ask(service, "192.0.2.1", 12)
    assert [200] * 10 + [429] * 2 == codes(answers)
    assert 50 < int(answers[-1].headers["retry-after"]) <= 60
    assert "Einen Moment bitte" in answers[-1].text and "redaktion@newsletter.example" in answers[-1].text
    assert [200] == codes(ask(service, "198.51.100.200"))


def test_an_origin_that_waits_may_still_read(service):
    ask(service, "198.51.101.2", 11)
    with service.client(headers={"X-Forwarded-For": "198.51.101.2"}) as client:
        assert 200 == client.get("/subscribe").status_code == client.get("/archive/").status_code


def test_what_a_stranger_says_about_its_origin_does_not_count(service):
    """Only what this machine's proxy added last does."""
    answers = [ask(service, f"203.0.113.{number}, 198.51.102.3")[0] for number in range(11)]
    assert [200] * 10 + [429] == codes(answers)


FLOODS = {
    "one network of version 4": (lambda n: f"198.51.100.{n}", "198.51.101.1", 30),
    "one connection of version 6": (lambda n: f"2001:db8:1:1::{n:x}", "2001:db8:1:2::1", 10),
    "one home of version 6": (lambda n: f"2001:db8:2:{n:x}::1", "2001:db8:2:100::1", 30),
    "one provider's customer": (lambda n: f"2001:db8:3:{n:x}00::1", "2001:db8:4::1", 90),
    "version 4 in version 6": (lambda n: f"::ffff:100.64.0.{n}", "::ffff:100.64.1.1", 30),
    "what is no address": (lambda n: f"unknown{n}", "192.0.2.9", 10),
}


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_is_stopped_where_it_comes_from(kind):
    origin, neighbour, most = FLOODS[kind]
    limits = Limits()
    waits = [limits.take(origin(number)) for number in range(most + 2)]
    assert [0] * most == waits[:most]
    assert all(0 < wait <= 60 for wait in waits[most:])
    assert 0 == limits.take(neighbour)


def test_the_hour_is_counted_too_and_what_waited_comes_again():
    clock = [1000.0]
    limits = Limits(lambda: clock[0])
    waits = []
    for _ in range(310):
        waits.append(limits.take("192.0.2.1"))
        clock[0] += 10
    assert ([0] * 300, 600) == (waits[:300], waits[300])
    clock[0] = 1000.0 + 3601
    assert [0, 9] == [limits.take("192.0.2.1") for _ in range(2)]
    clock[0] += 3600
    assert 0 == limits.take("198.51.100.1")
    assert ["198.51.100.1/32", "198.51.100.0/24"] == list(limits.times), "nobody is remembered for longer"


def test_who_was_not_heard_of_for_an_hour_is_forgotten():
    """A network address is personal data: docs/datenschutz.md says how long it is kept."""
    now = [0.0]
    limits = Limits(clock=lambda: now[0])
    limits.take("192.0.2.1")
    now[0] = 3600.0
    limits.take("198.51.100.1")
    assert ["198.51.100.1/32", "198.51.100.0/24"] == list(limits.times)


def test_however_many_origins_come_no_more_are_remembered_than_there_is_room_for():
    limits, chance = Limits(most_networks=100), random.Random(7)
    for _ in range(2_000):
        limits.take(str(ipaddress.IPv6Address(chance.randbytes(16))))
    assert (100, 100) == (len(limits.times), sum(map(len, limits.times.values())))


LARGE = {
    "urlencoded": {
        "content": b"email=" + b"a" * (10 * MEGABYTE),
        "headers": {"Content-Type": "application/x-www-form-urlencoded"},
    },
    "multipart": {"files": {"email": (None, b"a" * (10 * MEGABYTE))}},
    "just too large": {"content": b"a" * (64 * 1024 + 1)},
}


@pytest.mark.parametrize("path", ["/subscribe", "/confirm/open", "/", "/archive/", "/nowhere", "/healthz"])
@pytest.mark.parametrize("kind", LARGE)
def test_a_body_that_is_too_large_is_refused_on_every_page_and_the_connection_goes_on(service, path, kind):
    with service.client() as client:
        answer = client.post(path, **LARGE[kind])
        assert (413, "text/html; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
        assert "Das ist zu viel" in answer.text
        assert 200 == client.get("/subscribe").status_code


def test_a_body_without_a_length_is_refused_as_soon_as_it_is_too_large(service):
    def endless():
        for _ in range(40):
            yield b"a" * 65536

    with service.client() as client:
        assert 413 == client.post("/subscribe", content=endless()).status_code
        assert 200 == client.get("/subscribe").status_code


def test_whoever_leaves_may_send_more_and_nobody_keeps_it(service):
    with service.client() as client:
        assert 200 == client.post("/u/lea", content=b"a" * (12 * MEGABYTE)).status_code
        assert 413 == client.post("/u/lea", content=b"a" * (16 * MEGABYTE + 1)).status_code


def raw(service, *parts):
    """Sends bytes, and returns all that comes back until the server closes."""
    host, port = service.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=40) as connection:
        for part in parts:
            connection.sendall(part)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


@pytest.mark.soak
def test_a_body_that_comes_in_drops_is_given_up(service):
    began = time.monotonic()
    head = b"POST /subscribe HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
    assert raw(service, head, b"email").startswith(b"HTTP/1.1 408 ")
    assert 18 < time.monotonic() - began


PARTS = "multipart/form-data; boundary=x"
FORMS = {
    "nothing": (b"", None),
    "no media type": (b"email=ada%40halde.example", None),
    "text": (b"email=ada@halde.example", "text/plain"),
    "json": (b'{"email": "ada@halde.example"}', "application/json"),
    "escapes that are none": (b"email=%&form=%zz&%=%%%&==&&&", "application/x-www-form-urlencoded"),
    "bytes that are no UTF-8": (b"email=%ff%fe\xff\xfe&\x80=\x81", "application/x-www-form-urlencoded"),
    "another charset": ("email=ä@halde.example".encode("utf-16"), "application/x-www-form-urlencoded; charset=utf-16"),
    "NUL and line ends": (b"email=a%00%0d%0aBcc:%20b&website=%20&form=%00", "application/x-www-form-urlencoded"),
    "no boundary": (b"--x", "multipart/form-data"),
    "an empty boundary": (b"--\r\n", 'multipart/form-data; boundary=""'),
    "a boundary that never comes": (b"email=a", PARTS),
    "a part without a name": (b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--", PARTS),
    "a part without an end": (b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\na', PARTS),
    "a file": (b'--x\r\nContent-Disposition: form-data; name="email"; filename="a"\r\n\r\na\r\n--x--\r\n', PARTS),
    "a media type that is none": (b"a", "multipart/form-data; boundary=\xff;=;"),
    "fields without end": (b"a=b&" * 10_000, "application/x-www-form-urlencoded"),
    "a long field": (b"email=" + b"a" * 1_001, "application/x-www-form-urlencoded"),
    "a long name": (b"a" * 60_000 + b"=1", "application/x-www-form-urlencoded"),
}  # fmt: skip
CHARSETS = [
    "utf-8",
    "utf-16",
    "utf-7",
    "idna",
    "punycode",
    "unicode_escape",
    "rot13",
    "hex",
    "undefined",
    "x" * 99,
    "ä",
]
FORMS |= {
    f"charset {charset}": (
        b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\n\\ud800+2AA-\xff..a\r\n--x--\r\n',
        f"{PARTS}; charset={charset}",
    )
    for charset in CHARSETS
}


@pytest.mark.parametrize("kind", FORMS)
def test_every_form_is_answered_with_a_page(service, kind):
    """A form again, or a refusal; never an error of ours, and nothing is stored."""
    content, media_type = FORMS[kind]
    headers = [("X-Forwarded-For", f"2001:db8:ffff:{list(FORMS).index(kind):x}00::1")]
    if media_type:
        headers.append(("Content-Type", media_type.encode("latin-1")))
    with service.client() as client:
        answer = client.post("/subscribe", content=content, headers=httpx.Headers(headers))
    assert answer.status_code in (200, 303, 400, 413), answer.text
    assert [] == service.asked()


def test_of_a_repeated_field_the_first_counts(service):
    fields = fill()
    with service.client(headers={"X-Forwarded-For": "198.51.103.7"}) as client:
        body = {**fields, "email": ["ada@halde.example", "eva@halde.example"]}
        assert 303 == client.post("/subscribe", data=body).status_code
    assert ["ada@halde.example"] == [address for address, *_ in service.asked()]


def test_multipart_forms_count_as_well(service):
    with service.client(headers={"X-Forwarded-For": "198.51.104.8"}) as client:
        files = {name: (None, value) for name, value in fill().items()}
        assert 303 == client.post("/subscribe", files=files).status_code
    assert 1 == len(service.asked())
