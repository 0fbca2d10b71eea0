"""The desk works with keyboard and screen reader, in both languages, light and dark, large and small."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ruhrmail.preview.words import spoken
from tests.node import axe_source
from tests.preview.desk.newsroom import PROBE, open_newsroom

STATIC = Path(__file__).parents[3] / "ruhrmail" / "preview" / "static"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = "options => axe.run(document, options)"
OPTIONS = {"runOnly": {"type": "tag", "values": STANDARD}, "iframes": False}
TABS = ("mail", "text", "web", "articles", "code", "headers", "calendar", "differences", "inbox")


def violations(page: Page) -> list[str]:
    found = page.evaluate(AXE, OPTIONS)["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def examine(window, state: str) -> None:
    assert [] == [f"{state}: {one}" for one in violations(window.page)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_tab_in_any_dialog_or_with_errors(newsroom, scheme):
    newsroom.write(PROBE.replace("Der erste Satz", "TODO Der erste Satz"))
    window = newsroom.open(color_scheme=scheme)
    page = window.page
    expect(page.locator(".finding", has_text="text/placeholder")).to_be_visible()
    page.evaluate(axe_source())
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        expect(page.locator(".sheet:not([hidden]), .stage:not(.away) iframe").first).to_be_visible()
        examine(window, tab)
    page.locator("#tab-mail").click()
    page.locator(".finding").first.click()
    page.locator("#envelope summary").click()
    examine(window, "source")
    for button in ("[data-do=trial]", "[data-do=help]", "#reader"):
        page.locator(button).click()
        examine(window, button)
        page.keyboard.press("Escape")
    newsroom.write("subjekt: falsch\n")
    expect(page.locator(".alert.errors")).to_be_visible()
    examine(window, "errors")


def test_axe_finds_nothing_in_a_small_window_with_a_drawer_open(newsroom):
    window = newsroom.open(viewport={"width": 900, "height": 700})
    expect(window.mail.locator("h1")).to_be_visible()
    window.page.evaluate(axe_source())
    for drawer in ("Ausgaben", "Befunde"):
        window.page.get_by_role("button", name=drawer).click()
        examine(window, drawer)


def test_axe_would_have_found_a_violation(newsroom):
    """In a place that the desk never draws anew, as it may do with its head at any moment."""
    window = newsroom.open()
    expect(window.mail.locator("h1")).to_be_visible()
    window.page.evaluate(axe_source())
    window.page.evaluate("document.body.append(document.createElement('button'))")
    assert any(one.startswith("button-name") for one in violations(window.page))


@pytest.mark.parametrize("width", [320, 700, 900, 1280, 1600])
def test_nothing_sticks_out_of_the_window(newsroom, width):
    window = newsroom.open(viewport={"width": width, "height": 800})
    expect(window.mail.locator("h1")).to_be_visible()
    assert window.page.evaluate("document.documentElement.scrollWidth") == width
    edges = "[...document.querySelectorAll('#masthead *, #tools *')].map((one) => one.getBoundingClientRect().right)"
    assert window.page.evaluate(f"Math.max(...{edges})") <= width


def test_a_small_window_scrolls_and_leaves_the_mail_room(newsroom):
    window = newsroom.open(viewport={"width": 700, "height": 450})
    expect(window.mail.locator("h1")).to_be_visible()
    assert window.page.evaluate("document.querySelector('#view iframe').getBoundingClientRect().height") >= 270
    window.page.locator("#size").scroll_into_view_if_needed()
    assert window.page.evaluate("document.scrollingElement.scrollTop") > 0


def test_an_editor_works_with_the_keyboard_alone(newsroom):
    newsroom.write(PROBE.replace("Der erste Satz", "TODO Der erste Satz"))
    window = newsroom.open()
    page, press = window.page, window.page.keyboard.press
    expect(page.locator(".finding").first).to_be_visible()
    press("Tab")
    expect(page.locator("#skip")).to_be_focused()
    press("Enter")
    expect(page.locator("#view")).to_be_focused()
    page.locator("#tab-mail").focus()
    press("ArrowRight")
    expect(page.get_by_role("tab", name="Text", exact=True)).to_be_focused()
    expect(page.locator("pre")).to_contain_text("Der erste Satz")
    press("End")
    expect(page.get_by_role("tab", name="Eingang")).to_be_focused()
    press("1")
    expect(page.get_by_role("tab", name="Mail")).to_have_attribute("aria-selected", "true")
    for key, name in (("d", "Dunkel"), ("b", "Desktop")):
        press(key)
        expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()
    press("n")
    expect(page.locator(".finding").first).to_be_focused()
    expect(page.locator("#source .here")).to_be_visible()
    press("Escape")
    press("k")
    expect(page.locator("#issues a[aria-current]")).to_contain_text("Der Hafen")
    press("?")
    help_ = page.get_by_role("dialog", name="Tastenkürzel")
    expect(help_).to_be_visible()
    help_.get_by_role("checkbox").uncheck()
    press("Escape")
    press("j")
    expect(page.locator("#issues a[aria-current]")).to_contain_text("Der Hafen")


def test_keys_work_inside_the_frame_too(newsroom):
    window = newsroom.open()
    expect(window.mail.locator("h1")).to_be_visible()
    window.page.keyboard.press("v")
    window.page.keyboard.press("2")
    expect(window.page.get_by_role("tab", name="Text", exact=True)).to_have_attribute("aria-selected", "true")


def test_arrow_keys_walk_through_issues_and_findings(newsroom):
    newsroom.write(PROBE.replace("Der erste Satz", "TODO Der erste Satz -- TODO"))
    window = newsroom.open()
    links = window.page.locator("#issues a")
    links.first.focus()
    window.page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    findings = window.page.locator(".finding")
    expect(findings.filter(has_text="text/placeholder").first).to_be_visible()
    findings.first.focus()
    window.page.keyboard.press("ArrowUp")
    expect(findings.last).to_be_focused()


def test_the_desk_speaks_english_too(tmp_path, browser):
    with open_newsroom(tmp_path, browser, language="en") as newsroom:
        window = newsroom.open()
        expect(window.page.get_by_role("tab", name="Web page")).to_be_visible()
        expect(window.page.locator("html")).to_have_attribute("lang", "en")
        expect(window.page.get_by_role("button", name="Test mailing")).to_be_visible()
        window.page.context.close()


def test_every_module_is_fetched_at_once_and_none_other():
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    told = set(re.findall(r'href="static/(\w+\.js)"', page)) | {"desk.js"}
    assert {file.name for file in STATIC.glob("*.js")} == told


def test_every_sentence_of_the_modules_is_a_plain_literal():
    """What is not could not be found, and would stay English."""
    for file in STATIC.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        calls = re.findall(r"(?<![\w.])t\(\s*(.)", text)
        literals = [one for one in calls if one == '"']
        assert len(calls) - (file.name == "words.js") == len(literals), file.name
    assert "Test mailing" in spoken()
