"""What a real browser makes of the pages."""

import pytest

from tests.render.chromium import open_browser


@pytest.fixture(scope="module")
def browser():
    with open_browser() as found:
        yield found


@pytest.fixture
def page(browser):
    """A page of 320 pixels that notes what the browser complains about and whom it asks."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.complaints, page.asked = [], []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    page.close()


def test_the_policy_lets_an_issue_keep_its_style_and_pictures(service, page):
    """Both style elements work, one of them with Windows line ends, and the picture is shown."""
    page.goto(service.address + "/archive/2026-11/")
    style = page.evaluate("(({color, fontSize}) => [color, fontSize])(getComputedStyle(document.querySelector('h1')))")
    assert ["rgb(11, 85, 99)", "40px"] == style
    assert page.evaluate("document.images[0].naturalWidth") == 1
    assert [] == page.complaints


def test_the_policy_stops_what_does_not_belong(service, page):
    """A style that comes in later has no effect."""
    page.goto(service.address + "/archive/2026-11/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<style>h1 { font-size: 9px }</style>')")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "40px"
    assert 1 == len(page.complaints)


@pytest.mark.parametrize("path", ["/", "/archive/", "/subscribe", "/u/lea", "/preferences/lea", "/address/open"])
def test_our_pages_are_styled_and_fit_a_small_screen(service, page, path):
    """The band has the newsletter's colour, nothing sticks out at 320 pixels, no foreign host is asked."""
    page.goto(service.address + path)
    band = page.evaluate("getComputedStyle(document.querySelector('header')).backgroundColor")
    assert "rgb(11, 85, 99)" == band
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    assert [] == page.complaints
    assert all(url.startswith(service.address) for url in page.asked)


def test_a_reader_leaves_with_one_click(service, page):
    """Opening the link changes nothing, the button does, and a reload is harmless."""
    page.goto(service.address + "/u/lea")
    assert set() == service.gone()
    page.get_by_role("button").click()
    page.wait_for_load_state()
    assert page.url == service.address + "/u/lea"
    assert page.get_by_role("button").count() == 0
    assert {"lea"} == service.gone()
    page.reload()
    assert [] == page.complaints
