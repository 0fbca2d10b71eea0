"""The pages that let people in, as a browser, a keyboard and axe see them."""

import re

import pytest
from playwright.sync_api import expect

from ruhrmail.check.browser.session import axe_source
from tests.render.chromium import open_browser

PAGES = [
    "/", "/archive/", "/subscribe", "/subscribe/sent", "/confirm/open", "/confirm/done", "/confirm/late",
    "/confirm/barred", "/confirm/nobodys", "/u/lea",
]  # fmt: skip
CONTENT = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
ORIGIN = {"X-Forwarded-For": "198.19.0.1"}


@pytest.fixture(scope="module")
def browser():
    with open_browser() as browser:
        yield browser


@pytest.fixture
def page(browser):
    """A page of 320 pixels; the browser must not complain, and ask nobody else."""
    page = browser.new_page(viewport={"width": 320, "height": 640}, extra_http_headers=ORIGIN, java_script_enabled=True)
    complaints, asked = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    page.close()
    assert [] == [said for said in complaints if "status of 4" not in said]
    assert {"127.0.0.1"} == {url.split("/")[2].split(":")[0] for url in asked}


def violations(page):
    page.evaluate(axe_source())
    found = page.evaluate("options => axe.run(document, options)", CONTENT)["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize(("scheme", "language"), [("light", "de"), ("dark", "en")])
def test_axe_finds_nothing_and_nothing_sticks_out(service, page, scheme, language):
    page.emulate_media(color_scheme=scheme)
    for path in PAGES:
        page.goto(f"{service.address}{path}?lang={language}")
        assert [] == violations(page), path
        assert 320 == page.evaluate("document.documentElement.scrollWidth"), path


def test_axe_finds_nothing_on_a_form_that_comes_back(service, page):
    page.goto(service.address + "/subscribe")
    page.get_by_label("Ihre E-Mail-Adresse").fill("ada.halde.example")
    page.evaluate("document.forms[0].noValidate = true")
    page.get_by_role("button").click()
    expect(page).to_have_title(re.compile("^Fehler: "))  # it has the same address as the form before
    expect(page.locator("#email")).to_be_focused()
    assert [] == violations(page)


def test_a_keyboard_is_enough_and_never_meets_the_trap(service, page):
    """Tab by tab from the top: the link to the content, the navigation, the field, the privacy notice, the button."""
    page.goto(service.address + "/subscribe")
    met = []
    for _ in range(9):
        page.keyboard.press("Tab")
        met.append(page.evaluate("(document.activeElement.name || document.activeElement.innerText).trim()"))
    assert ["Zum Inhalt springen", "email", "Datenschutzhinweise", "Einwilligen und abonnieren"] == [
        one
        for one in met
        if one in ("Zum Inhalt springen", "email", "website", "Datenschutzhinweise", "Einwilligen und abonnieren")
    ][:4]
    assert "website" not in met


def test_a_click_waits_until_it_counts(service, page):
    """Who is quick, with an address that the browser filled in, is not taken for a program."""
    page.goto(service.address + "/subscribe")
    page.get_by_label("Ihre E-Mail-Adresse").fill("ada@halde.example")
    page.get_by_role("button").click()
    page.wait_for_url("**/subscribe/sent")
    assert ["ada@halde.example"] == [address for address, *_ in service.asked()]


def test_the_form_of_another_site_leads_to_ours(service, page):
    """Its snippet stands on a page of a foreign origin; one button is left to press."""
    page.set_content(
        f'<form action="{service.address}/subscribe" method="post">'
        '<input name="email" value="ada@halde.example"></form>'
    )
    page.evaluate("document.forms[0].submit()")
    page.wait_for_url("**/subscribe")
    assert "Fast geschafft" in page.inner_text("main")
    assert "ada@halde.example" == page.get_by_label("Ihre E-Mail-Adresse").input_value()
    page.get_by_role("button").click()
    page.wait_for_url("**/subscribe/sent")
    assert ["ada@halde.example"] == [address for address, *_ in service.asked()]


def test_everything_works_without_scripts_and_cookies(service, browser):
    context = browser.new_context(java_script_enabled=False, extra_http_headers={"X-Forwarded-For": "198.19.1.1"})
    page = context.new_page()
    page.goto(service.address + "/")
    page.get_by_role("link", name="Newsletter abonnieren").click()
    page.get_by_role("link", name="English").click()
    page.get_by_label("Your e-mail address").fill("ada@halde.example")
    page.get_by_role("button").click()
    page.wait_for_url("**/subscribe/sent?lang=en")
    page.goto(service.address + "/confirm/open-en")
    page.get_by_role("button").click()
    page.get_by_role("heading", name="Welcome! You are on the list").wait_for()
    assert [] == context.cookies()
    context.close()


def test_printed_pages_have_no_buttons(service, page):
    page.goto(service.address + "/confirm/open")
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation").is_visible() and not page.locator("main button").is_visible()
    assert "rgb(255, 255, 255)" == page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor")
