"""Every variant of a rendered issue, merged, holds what its twin does: a plain EmailMessage with the same values."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.compose import Filling, Headers, Merger, fill_html, fill_subject, fill_text, prepare
from ruhrmail.compose.values import clean
from ruhrmail.config import load_config
from ruhrmail.model.edition import Edition
from ruhrmail.parse import load_issue
from ruhrmail.render import Source, render_editions
from ruhrmail.tokens import Keyring, Purpose, return_address
from tests.compose.test_roundtrip import lines_of, name_in, people, values
from tests.stories.project import SMALL_CONFIG

ISSUE = """\
date: 2026-11-06
subject: 'Licht für {{ first_name or "alle" }} = {{ ort }}'
preheader: Grüße nach {{ ort }}
content:
  - type: editorial
    salutation: "{{ greeting }},"
    text: |
      Hallo {{ first_name or "du" }} {{ last_name }}, {{ company }}:
      [mehr](https://a.example/?q={{ ort or "nirgends" }}&r=1)

      .Punkt am Anfang; From mitten im Text, 100 % = alles.
  - {type: text, text: "Die Oper probt, {{ company }}.", only_for: kultur}
  - {type: text, text: "{{ first_name }}{{ last_name }}{{ first_name }}", only_for: wirtschaft}
  - {type: image, src: punkt.png, alt: Ein Punkt, not_for: kultur}
"""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c63680000008200817745"
    "3b840000000049454e44ae426082"
)
TOKENS = Keyring((b"k" * 40,))
FIXED = ("Date", "Message-ID", "MIME-Version", "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Language")


class Editions(tuple[Edition, ...]):
    """Editions that do not fill the screen when a test fails."""

    def __repr__(self) -> str:
        return "editions"


names = values.map(clean).filter(bool)


@pytest.fixture(scope="module", params=["hosted", "embedded"])
def editions(request, tmp_path_factory):
    """The rendered issue, an edition for each variant."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "ruhrmail.yaml").write_text(f"images: {request.param}\n{SMALL_CONFIG}", encoding="utf-8")
    (folder / "issues" / "x").mkdir(parents=True)
    (folder / "issues" / "x" / "issue.yaml").write_text(ISSUE, encoding="utf-8")
    (folder / "issues" / "x" / "punkt.png").write_bytes(PIXEL)
    file = load_issue(folder, "x", None)
    source = Source("x", file.folder, load_config(folder, {}), file.document.at_value, file.document.at_word)
    made = render_editions(file.issue, source)
    assert ["", "kultur", "wirtschaft", "kultur+wirtschaft"] == [one.variant for one in made]
    return Editions(made)


def headers_for(sender: str, newsletter: str) -> Headers:
    return Headers(
        sender_name=sender,
        sender_address="redaktion@newsletter.example",
        list_name=newsletter,
        list_domain="newsletter.example",
        url="https://newsletter.example",
        date=datetime(2026, 11, 6, 9, 30, tzinfo=UTC),
        reply_to="antwort@newsletter.example",
    )


def filling_for(person, number: int) -> Filling:
    subscriber = number.to_bytes(8, "big")
    link = TOKENS.stamp(Purpose.UNSUBSCRIBE, 7).sign_link(subscriber)
    sender = return_address(TOKENS.stamp(Purpose.RETURN, 7).sign_return(subscriber), "newsletter.example")
    return Filling(person, f"<{number}@newsletter.example>", link, sender)


def twin(edition, headers: Headers, filling: Filling) -> EmailMessage:
    """The same message by the standard library alone."""
    person, token = filling.person, filling.unsubscribe_token
    message = EmailMessage(policy=policy.default)
    message["From"] = Address(spaced(headers.sender_name), addr_spec=headers.sender_address)
    message["To"] = Address(spaced(clean(f"{person.first_name} {person.last_name}")), addr_spec=person.email)
    message["Reply-To"] = headers.reply_to
    message["Date"] = headers.date
    message["Message-ID"] = filling.message_id
    message["List-Unsubscribe"] = f"<{headers.url}/u/{token}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(lines_of(fill_text(edition.text, person, edition.language, token)), cte="base64")
    html = lines_of(fill_html(edition.html, person, edition.language, token))
    message.add_alternative(html, "html", cte="base64")
    message["Content-Language"] = edition.language  # last, for what sets a content deletes such headers
    return message


def phrase_in(message, header: str) -> str:
    """The words before the angle bracket, by the older decoder."""
    return str(make_header(decode_header(parseaddr(dict(message.raw_items())[header])[0])))


def spaced(name: str) -> str:
    return " ".join(name.split())


def body(message, kind: str) -> str:
    return lines_of(message.get_body((kind,)).get_content())


def links_in(html: str) -> list[str]:
    """Every link of a page, as a browser reads it."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found.extend(value for name, value in attrs if tag == "a" and name == "href")

    Reader(convert_charrefs=True).feed(html)
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(names, names, st.lists(people, min_size=1, max_size=3))
def test_every_variant_reads_back_as_its_twin(editions, sender, newsletter, readers):
    """One merger for several readers in turn, as a mailing does it."""
    headers = headers_for(sender, newsletter)
    for edition in editions:
        merger = Merger(prepare(edition, headers))
        for number, person in enumerate(readers):
            filling = filling_for(person, number)
            message = merger.merge(filling)
            found = message_from_bytes(message.content, policy=policy.default)
            wanted = twin(edition, headers, filling)
            assert {name: str(wanted[name]) for name in FIXED} == {name: str(found[name]) for name in FIXED}
            # As text: what is given to an EmailMessage is decoded, though nobody encoded it.
            assert fill_subject(edition.subject, person, "de") == str(found["Subject"])
            for name in ("From", "To"):
                assert wanted[name].addresses[0].display_name == name_in(found, name)
                assert wanted[name].addresses[0].addr_spec == found[name].addresses[0].addr_spec
            assert spaced(newsletter) == phrase_in(found, "List-ID")
            assert str(wanted["Reply-To"]) == str(found["Reply-To"])
            assert [body(wanted, "plain"), body(wanted, "html")] == [body(found, "plain"), body(found, "html")]
            assert (person.email, filling.envelope_sender) == (message.envelope.recipient, message.envelope.sender)
            assert [] == [defect for part in found.walk() for defect in part.defects]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(people)
def test_links_decode_to_the_readers_values(editions, person):
    """In HTML and text, the unsubscribe link and a link with a merge field."""
    filling = filling_for(person, 1)
    place = clean(person.fields["ort"]) or "nirgends"
    for edition in editions:
        content = Merger(prepare(edition, headers_for("R", "R"))).merge(filling).content
        found = message_from_bytes(content, policy=policy.default)
        for links in (links_in(body(found, "html")), re.findall(r"https?://[^\s)]+", body(found, "plain"))):
            queries = [parse_qs(urlsplit(one).query, strict_parsing=True) for one in links if "a.example/?" in one]
            assert [{"q": [place], "r": ["1"]}] == queries
            leave = [one for one in links if "/u/" in one]
            assert {f"https://kurzbrief.example/u/{filling.unsubscribe_token}"} == set(leave)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(names, names, people)
def test_every_line_is_ready_for_the_wire(editions, sender, newsletter, person):
    """ASCII, CRLF only, bodies at most 76 wide, headers 998, no line that begins with a dot or `From `."""
    for edition in editions:
        content = Merger(prepare(edition, headers_for(sender, newsletter))).merge(filling_for(person, 1)).content
        head, _, rest = content.partition(b"\r\n\r\n")
        lines = content.split(b"\r\n")
        assert content.isascii()
        assert content.endswith(b"\r\n")
        assert [] == [line for line in lines if b"\r" in line or b"\n" in line or line.startswith((b".", b"From "))]
        assert max(map(len, head.split(b"\r\n"))) <= 998
        assert max(map(len, rest.split(b"\r\n"))) <= 76
