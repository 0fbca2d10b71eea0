"""The form and the link of the confirmation mail: who gets in, who does not, and that nobody can tell."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruhrmail.web.forms import stamp
from tests.web.trial_server import FORM_KEYS

GERMAN, ENGLISH = "Ja, ich möchte <alles>.", "Yes, I want <everything>."
ADA = "ada@halde.example"


def mark(seconds=10.0, wording=GERMAN, keys=FORM_KEYS):
    """What a form carries that was given out so long ago."""
    return stamp(keys, wording, datetime.now(UTC) - timedelta(seconds=seconds))


def fill(email=ADA, seconds=10.0, **fields):
    return {"email": email, "website": "", "form": mark(seconds), **fields}


@pytest.fixture
def browser(service):
    """A client with a network address of its own, so that no test uses up another's submissions."""
    browser.number = getattr(browser, "number", 0) + 1
    origin = f"198.18.{browser.number % 250}.{browser.number // 250 + 1}"
    with service.client(headers={"X-Forwarded-For": origin}) as client:
        client.origin = origin
        yield client


def test_the_form_leads_to_the_page_that_says_what_happens_next(service, browser):
    form = browser.get("/subscribe")
    given_out = re.search(r'name="form" value="([^"]+)"', form.text)[1]
    assert (200, "no-store") == (form.status_code, form.headers["cache-control"])
    assert GERMAN in unescape(form.text) and GERMAN not in form.text
    assert 'href="https://newsletter.example/datenschutz?a=1&amp;b=2"' in form.text
    assert mark(0)[-20:] != given_out
    answer = browser.post("/subscribe", data=fill())
    assert (303, "/subscribe/sent") == (answer.status_code, answer.headers["location"])
    assert [(ADA, "de", browser.origin)] == service.asked()
    assert "Bitte sehen Sie in Ihr Postfach" in browser.get("/subscribe/sent").text


def test_an_english_form_is_an_english_request(service, browser):
    form = browser.get("/subscribe?lang=en")
    assert '<html lang="en">' in form.text and ENGLISH in unescape(form.text)
    assert 'action="/subscribe?lang=en"' in form.text
    answer = browser.post("/subscribe?lang=en", data=fill(form=mark(wording=ENGLISH)))
    assert "/subscribe/sent?lang=en" == answer.headers["location"]
    assert "Please check your inbox" in browser.get(answer.headers["location"]).text
    assert [(ADA, "en", browser.origin)] == service.asked()


@pytest.mark.parametrize("language", ["", "xx", "EN", "en&lang=de", "%00"])
def test_of_an_unknown_language_the_newsletters_own_is_taken(browser, language):
    assert '<html lang="de">' in browser.get(f"/subscribe?lang={language}").text


BOTS = {
    "the hidden field filled in": {"website": "https://spam.example"},
    "in no time": {"form": mark(-3600)},
    "filled in without a form": {"website": "x", "form": ""},
}


@pytest.mark.parametrize("kind", BOTS)
def test_a_program_is_told_what_everybody_is_told_and_nothing_is_stored(service, browser, kind):
    everybody = browser.post("/subscribe", data=fill("eva@halde.example"))
    answer = browser.post("/subscribe", data=fill(**BOTS[kind]))
    assert ["eva@halde.example"] == [address for address, *_ in service.asked()]
    assert (everybody.status_code, everybody.content) == (answer.status_code, answer.content)
    assert without_date(everybody) == without_date(answer)


def without_date(answer):
    return [pair for pair in answer.headers.raw if pair[0].lower() != b"date"]


@pytest.mark.parametrize(("seconds", "stored"), [(0.0, 0), (4.0, 1), (86_000.0, 1)])
def test_a_form_counts_from_three_seconds_to_a_day(service, browser, seconds, stored):
    assert 303 == browser.post("/subscribe", data=fill(seconds=seconds)).status_code
    assert stored == len(service.asked())


STALE = {
    "a day old": lambda: mark(86_500),
    "of another key": lambda: mark(keys=(b"x" * 32,)),
    "of another wording": lambda: mark(wording="Ja, ich möchte etwas anderes."),
    "of another language": lambda: mark(wording=ENGLISH),
    "broken": lambda: mark()[:-1],
    "no form of ours": lambda: "",
    "not a word of ours": lambda: "ä.ö\x00.ü",
}


@pytest.mark.parametrize("kind", STALE)
def test_a_form_that_does_not_count_comes_back_with_the_address(service, browser, kind):
    """From another site, from yesterday, or from before the wording changed: one button is left to press."""
    answer = browser.post("/subscribe", data=fill(form=STALE[kind]()))
    assert (200, []) == (answer.status_code, service.asked())
    assert f'value="{ADA}"' in answer.text and "Fast geschafft" in answer.text
    assert 1 == answer.text.count("<button")
    given_out = re.search(r'name="form" value="([^"]+)"', answer.text)[1]
    assert 303 == browser.post("/subscribe", data=fill(form=given_out)).status_code


def test_a_form_of_before_the_keys_were_rotated_counts(service, browser):
    assert 303 == browser.post("/subscribe", data=fill(form=mark(keys=FORM_KEYS[1:]))).status_code
    assert 1 == len(service.asked())


def test_what_is_no_address_is_said_at_the_field(service, browser):
    answer = browser.post("/subscribe", data=fill("ada.halde.example"))
    assert (200, []) == (answer.status_code, service.asked())
    field = re.search(r'<input id="email"[^>]*>', answer.text)[0]
    assert 'aria-invalid="true" aria-describedby="reason" autofocus' in field
    assert 'value="ada.halde.example"' in field
    assert re.search(r'id="reason"><strong>[^<]+</strong> das @ fehlt<', answer.text)
    assert "<title>Fehler: " in answer.text
    assert "das Feld ist leer" in browser.post("/subscribe", data=fill("")).text


def test_a_store_that_is_away_asks_to_come_again(browser):
    answer = browser.post("/subscribe", data=fill("unlucky@halde.example"))
    assert (503, "30") == (answer.status_code, answer.headers["retry-after"])


def test_what_is_entered_never_becomes_markup(browser):
    answer = browser.post("/subscribe", data=fill('"><script>alert(1)</script>'))
    assert "<script" not in answer.text and "&#34;&gt;&lt;script&gt;" in answer.text


def test_other_methods_are_refused(service, browser):
    for path in ("/subscribe", "/confirm/open"):
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            assert 405 == browser.request(method, path).status_code
    assert 405 == browser.post("/subscribe/sent").status_code


STEPS = {"open": 200, "done": 200, "late": 410, "barred": 200, "nobodys": 404, "x" * 300: 404, "open%0d": 404}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_link_says_where_its_owner_stands(browser, method, step):
    answer = browser.request(method, f"/confirm/{step}")
    assert STEPS[step] == answer.status_code
    assert ("no-store", "noindex, nofollow") == (answer.headers["cache-control"], answer.headers["x-robots-tag"])


def test_opening_the_link_changes_nothing_and_its_button_confirms(browser):
    page = browser.get("/confirm/open").text
    assert 1 == page.count("<button") == page.count('<form method="post">')
    assert "l…\u2060@newsletter.example" in page
    done = browser.post("/confirm/open").text
    assert "Willkommen! Sie sind dabei" in done and "<button" not in done
    assert 'href="/preferences/openx"' in done
    assert "/preferences/" not in page


def test_a_persons_page_speaks_their_language(browser):
    page = browser.get("/confirm/open-en").text
    assert '<html lang="en">' in page and "One click, and you are on the list" in page
    assert 'href="/archive/?lang=en"' in page
    assert '<html lang="de">' in browser.get("/confirm/open-en?lang=de").text


def test_who_may_not_come_back_is_told_so_and_whom_to_ask(browser):
    for answer in (browser.get("/confirm/barred"), browser.post("/confirm/barred")):
        assert "Diese Adresse bleibt von der Liste" in answer.text
        assert "mailto:redaktion@newsletter.example" in answer.text
        assert "<button" not in answer.text


def test_search_engines_keep_away_from_personal_links(browser):
    assert {"Disallow: /u/", "Disallow: /confirm/"} <= set(browser.get("/robots.txt").text.splitlines())


def test_links_and_redirects_keep_the_path_of_the_newsletter(start_service):
    with start_service(url="https://newsletter.example/brief") as service, service.client() as client:
        assert 'action="/brief/subscribe"' in client.get("/brief/subscribe").text
        assert "/brief/subscribe/sent" == client.post("/brief/subscribe", data=fill()).headers["location"]
        assert 'href="/brief/preferences/donex"' in client.get("/brief/confirm/done").text


LINES = st.text(st.sampled_from("a@.<>\"'&;=\r\n\0\x7f ä\u202e\u2028%+"), max_size=40) | st.text(max_size=30)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(email=LINES, trap=st.just("") | LINES, form=st.just("good") | LINES, language=st.sampled_from(["de", "en"]))
def test_whatever_is_entered_is_answered_with_a_page(service, email, trap, form, language):
    wording = {"de": GERMAN, "en": ENGLISH}[language]
    fields = {"email": email, "website": trap, "form": mark(wording=wording) if form == "good" else form}
    number = hash((email, trap, form)) % 2**40
    with service.client(
        headers={"X-Forwarded-For": f"2001:db8:{number >> 24 & 0xFFFF:x}:{number & 0xFFFF:x}::1"}
    ) as one:
        answer = one.post(f"/subscribe?lang={language}", data=fields)
    assert answer.status_code in (200, 303)
    assert "<script" not in answer.text
