"""What every address answers."""

import email
from email import policy


def test_the_state_names_newsletter_issues_and_readers(preview):
    state = preview.json("state")
    assert "Ruhrblick" == state["newsletter"]["name"]
    assert [("2026-11", "2026-11-06", "7")] == [(one["slug"], one["date"], one["number"]) for one in state["issues"]]
    assert ["neutral", "named", "no-first-name", "long-name", "every-tag", "other-language"] == [
        one["id"] for one in state["readers"]
    ]
    assert {"addresses": ["probe@newsletter.example"], "inbox": True} == state["test"]
    assert "de" == state["language"]


def test_an_issue_tells_variants_pages_calendars_and_headers(preview):
    issue = preview.json("issues/2026-11")
    assert ["", "kultur"] == [one["name"] for one in issue["variants"]]
    assert ["index.html", "der-radweg-ist-fertig.html"] == [one["name"] for one in issue["pages"]]
    assert "Der Radweg ist fertig" in issue["pages"][1]["title"]
    assert any("Radtour" in one["title"] for one in issue["calendars"])
    names = [name for name, _ in issue["headers"]]
    assert {"From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe"} <= set(names)
    assert 0 < issue["size"]["bytes"] < issue["size"]["limit"] == 104448
    assert issue["size"]["clip"] is None
    assert [] == issue["errors"]


def test_a_reader_sees_their_own_mail(preview):
    assert "ganz ohne Namen" in preview.json("issues/2026-11")["subject"]
    assert "Erika" in preview.json("issues/2026-11?reader=named")["subject"]
    assert "ganz ohne Namen" in preview.json("issues/2026-11?reader=no-first-name")["subject"]
    assert "Maximilian-Alexander" in preview.json("issues/2026-11?reader=long-name")["subject"]
    assert "Sehr geehrte Frau Beispiel" in preview.get("issues/2026-11/text?reader=named").text


def test_a_reader_with_every_tag_gets_the_variant_of_their_tags(preview):
    issue = preview.json("issues/2026-11?reader=every-tag")
    assert ("kultur", ["kultur"]) == (issue["variant"], issue["reader"]["tags"])
    assert "Nur für Kulturfreunde" in preview.get("issues/2026-11/mail?reader=every-tag").text
    assert "Nur für Kulturfreunde" not in preview.get("issues/2026-11/mail?reader=every-tag&variant=").text


def test_people_of_the_list_are_found_and_chosen(preview):
    found = preview.json("readers?q=MUSTER")
    assert ["lea@leserin.example"] == [one["email"] for one in found["readers"]]
    assert found["complete"]
    reader = found["readers"][0]["id"]
    assert "lea" not in reader
    issue = preview.json(f"issues/2026-11?reader={reader}")
    assert ("kultur", "Licht in der Maschinenhalle, Lea") == (issue["variant"], issue["subject"])
    assert 404 == preview.get("issues/2026-11?reader=list-0000").status_code
    assert [] == preview.json("readers?q=")["readers"]


def test_the_message_is_a_whole_one(preview):
    answer = preview.get("issues/2026-11/message.eml?reader=named")
    assert 'attachment; filename="2026-11.eml"' == answer.headers["content-disposition"]
    message = email.message_from_bytes(answer.content, policy=policy.default)
    assert "Licht in der Maschinenhalle, Erika" == message["Subject"]
    assert ["text/plain", "text/html"] == [part.get_content_type() for part in message.iter_parts()]


def test_pages_pictures_and_calendars_are_there(preview):
    mail = preview.get("issues/2026-11/mail").text
    picture = mail.partition('"web/assets/')[2].partition('"')[0]
    answer = preview.get(f"issues/2026-11/web/assets/{picture}")
    assert (200, "image/jpeg") == (answer.status_code, answer.headers["content-type"])
    assert "Ein langer Bericht" in preview.get("issues/2026-11/web/der-radweg-ist-fertig.html").text
    calendar = preview.json("issues/2026-11")["calendars"][0]["name"]
    assert "BEGIN:VCALENDAR" in preview.get(f"issues/2026-11/web/{calendar}").text
    assert 404 == preview.get("issues/2026-11/web/nichts.html").status_code


def test_the_source_is_shown_line_by_line_and_secrets_are_not(preview):
    source = preview.json("issues/2026-11/source")
    assert ("issues/2026-11/issue.yaml", "number: 7") == (source["file"], source["lines"][0])
    settings = preview.project / "ruhrmail.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "# password: geheim\n", encoding="utf-8")
    shown = preview.json("issues/2026-11/source?file=ruhrmail.yaml")["lines"]
    assert "# password: ***" == shown[-1]


def test_views_of_the_mail(preview):
    light, dark = (preview.get(f"issues/2026-11/mail?mode={mode}").text for mode in ("light", "dark"))
    assert "prefers-color-scheme" not in light + dark
    assert light != dark
    assert "<style" not in preview.get("issues/2026-11/mail?styles=off&mode=light").text.replace("<style>:root", "")
    assert "web/assets/" not in preview.get("issues/2026-11/mail?images=off").text
    assert "border-radius" not in preview.get("issues/2026-11/mail?outlook=on").text.partition("<body")[2]
    assert 400 == preview.get("issues/2026-11/mail?mode=bunt").status_code
    assert 400 == preview.get("issues/2026-11/mail?images=vielleicht").status_code


def test_a_mail_that_gmail_cuts_says_where(preview):
    window = preview.window()
    long = "".join(f"\n\n      Absatz {number} über das Ruhrgebiet und seine Halden." for number in range(1500))
    preview.save("in Herne brennt wieder Licht.", f"in Herne brennt wieder Licht.{long}")
    preview.wait_to_show(window, "Absatz 0 ")
    size = preview.json("issues/2026-11")["size"]
    assert size["limit"] < size["bytes"]
    number = int(size["clip"]["after"].partition("Absatz ")[2].split()[0])
    assert 8 + 2 * (number + 1) == size["clip"]["line"]
    assert 'id="gmail-clip"' in preview.get("issues/2026-11/mail?clip=on").text
    assert 'id="gmail-clip"' not in preview.get("issues/2026-11/mail").text


def test_what_does_not_exist_is_explained(preview):
    answer = preview.get("issues/2031-01")
    assert (404, "es gibt keine Ausgabe 2031-01") == (answer.status_code, answer.json()["error"])
    assert 404 == preview.get("issues/2026-11/mail?variant=sport").status_code
    assert 404 == preview.get("static/nichts.js").status_code


def test_differences_between_variants(preview):
    found = preview.json("issues/2026-11/differences?variant=kultur&with=variant:")
    assert not found["same"]
    added = [one["right"] for one in found["blocks"] if one["kind"] == "added"]
    assert [[["added", "Nur für Kulturfreunde."]]] == added
    assert 200 == preview.get(found["left"]["mail"]).status_code
    assert preview.json("issues/2026-11/differences?with=reader:neutral")["same"]


def test_differences_between_readers_are_told_word_by_word(preview):
    found = preview.json("issues/2026-11/differences?reader=named&with=reader:neutral")
    changed = next(one for one in found["blocks"] if one["kind"] == "changed")
    assert ["added", "Erika"] in changed["right"]
    assert 409 == preview.get("issues/2026-11/differences?with=mailing:nichts").status_code
    assert 409 == preview.get("issues/2026-11/differences?with=issue:nichts").status_code
    assert 409 == preview.get("issues/2026-11/differences?with=").status_code


def test_a_test_mail_lands_in_the_inbox(preview):
    window = preview.window()
    answer = preview.post("issues/2026-11/test", {"reader": "named", "to": "inbox"}).json()
    assert (True, "inbox") == (answer["sent"], answer["relay"])
    window.wait_for("inbox")
    newest = preview.json("inbox")["messages"][0]
    assert "Licht in der Maschinenhalle, Erika" == newest["subject"]
    message = preview.json(f"inbox/{newest['id']}")
    assert message["unsubscribe"].startswith("https://newsletter.example/u/")
    assert "in Herne brennt wieder Licht" in message["text"]
    assert ["Subject", "Licht in der Maschinenhalle, Erika"] in message["headers"]
    html = preview.get(f"inbox/{newest['id']}/html")
    assert html.headers["content-security-policy"].startswith("sandbox ")
    assert "../../issues/2026-11/web/assets/" in html.text
    assert "List-Unsubscribe:" in preview.get(f"inbox/{newest['id']}/raw").text
    assert 404 == preview.get("inbox/1.nichts").status_code


def test_a_test_mail_goes_to_configured_addresses_only(preview):
    """Without a relay it lies in the project's Maildir; a reader's own address never gets it."""
    reader = preview.json("readers?q=lea")["readers"][0]["id"]
    answer = preview.post("issues/2026-11/test", {"reader": reader, "to": "probe@newsletter.example"}).json()
    assert answer["sent"]
    kept = max((preview.project / "maildir" / "new").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    assert b"To: probe@newsletter.example" in kept.read_bytes()
    assert b"lea@leserin.example" not in kept.read_bytes()
    assert 400 == preview.post("issues/2026-11/test", {"to": "lea@leserin.example"}).status_code


def test_words_are_told_in_the_language_of_the_desk(preview):
    assert "Ausgaben" == preview.json("words.json")["Issues"]


def test_characters_that_no_encoding_has_are_shown_as_question_marks(preview):
    folder = preview.project / "inbox" / "cur"
    folder.mkdir(parents=True, exist_ok=True)
    mail = (
        b"Subject: \xe4=?utf-7?q?+2AA-?=\r\nContent-Type: text/html; charset=raw_unicode_escape\r\n\r\n<p>\\ud800 Licht"
    )
    (folder / "1.kaputt").write_bytes(mail)
    assert preview.get("inbox/1.kaputt").status_code == 200
    assert "<p>? Licht" in preview.get("inbox/1.kaputt/html").text


def test_a_wish_that_is_nested_deeply_cannot_be_read(preview):
    headers = {"Origin": preview.origin}
    answer = preview.client.post(preview.address + "issues/2026-11/test", content="[" * 9000, headers=headers)
    assert 400 == answer.status_code


def test_a_store_that_cannot_be_read_is_not_taken_for_an_empty_one(start_preview):
    with start_preview() as preview:
        assert preview.json("state")["store"] is None
        window = preview.window()
        (preview.project / ".ruhrmail").mkdir(exist_ok=True)
        (preview.project / ".ruhrmail" / "state.db").write_bytes(b"keine Datenbank" * 100)
        window.wait_for("state", lambda data: preview.json("state")["store"])
        state = preview.json("state")
    assert [] == state["mailings"]
    assert "die Datei des Speichers ist keine Datenbank" == state["store"]["message"]
    assert "RUHRMAIL_STORE" in state["store"]["hint"]
