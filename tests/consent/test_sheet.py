"""The evidence sheet: complete, honest, and nothing in it is markup."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from lxml import html

from ruhrmail.consent import Subject, make_sheet, sheet_as_html, sheet_as_text
from ruhrmail.i18n import translator
from ruhrmail.model.consent import Consent, Kind, Standing

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEXT = "Ja, ich <b>möchte</b>\nden Kurzbrief"
ASKED = Consent(1, Kind.ASKED, NOW, "https://n.example/subscribe", TEXT, sha256(TEXT.encode()).hexdigest(), "",
                "Subject: Bitte\r\n\r\nLink <script>alert(1)</script>", "192.0.2.7")  # fmt: skip
CONFIRMED = Consent(2, Kind.CONFIRMED, NOW, wording=TEXT, sha256=ASKED.sha256)
SUBJECT = Subject("a@b.example", "Kurzbrief", ("Kurzbrief e. V.", "Bochum"), Standing.SUBSCRIBED)
GERMAN = translator("de")


def test_everything_on_record_stands_on_the_sheet():
    lines = "\n".join(sheet_as_text(make_sheet(SUBJECT, [ASKED, CONFIRMED], NOW), GERMAN))
    for fact in ("a@b.example", "Kurzbrief e. V., Bochum", ASKED.page, ASKED.sha256, "192.0.2.7", "Subject: Bitte",
                 "2026-11-22 09:00:00 UTC", "    den Kurzbrief", "BESTÄTIGT", "Double-Opt-in"):  # fmt: skip
        assert fact in lines
    assert "Achtung" not in lines


def test_a_wording_that_does_not_match_its_hash_is_told():
    forged = Consent(1, Kind.DECLARED, NOW, wording="Nein", sha256=ASKED.sha256, basis="Messe", source="a.csv")
    lines = "\n".join(sheet_as_text(make_sheet(SUBJECT, [forged], NOW), GERMAN))
    assert "Achtung: der Wortlaut passt nicht zum verzeichneten Hash" in lines
    assert "Rechtsgrundlage: Messe" in lines


def test_the_mail_can_be_read_and_remarks_are_german():
    mail = (
        "From: Kurzbrief <post@n.example>\r\nSubject: Bitte =?utf-8?q?best=C3=A4tigen?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
        "Soll der =E2=80=9EKurzbrief=E2=80=9C komm=\r\nen?\r\n"
    )
    asked = replace(ASKED, mail=mail)
    left = Consent(3, Kind.WITHDRAWN, NOW, procedure="unsubscribe link of mailing 4")
    lines = "\n".join(sheet_as_text(make_sheet(SUBJECT, [asked, left], NOW), GERMAN))
    shown = (
        "    From: Kurzbrief <post@n.example>\n    Subject: Bitte bestätigen\n    \n    Soll der „Kurzbrief“ kommen?\n"
    )
    assert shown in lines
    assert "Bemerkung: Link zur Abmeldung in einer Ausgabe (Versand Nr. 4)" in lines


def test_the_page_stands_by_itself_and_shows_markup_as_text():
    page = sheet_as_html(make_sheet(SUBJECT, [ASKED, CONFIRMED], NOW), GERMAN, "de")
    tree = html.fromstring(page)
    assert "de" == tree.get("lang")
    assert [] == [*tree.iter("script", "img", "link", "b")]
    assert [TEXT, "Subject: Bitte\n\nLink <script>alert(1)</script>", TEXT] == [one.text for one in tree.iter("pre")]
    assert ["Nachweis der Einwilligung"] == [one.text for one in tree.iter("h1")]
