"""Every tab and tool of the desk shows what it says."""

import re

import pytest
from playwright.sync_api import expect

TABS = {
    "mail": "als ich die Maschinenhalle",
    "web": "als ich die Maschinenhalle",
    "articles": "Elf Betriebe und ein Schwungrad",
    "text": "Nicht richtig dargestellt? Im Browser öffnen:",
    "code": "<!doctype html>",
    "headers": "List-Unsubscribe-Post",
    "calendar": "BEGIN:VCALENDAR",
    "differences": "Sehr geehrte Frau Beispiel",
    "inbox": "ruhrmail inbox",
}
FRAMES = ("mail", "web", "articles")


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_shows_its_view_of_the_issue(newsroom, tab):
    window = newsroom.open(f"issue=2026-11&tab={tab}")
    place = window.mail.locator("body") if tab in FRAMES else window.page.locator(".sheet")
    expect(place).to_contain_text(TABS[tab])
    expect(window.page.get_by_role("tab", selected=True)).to_have_attribute("data-tab", tab)


def test_the_latest_issue_is_shown_first_and_the_list_leads_to_others(newsroom):
    window = newsroom.open("")
    issues = window.page.get_by_role("navigation").get_by_role("link")
    expect(issues).to_have_count(3)
    expect(issues.first).to_have_attribute("aria-current", "page")
    expect(window.mail.locator("h1")).to_have_text("Die Probe")
    issues.last.click()
    expect(window.mail.locator("h1")).to_have_text("Der Hafen spart sich einen Umweg")
    expect(window.page.locator("h1")).to_have_text("Der Hafen spart sich einen Umweg")
    window.page.go_back()
    expect(window.mail.locator("h1")).to_have_text("Die Probe")


@pytest.mark.parametrize(("width", "expected"), [("320", 320), ("375", 375), ("640", 640), ("full", 696)])
def test_the_frame_is_as_wide_as_chosen(newsroom, width, expected):
    window = newsroom.open()
    expect(window.mail.locator("h1")).to_be_visible()
    window.page.locator(f"input[name=width][value='{width}']").check()
    frame = window.page.locator(".stage iframe")
    expect(frame).to_have_js_property("offsetWidth", expected)


def test_dark_colours_missing_pictures_missing_styles_and_outlook_are_shown_with_a_note(newsroom):
    window = newsroom.open()
    ground = "getComputedStyle(document.querySelector('.stage iframe').contentDocument.body).backgroundColor"
    expect(window.mail.locator("h1")).to_be_visible()
    light = window.page.evaluate(ground)
    window.page.get_by_role("radio", name="Dunkel", exact=True).check()
    expect(window.page.locator("#tools .note")).to_have_count(1)
    window.page.wait_for_function(f"light => light !== {ground}", arg=light)
    window.page.get_by_role("radio", name="Hell").check()
    window.page.get_by_role("checkbox", name="Ohne Bilder").check()
    expect(window.mail.locator("img[alt='Kanal am Morgen']")).not_to_have_attribute("src", re.compile("assets"))
    window.page.get_by_role("checkbox", name="GMX, WEB.DE").check()
    expect(window.mail.locator("style", has_text="@media")).to_have_count(0)
    window.page.get_by_role("checkbox", name="Outlook").check()
    expect(window.page.locator("#tools .note")).to_have_count(3)
    expect(window.page.locator("#tools")).to_contain_text("Outlook")


def test_a_reader_of_the_list_is_found_and_the_mail_is_theirs(newsroom):
    window = newsroom.open()
    expect(window.mail.locator("body")).to_contain_text("Hallo zusammen,")
    window.page.get_by_role("button", name=re.compile("^Leser")).click()
    window.page.get_by_role("combobox", name="Im Verteiler suchen").fill("Arıkan")
    option = window.page.get_by_role("dialog").get_by_role("option")
    expect(option).to_have_count(1)
    window.page.keyboard.press("Enter")
    expect(window.mail.locator("body")).to_contain_text("Hallo Selin,")
    expect(window.page.locator("#reader")).to_contain_text("Selin")


def test_every_variant_is_in_one_list(newsroom):
    window = newsroom.open()
    only = "Das sehen nur Leute mit dem Schlagwort Kultur."
    expect(window.mail.locator("body")).not_to_contain_text(only)
    window.page.get_by_label("Fassung").select_option("=kultur")
    expect(window.mail.locator("body")).to_contain_text(only)


def test_variants_are_compared_block_by_block_and_side_by_side(newsroom):
    window = newsroom.open("issue=probe&tab=differences&variant=%3Dkultur")
    window.page.get_by_label("Verglichen mit").select_option("variant:")
    expect(window.page.locator("ins")).to_contain_text("nur Leute mit dem Schlagwort Kultur")
    window.page.get_by_role("radio", name="Nebeneinander").check()
    frames = window.page.locator(".pair iframe:not(.coming)")
    expect(frames).to_have_count(2)
    expect(frames.last.content_frame.locator("body")).to_contain_text("Schlagwort Kultur")
    expect(frames.first.content_frame.locator("body")).not_to_contain_text("Schlagwort Kultur")


def test_the_whole_message_is_downloaded(newsroom):
    window = newsroom.open()
    with window.page.expect_download() as download:
        window.page.get_by_role("link", name=".eml").click()
    content = download.value.path().read_bytes()
    assert b"Subject: Die Probe" in content
    assert download.value.suggested_filename.endswith(".eml")


def test_links_of_the_mail_lead_to_the_articles_tab_and_anchors_stay(newsroom):
    window = newsroom.open("issue=2026-11")
    window.mail.locator("a[href*='/archive/2026-11/maschinenhalle.html']").first.click()
    expect(window.page.get_by_role("tab", selected=True)).to_have_text("Beiträge")
    expect(window.mail.locator("h1")).to_have_text("Elf Betriebe und ein Schwungrad")
    expect(window.page.get_by_label("Beitrag", exact=True)).to_have_value("maschinenhalle.html")


def test_the_inbox_line_says_where_the_subject_is_cut(newsroom):
    newsroom.write(
        newsroom.issue.read_text("utf-8").replace("Die Probe", "Ein Betreff, der überall viel zu lang ist, " * 3)
    )
    window = newsroom.open()
    summary = window.page.locator("#envelope summary")
    expect(summary).to_contain_text("Betreff gekürzt in Gmail")
    summary.click()
    expect(window.page.locator(".lines li")).to_have_count(5)
    expect(window.page.locator(".lines .subject.cut").first).to_contain_text("…")


def test_a_mail_that_gmail_cuts_says_so_in_bar_and_mail(newsroom):
    block = "  - type: text\n    text: " + "Ein langer Satz über das Revier. " * 400 + "\n"
    newsroom.write(newsroom.issue.read_text("utf-8") + block * 9)
    window = newsroom.open()
    expect(window.page.locator("#size")).to_contain_text("Gmail schneidet ab nach")
    expect(window.mail.locator("#gmail-clip")).to_be_attached()


def test_a_test_mailing_reaches_the_inbox_and_is_read_there(newsroom):
    window = newsroom.open()
    window.page.get_by_role("button", name="Testversand").click()
    dialog = window.page.get_by_role("dialog", name="Testversand")
    dialog.get_by_role("radio", name="Der lokale Eingang").check()
    dialog.get_by_role("button", name="Senden").click()
    expect(dialog.get_by_role("status")).to_contain_text("Gesendet")
    dialog.get_by_role("button", name="Schließen").last.click()
    window.page.get_by_role("tab", name="Eingang").click()
    letter = window.page.locator(".letter")
    expect(letter.frame_locator("iframe:not(.coming)").locator("body")).to_contain_text("Der erste Satz steht hier.")
    letter.get_by_role("button", name="Text", exact=True).click()
    expect(letter.locator("pre")).to_contain_text("Der erste Satz steht hier.")
    letter.get_by_role("button", name="Kopfzeilen").click()
    expect(letter.get_by_role("row", name=re.compile("^Subject"))).to_contain_text("Die Probe")
    letter.get_by_role("button", name="Quelltext").click()
    expect(letter.locator("pre")).to_contain_text("Content-Transfer-Encoding")
    expect(letter.get_by_role("link")).to_have_attribute("href", re.compile("^https://ruhrblick.example/u/"))
