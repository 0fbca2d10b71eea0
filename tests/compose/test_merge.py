"""Values, defaults, headers and samples, by example."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string, policy

import pytest

from ruhrmail.compose import Filling, Headers, fill_html, fill_subject, fill_text, merge, name_message, prepare, sample
from ruhrmail.compose.headers import encode_mailbox, encode_unstructured
from ruhrmail.compose.quoted import encode_text, encode_value
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.edition import Edition
from ruhrmail.model.mail import Envelope, Slot
from ruhrmail.model.merge import GREETING, UNSUBSCRIBE_TOKEN, MergeField
from ruhrmail.model.people import Person
from ruhrmail.tokens import SAMPLE_TOKEN

HEADERS = Headers(
    sender_name="Ruhrblick",
    sender_address="redaktion@newsletter.example",
    list_name="Größe im Revier",
    list_domain="newsletter.example",
    url="https://newsletter.example",
    date=datetime(2026, 11, 6, 9, 30, tzinfo=UTC),
    reply_to="post@newsletter.example",
)
EDITION = Edition(
    slug="2026-11",
    variant="",
    language="de",
    subject=("Licht für ", MergeField("first_name", "alle")),
    preheader=(),
    html=(
        "<p>",
        MergeField(GREETING, place="html"),
        "</p><a href='/u/",
        MergeField(UNSUBSCRIBE_TOKEN, place="url"),
        "'>",
    ),
    text=(MergeField(GREETING), ",\n"),
    web="",
    assets=(),
)
READER = Person("a@ruhr.example", "a@ruhr.example", "Frau", "Dr.", "Käthe", "Groß & Klein")
FILLING = Filling(READER, "<1@newsletter.example>", SAMPLE_TOKEN, "u+1@newsletter.example")


def test_the_headers_of_a_message():
    found = message_from_bytes(merge(prepare(EDITION, HEADERS), FILLING).content, policy=policy.default)
    assert dict(found.items()) == {
        "From": "Ruhrblick <redaktion@newsletter.example>",
        "To": "Käthe Groß & Klein <a@ruhr.example>",
        "Reply-To": "post@newsletter.example",
        "Subject": "Licht für Käthe",
        "Date": "Fri, 06 Nov 2026 09:30:00 +0000",
        "Message-ID": "<1@newsletter.example>",
        "MIME-Version": "1.0",
        "List-Unsubscribe": f"<https://newsletter.example/u/{SAMPLE_TOKEN}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-ID": "Größe im Revier <groesse-im-revier.newsletter.example>",
        "Content-Language": "de",
        "Content-Type": found["Content-Type"],
    }


def test_the_envelope_names_token_and_reader():
    message = merge(prepare(EDITION, HEADERS), FILLING)
    assert message.envelope == Envelope("u+1@newsletter.example", "a@ruhr.example")
    assert message.message_id == "<1@newsletter.example>"


def test_a_subject_without_fields_is_encoded_once():
    plain = Edition("x", "", "de", ("Über uns",), (), ("",), ("",), "", ())
    places = [part.place for part in prepare(plain, HEADERS).parts if isinstance(part, Slot)]
    assert places == ["to", "message-id", "unsubscribe-token"]


def test_the_same_edition_gives_the_same_bytes():
    assert prepare(EDITION, HEADERS) == prepare(EDITION, HEADERS)
    assert sample(EDITION, HEADERS) == sample(EDITION, HEADERS)


def test_a_sample_is_for_a_reader_who_does_not_exist():
    found = message_from_bytes(sample(EDITION, HEADERS), policy=policy.default)
    assert found["To"] == "Erika Beispiel <erika.beispiel@leserin.example>"
    assert found.get_body(("plain",)).get_content() == "Sehr geehrte Frau Beispiel,\r\n"
    assert SAMPLE_TOKEN in found["List-Unsubscribe"]


@pytest.mark.parametrize("empty", ["", "  ", "\u00a0\n", "\x00"])
def test_a_default_stands_in_for_an_empty_value(empty):
    reader = Person("a@b.example", "a@b.example", first_name=empty)
    assert fill_subject(EDITION.subject, reader, "de") == "Licht für alle"


def test_values_are_escaped_for_their_place():
    text = (MergeField("ort"), " ", MergeField("ort", place="url"), " ", MergeField("nichts"))
    reader = Person("a@b.example", "", fields={"ort": '<b a="1">&\'\r\nä'})
    assert (
        fill_html(text, reader, "de", "")
        == "&lt;b a=&quot;1&quot;&gt;&amp;&#x27; ä %3Cb%20a%3D%221%22%3E%26%27%20%C3%A4 "
    )
    assert fill_text(text, reader, "de", "") == '<b a="1">&\' ä %3Cb%20a%3D%221%22%3E%26%27%20%C3%A4 '


def test_missing_values_leave_no_gap_in_a_subject():
    subject = ("Für ", MergeField("title"), " ", MergeField("last_name"), " aus ", MergeField("ort"))
    assert fill_subject(subject, Person("", "", last_name="Groß"), "de") == "Für Groß aus"


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example>, <c@d.example",
        "a b@c.example",
        "ä\u2028b@c.example",
        "ä@ü.example",
        "\u202eä@b.example",
        "\ud800@b.example",
        "ä\x85@b.example",
        "",
        "a",
    ],
)
def test_an_address_that_no_header_holds_is_refused(address):
    with pytest.raises(RuhrmailError):
        merge(prepare(EDITION, HEADERS), Filling(Person(address, ""), "<1@x>", "t", "u@x.example"))


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("Erika Beispiel", "To: Erika Beispiel <a@b.example>"),
        ("Dr. Beispiel, E.", 'To: "Dr. Beispiel, E." <a@b.example>'),
        ('E "Q" \\', 'To: "E \\"Q\\" \\\\" <a@b.example>'),
        ("Käthe Beispiel", "To: =?utf-8?Q?K=C3=A4the_Beispiel?= <a@b.example>"),
        ("Оксана", "To: =?utf-8?B?0J7QutGB0LDQvdCw?= <a@b.example>"),
        ("", "To: a@b.example"),
    ],
)
def test_names_in_headers(name, header):
    assert encode_mailbox("To", name, "a@b.example") == header


def test_an_address_that_needs_smtputf8_stands_in_utf_8():
    reader = Person("jörg@xn--mller-kva.example", "", first_name="Erika", last_name="Beispiel")
    message = merge(prepare(EDITION, HEADERS), replace(FILLING, person=reader))
    raw = next(line for line in message.content.split(b"\r\n") if line.startswith(b"To:"))
    assert "To: Erika Beispiel <jörg@xn--mller-kva.example>".encode() == raw
    found = message_from_string(message.content.decode(), policy=policy.default)
    assert "jörg@xn--mller-kva.example" == found["To"].addresses[0].addr_spec
    assert message.content.replace("ö".encode(), b"").isascii()


def test_a_long_subject_is_folded_between_words():
    text = "Werkstatt " * 9 + "Ende"
    assert encode_unstructured("Subject", text) == (
        "Subject: Werkstatt Werkstatt Werkstatt Werkstatt Werkstatt Werkstatt\r\n Werkstatt Werkstatt Werkstatt Ende"
    )


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        (".\n..\nFrom x\nFromm", "=2E\r\n=2E.\r\n=46rom x\r\nFromm"),
        ("a \nb\t\n", "a=20\r\nb=09\r\n"),
        ("x" * 75, "x" * 75),
        ("x" * 76, "x" * 75 + "=\r\nx"),
        ("x" * 74 + "ü", "x" * 74 + "=\r\n=C3=BC"),
        ("x" * 75 + ".", "x" * 75 + "=\r\n=2E"),
    ],
)
def test_quoted_printable(text, encoded):
    assert encode_text(text, more=False) == encoded


@pytest.mark.parametrize(
    ("value", "encoded"),
    [("", b""), ("Erika", b"Erika=\r\n"), (".de", b"=2Ede=\r\n"), ("ü", b"=C3=BC=\r\n"), ("F", b"F=\r\n")],
)
def test_a_value_has_lines_of_its_own(value, encoded):
    assert encode_value(value) == encoded


def test_a_message_id_belongs_to_one_mailing_and_subscriber():
    names = {
        name_message(mailing, who, "b.example") for mailing in ("s 1", "s 2") for who in (b"12345678", b"87654321")
    }
    assert len(names) == 4
    assert name_message("s 1", b"12345678", "b.example") in names
