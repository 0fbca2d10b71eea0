"""Merged messages, read back by the standard library, hold what a plain EmailMessage would have held."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.compose import Filling, Headers, fill_html, fill_subject, fill_text, merge, prepare
from ruhrmail.compose.values import clean
from ruhrmail.model.edition import Edition
from ruhrmail.model.merge import UNSUBSCRIBE_TOKEN, MergeField
from ruhrmail.model.people import Person
from ruhrmail.tokens import SAMPLE_TOKEN

AWKWARD = (
    "", " ", "Jürgen", "Groß-Äußerung", "🎉🏳️‍🌈", "שלום עולם", "مرحبا", ".", "..", ".hidden", "a=b", "=C3=BC",
    "=?utf-8?Q?x?=",
    "x" * 200, "ü" * 120, "Müller, Hans", 'O"Brien \\', "<b>fett</b> & mehr", "a\r\nBcc: b@evil.example", "a\n\nHTML",
    "\r\n.\r\n", "From here", "--=_x", "end ", "\ttab", "\x00\x1b", "\u202eevil", "a\u2028b", "z.\u00a0B.",
    "{{ first_name }}",
    "Dr. med.", "(Komm)entar", "a@b", "x;y:z", "Zoë  van 't Hoff", "\ud800", "?=", "_", "e\u0301",
)  # fmt: skip
values = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=120))
literals = st.one_of(
    st.sampled_from([*(clean(one) for one in AWKWARD if one), "\n.\n..\n", "Zeile \nmit Rand\t\n", "\r\n\r\n"]),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=200),
)
NAMES = ("first_name", "last_name", "company", "ort")
fields = st.builds(MergeField, st.sampled_from([*NAMES, "greeting"]), st.sampled_from(["", "Sie", ".", "für alle "]))
bodies = st.lists(st.one_of(literals, fields), max_size=8).map(tuple)
subjects = st.lists(st.one_of(literals.map(clean), fields), min_size=1, max_size=4).map(tuple)
people = st.builds(
    lambda first, last, firm, where, title: Person(
        "hans.müller@x.example".replace("ü", "ue"), "", "Herr", title, first, last, firm, fields={"ort": where}
    ),
    *[values] * 5,
)
HEADERS = Headers(
    sender_name="Ruhrblick – Neues, aus der Region",
    sender_address="redaktion@newsletter.example",
    list_name="Ruhrblick für alle",
    list_domain="newsletter.example",
    url="https://newsletter.example",
    date=datetime(2026, 11, 6, 9, 30, tzinfo=UTC),
)
MESSAGE_ID = "<0123456789abcdef@newsletter.example>"


def edition(subject=("Betreff",), text=("Text\n",), html=("<p>HTML</p>\n",)):
    return Edition("2026-11", "", "de", subject, (), html, text, "", ())


def merged(one, person):
    filling = Filling(person, MESSAGE_ID, SAMPLE_TOKEN, "u+x@newsletter.example")
    return merge(prepare(one, HEADERS), filling).content


def lines_of(text):
    """Line breaks of one kind, as any mail holds them."""
    return re.sub("\r\n|\r", "\n", text)


def ended(body):
    """The body with a line break at its end, which belongs to the edition and not to a value."""
    filled = [part for part in body if part]
    return body if filled and isinstance(filled[-1], str) and filled[-1].endswith("\n") else (*body, "\n")


def plainly(one, person):
    """The same message made by the standard library alone, and read back."""
    message = EmailMessage(policy=policy.default)
    name = " ".join(clean(f"{person.first_name} {person.last_name}").split())
    message["To"] = Address(name, addr_spec=person.email)
    message.set_content(lines_of(fill_text(ended(one.text), person, "de", SAMPLE_TOKEN)), cte="base64")
    message.add_alternative(lines_of(fill_html(ended(one.html), person, "de", SAMPLE_TOKEN)), "html", cte="base64")
    return message


def name_in(message, header="To"):
    """The name in a header of addresses.

    `policy.default` leaves blanks between encoded words of a name: then the older decoder reads.
    """
    raw = dict(message.raw_items())[header]
    if not re.search(r"\?=\s+=\?", raw):
        return message[header].addresses[0].display_name
    return str(make_header(decode_header(parseaddr(raw)[0])))


def mark_html(body):
    return tuple(one if isinstance(one, str) else MergeField(one.name, one.default, "html") for one in body)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(subjects, bodies, bodies, people)
def test_merged_message_reads_back_as_a_plain_one(subject, text, html, person):
    """Subject, To name, text and HTML survive, whatever the values hold."""
    one = edition(subject, text, mark_html(html))
    found, wanted = message_from_bytes(merged(one, person), policy=policy.default), plainly(one, person)
    assert str(found["Subject"]) == fill_subject(subject, person, "de")
    assert name_in(found) == wanted["To"].addresses[0].display_name
    assert [a.addr_spec for a in found["To"].addresses] == [person.email]
    for kind in ("plain", "html"):
        got, want = (m.get_body((kind,)).get_content() for m in (found, wanted))
        assert re.sub("\r\n", "\n", got) == re.sub("\r\n", "\n", want)
    assert [part.get_content_type() for part in found.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert found.defects == [] and all(part.defects == [] for part in found.walk())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(subjects, bodies, bodies, people)
def test_every_line_is_ready_for_the_wire(subject, text, html, person):
    """ASCII, CRLF only, no line over 998 (bodies: 76), none that begins with a dot."""
    content = merged(edition(subject, text, mark_html(html)), person)
    assert content.isascii()
    assert content.endswith(b"\r\n")
    assert content.count(b"\r") == content.count(b"\n") == content.count(b"\r\n")
    head, _, body = content.partition(b"\r\n\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert [line for line in body.split(b"\r\n") if line.startswith((b".", b"From "))] == []
    assert [line for line in head.split(b"\r\n") if len(line) > 76 and not line.startswith(b"List-Unsub")] == []


@settings(max_examples=100, deadline=None)
@given(people, subjects)
def test_no_value_adds_a_header(person, subject):
    """The header names are the same for every reader."""
    head = merged(edition(subject), person).partition(b"\r\n\r\n")[0].decode()
    assert re.findall(r"(?m)^([A-Za-z-]+):", head) == [
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Unsubscribe", "List-Unsubscribe-Post",
        "List-ID", "Content-Language", "Content-Type",
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(values)
def test_a_value_in_an_address_is_percent_encoded(value):
    """Nothing of a value ends the address or adds a parameter."""
    one = edition(text=("https://x.example/?q=", MergeField("ort", "", "url"), "&r=1\n"))
    content = merged(one, Person("a@x.example", "", fields={"ort": value}))
    text = message_from_bytes(content, policy=policy.default).get_body(("plain",)).get_content()
    assert re.fullmatch(r"https://x\.example/\?q=[A-Za-z0-9%._~-]*&r=1\r\n", text)


def test_the_token_stands_in_header_and_bodies():
    token = MergeField(UNSUBSCRIBE_TOKEN, "", "url")
    one = edition(text=("https://newsletter.example/u/", token), html=('<a href="https://x.example/u/', token, '">'))
    found = message_from_bytes(merged(one, Person("a@x.example", "")), policy=policy.default)
    assert found["List-Unsubscribe"] == f"<https://newsletter.example/u/{SAMPLE_TOKEN}>"
    assert found.get_body(("plain",)).get_content() == f"https://newsletter.example/u/{SAMPLE_TOKEN}\r\n"
    assert found.get_body(("html",)).get_content() == f'<a href="https://x.example/u/{SAMPLE_TOKEN}">\r\n'
