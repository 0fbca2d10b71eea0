"""The desk follows the files: what is saved is seen, what is wrong is told, and nobody loses their place."""

import re
import time
from dataclasses import replace
from urllib.parse import urlsplit

from playwright.sync_api import expect

from ruhrmail.preview.press import GRACE
from tests.preview.desk.newsroom import PROBE, open_newsroom
from tests.preview.desk.wire import Wire
from tests.render.chromium import CHROMIUM, QUIET

LONG = PROBE + "".join(f"  - type: text\n    text: Absatz Nummer {number}.\n" for number in range(60))
SAVES = 200
SECONDS = 10
SCRIPTS = """\
date: 2026-11-20
subject: "<img src=x onerror='parent.hacked=1'> & <b>fett</b>"
preheader: "<script>parent.hacked=2</script>"
content:
  - type: text
    text: |
      <script>parent.hacked = 3; window.hacked = 3</script> <b onclick="parent.hacked=4">Text</b>
  - type: button
    url: https://a.example/?q="><script>parent.hacked=6</script>
    label: "<svg onload='parent.hacked=7'>"
"""
TEMPLATE = (
    '<mj-raw><script>parent.hacked = 8</script><img src="x" onerror="parent.hacked = 9"><p id="ran">da</p></mj-raw>'
)


def test_a_saved_change_is_seen(newsroom):
    window = newsroom.open()
    expect(window.mail.locator("body")).to_contain_text("Der erste Satz steht hier.")
    newsroom.write(PROBE.replace("Der erste Satz", "Ein anderer Satz").replace("Die Probe", "Die zweite Probe"))
    expect(window.mail.locator("body")).to_contain_text("Ein anderer Satz steht hier.")
    expect(window.page.locator("h1")).to_have_text("Die zweite Probe")
    expect(window.page.locator("#issues a[aria-current]")).to_contain_text("Die zweite Probe")
    expect(window.page.locator("#announcer")).to_contain_text("Aktualisiert.")


def test_a_change_keeps_frame_and_pictures_and_changes_nothing_else(newsroom):
    window = newsroom.open()
    expect(window.mail.locator("img[alt='Kanal am Morgen']")).to_be_visible()
    window.page.evaluate("""() => {
      const inside = document.querySelector('.stage iframe').contentDocument;
      window.before = [inside, ...inside.querySelectorAll('img, h1')];
    }""")
    newsroom.write(PROBE.replace("Der erste Satz", "Ein anderer Satz"))
    expect(window.mail.locator("body")).to_contain_text("Ein anderer Satz steht hier.")
    assert window.page.evaluate("""() => {
      const inside = document.querySelector('.stage iframe').contentDocument;
      const now = [inside, ...inside.querySelectorAll('img, h1')];
      return now.length === window.before.length && now.every((one, at) => one === window.before[at]);
    }""")


def test_a_broken_file_keeps_the_last_good_picture_and_tells_line_and_caret(newsroom):
    window = newsroom.open()
    expect(window.mail.locator("h1")).to_have_text("Die Probe")
    newsroom.write(PROBE.replace("subject:", "subjekt:"))
    alert = window.page.locator(".alert.errors")
    expect(alert).to_contain_text("issues/probe/issue.yaml:")
    expect(alert.locator(".caret")).to_be_visible()
    expect(window.mail.locator("h1")).to_have_text("Die Probe")
    alert.get_by_role("button").click()
    expect(window.page.locator("#source .here .point")).to_be_visible()
    newsroom.write(PROBE.replace("Die Probe", "Wieder gut"))
    expect(alert).to_have_count(0)
    expect(window.mail.locator("h1")).to_have_text("Wieder gut")


def test_a_finding_leads_to_its_place_in_the_file(newsroom):
    newsroom.write(PROBE.replace("Der erste Satz", "TODO Der erste Satz"))
    window = newsroom.open()
    finding = window.page.locator("details.error .finding", has_text="text/placeholder")
    finding.click()
    line = PROBE.splitlines().index("    text: Der erste Satz steht hier.") + 1
    expect(window.page.locator("#source .here")).to_have_attribute("data-number", str(line))
    expect(window.page.locator("#source")).to_have_attribute("aria-label", "issues/probe/issue.yaml")
    newsroom.write(PROBE)
    expect(finding).to_have_count(0)


def test_a_vanished_picture_is_told_and_found_again(newsroom):
    window = newsroom.open()
    picture = newsroom.issue.with_name("bild.jpg")
    expect(window.mail.locator("img[alt='Kanal am Morgen']")).to_be_visible()
    content = picture.read_bytes()
    picture.unlink()
    expect(window.page.locator(".alert.errors, .finding").first).to_contain_text("bild.jpg")
    picture.write_bytes(content)
    expect(window.page.locator(".alert.errors")).to_have_count(0)
    expect(window.mail.locator("img[alt='Kanal am Morgen']")).to_be_visible()


def test_two_windows_choose_for_themselves_and_both_follow(newsroom):
    one, other = newsroom.open("issue=probe&width=320"), newsroom.open("issue=probe&tab=text")
    expect(one.mail.locator("h1")).to_have_text("Die Probe")
    expect(other.page.locator("pre")).to_contain_text("Der erste Satz")
    one.page.get_by_role("radio", name="Dunkel", exact=True).check()
    newsroom.write(PROBE.replace("Der erste Satz", "Für beide ein Satz"))
    expect(one.mail.locator("body")).to_contain_text("Für beide ein Satz")
    expect(other.page.locator("pre")).to_contain_text("Für beide ein Satz")
    expect(other.page.get_by_role("tab", selected=True)).to_have_text("Text")
    assert "mode=dark" in one.page.url
    assert "mode=dark" not in other.page.url


def test_two_hundred_saves_in_ten_seconds_end_with_the_last_one_and_show_others_on_the_way(newsroom):
    window = newsroom.open()
    expect(window.mail.locator("h1")).to_be_visible()
    window.page.evaluate("""() => {
      window.seen = new Set();
      const look = () => {
        const inside = document.querySelector('.stage iframe').contentDocument;
        window.seen.add(inside.body.textContent.match(/Stand (\\d+)\\./)?.[1]);
        requestAnimationFrame(look);
      };
      look();
    }""")
    begin = time.monotonic()
    for number in range(SAVES):
        newsroom.write(PROBE.replace("Der erste Satz steht hier.", f"Stand {number}."))
        time.sleep(max(0.0, begin + (number + 1) * SECONDS / SAVES - time.monotonic()))
    expect(window.mail.locator("body")).to_contain_text(f"Stand {SAVES - 1}.")
    assert window.page.evaluate("window.seen.size") > 10
    expect(window.page.locator(".alert")).to_have_count(0)


def test_an_editor_that_truncates_and_writes_does_not_flash_an_error(newsroom):
    window = newsroom.open()
    expect(window.mail.locator("h1")).to_be_visible()
    window.page.evaluate("""() => {
      window.flashes = 0;
      new MutationObserver(() => (window.flashes += document.querySelectorAll('.alert').length))
        .observe(document.getElementById('alerts'), {childList: true});
    }""")
    seen = []
    for number in range(5):
        begun, before = time.monotonic(), window.page.evaluate("window.flashes")
        newsroom.write("")
        time.sleep(0.03)
        fresh = newsroom.issue.with_name(".issue.yaml.new")
        fresh.write_text(PROBE.replace("Die Probe", f"Probe {number}"), encoding="utf-8")
        fresh.replace(newsroom.issue)
        lasted = time.monotonic() - begun
        expect(window.mail.locator("h1")).to_have_text(f"Probe {number}")
        seen += [window.page.evaluate("window.flashes") - before] * (lasted < GRACE)  # else the machine stood still
    assert seen == [0] * len(seen)
    assert seen


def test_place_and_choices_survive_a_change_and_a_reload(newsroom):
    newsroom.write(LONG)
    window = newsroom.open("issue=probe&width=375&mode=dark")
    expect(window.mail.locator("body")).to_contain_text("Absatz Nummer 59.")
    window.page.evaluate("document.querySelector('.stage iframe').contentWindow.scrollTo(0, 900)")
    newsroom.write(LONG.replace("Absatz Nummer 40.", "Ein neuer Absatz."))
    expect(window.mail.locator("body")).to_contain_text("Ein neuer Absatz.")
    assert window.scrolled() == 900
    window.page.wait_for_function("Object.values(sessionStorage).includes('900')")
    window.page.reload()
    expect(window.mail.locator("body")).to_contain_text("Ein neuer Absatz.")
    window.page.wait_for_function("document.querySelector('.stage iframe:not(.coming)')?.contentWindow.scrollY === 900")
    expect(window.page.get_by_role("radio", name="375")).to_be_checked()
    expect(window.page.get_by_role("radio", name="Dunkel", exact=True)).to_be_checked()


def test_a_lost_connection_is_told_and_found_again_with_what_changed_meanwhile(newsroom):
    with Wire(urlsplit(newsroom.address).port) as wire:
        flags = [f"--{flag}" for flag in (*QUIET, wire.rule)]
        browser = newsroom.browser.browser_type.launch(executable_path=str(CHROMIUM), args=flags)
        window = replace(newsroom, browser=browser).open()
        expect(window.mail.locator("h1")).to_have_text("Die Probe")
        wire.cut()
        expect(window.page.locator("#connection")).to_have_text("nicht verbunden")
        expect(window.page.locator(".alert.lost")).to_be_visible()
        expect(window.mail.locator("h1")).to_have_text("Die Probe")
        newsroom.write(PROBE.replace("Die Probe", "Danach"))
        wire.mend()
        expect(window.page.locator("#connection")).to_have_text("verbunden")
        expect(window.mail.locator("h1")).to_have_text("Danach")
        expect(window.page.locator(".alert")).to_have_count(0)
        window.complaints[:] = [one for one in window.complaints if "net::ERR_" not in one]
        browser.close()


def test_html_and_scripts_in_issue_and_templates_never_run(tmp_path, browser):
    with open_newsroom(tmp_path, browser) as newsroom:
        blocks = newsroom.project.folder / "templates" / "blocks"
        blocks.mkdir(exist_ok=True)
        (blocks / "divider.mjml.j2").write_text(TEMPLATE, encoding="utf-8")
        newsroom.write(SCRIPTS)
        window = newsroom.open("issue=probe&outlook=on")
        expect(window.mail.locator("h1")).to_contain_text("<img src=x")
        expect(window.page.locator("h1")).to_contain_text("<img src=x")
        newsroom.write(SCRIPTS + "  - type: divider\n")
        expect(window.mail.locator("#ran")).to_be_attached()
        window.mail.locator("b, a").first.click(modifiers=["Alt"])
        for tab in ("text", "web", "code", "headers", "differences"):
            window.page.locator(f"#tab-{tab}").click()
            expect(window.page.locator(f"#desk[data-tab={tab}]")).to_be_visible()
        assert window.page.evaluate("window.hacked") is None
        window.page.context.close()


def test_a_vanished_issue_and_a_vanished_project_are_explained(tmp_path, browser):
    with open_newsroom(tmp_path / "one", browser, language="en") as newsroom:
        window = newsroom.open()
        expect(window.mail.locator("h1")).to_have_text("Die Probe")
        newsroom.issue.rename(newsroom.issue.with_name("weg.txt"))
        expect(window.page.locator("#issues a")).to_have_count(2)
        expect(window.page.locator(".alert")).to_contain_text("probe")
        newsroom.issue.with_name("weg.txt").rename(newsroom.issue)
        expect(window.page.locator("#issues a")).to_have_count(3)
        (tmp_path / "one").rename(tmp_path / "other")
        expect(window.page.locator(".alert").first).to_contain_text(re.compile("folder|cannot be read"))
        expect(window.mail.locator("h1")).to_have_text("Die Probe")
        (tmp_path / "other").rename(tmp_path / "one")
        expect(window.page.locator(".alert")).to_have_count(0)
        window.page.context.close()
