"""The way in, from outside: the real service, a browser, the real mail in the inbox, the list, the proof."""

import json
import re
import secrets
import time

import httpx
import pytest

from tests.render.chromium import open_browser
from tests.stories.project import read_maildir, small_project

LINK = re.compile(r"https://kurzbrief\.example(/confirm/[A-Za-z0-9_-]{44})")
WORDING = "Ich möchte den Newsletter „Kurzbrief“ von Kurzbrief e. V. an meine E-Mail-Adresse erhalten."
ADDRESS = "Ada.Zechenkind@grubenlicht.example"


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path / "project", 2)


@pytest.fixture
def inbox(project, tmp_path):
    """Where the relay keeps what it took."""
    with project.service("inbox", "--port", "0", "--dir", str(tmp_path / "inbox"), ready=r"smtp://\S+") as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        yield tmp_path / "inbox"


@pytest.fixture
def web(project, inbox):
    with project.service("serve", "--port", "0", ready=r"http://\S+") as address:
        yield address


def arrived(inbox, count=1):
    """The mails of the inbox, once there are so many: the service sends them by itself."""
    for _ in range(150):
        if len(mails := read_maildir(inbox)) >= count:
            return mails
        time.sleep(0.1)
    raise AssertionError(f"{len(read_maildir(inbox))} of {count} mails came")


def listed(project):
    return project.run("subscribers", "list", "--state", "subscribed").stdout


def show(project):
    return json.loads(project.run("subscribers", "show", ADDRESS, "--format", "json").stdout)


def test_somebody_joins_by_the_form_and_the_real_mail(project, inbox, web):
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 375, "height": 740})
        page.goto(web)
        page.get_by_role("link", name="Newsletter abonnieren").click()
        assert WORDING in page.inner_text("main")
        page.get_by_label("Ihre E-Mail-Adresse").fill(ADDRESS)
        page.get_by_role("button", name="Einwilligen und abonnieren").click()
        page.wait_for_url("**/subscribe/sent")
        [mail] = arrived(inbox)
        assert (ADDRESS, "Bitte bestätigen: Kurzbrief") == (mail["To"].addresses[0].addr_spec, mail["Subject"])
        link = web + LINK.search(mail.get_content())[1]
        scan(link)
        assert "unconfirmed" == show(project)["state"]
        page.goto(link)
        assert "A…\u2060@grubenlicht.example" in page.inner_text("main")
        page.get_by_role("button", name="Ja, bestätigen").click()
        page.get_by_role("heading", name="Willkommen! Sie sind dabei").wait_for()
        page.goto(link)
        page.get_by_role("heading", name="Sie sind dabei").wait_for()
    assert ADDRESS in listed(project)
    consent = show(project)["consent"]
    assert ("confirmed", "https://kurzbrief.example/subscribe") == (consent["kind"], consent["page"])
    assert consent["wording"].startswith(WORDING)
    proof = project.run("subscribers", "prove", ADDRESS)
    assert (0, True, True) == (proof.returncode, WORDING in " ".join(proof.stdout.split()), link[-44:] in proof.stdout)


def scan(link):
    """A link scanner opens what it finds."""
    with httpx.Client(trust_env=False, timeout=60) as client:
        assert [200] * 4 == [client.request(method, link).status_code for method in ("GET", "HEAD") * 2]


def test_an_english_request_gets_an_english_mail_and_an_english_page(project, inbox, web):
    with httpx.Client(base_url=web, trust_env=False, timeout=60) as client:
        assert 303 == client.post("/subscribe?lang=en", data=filled_in(client, "?lang=en")).status_code
        [mail] = arrived(inbox)
        assert "Please confirm: Kurzbrief" == mail["Subject"]
        page = client.get(LINK.search(mail.get_content())[1]).text
        assert '<html lang="en">' in page and "One click, and you are on the list" in page
    assert "https://kurzbrief.example/subscribe?lang=en" == show(project)["consent"]["page"]


def filled_in(client, query="", address=ADDRESS):
    """A form that was read for long enough."""
    mark = re.search(r'name="form" value="([^"]+)"', client.get(f"/subscribe{query}").text)[1]
    time.sleep(3.1)
    return {"email": address, "website": "", "form": mark}


def test_known_unknown_suppressed_and_programs_get_the_same_answer_to_the_byte(project, inbox, web):
    for address, reason in (("leser0@liste0.example", "rief an"), ("nie@liste0.example", "beschwerte sich")):
        assert 0 == project.run("subscribers", "suppress", address, "--reason", reason).returncode
    kinds = ["leser0@liste0.example", "nie@liste0.example", "leser1@liste1.example", "neu{}@halde.example", "program"]
    chance = secrets.SystemRandom()
    answers = set()
    with httpx.Client(base_url=web, trust_env=False, timeout=60) as client:
        fields = filled_in(client)
        for number in range(20):
            kind = kinds[number % len(kinds)]
            form = {**fields, "email": kind.format(number)} | ({"website": "x"} if kind == "program" else {})
            origin = f"2001:db8:{chance.randrange(65536):x}:{chance.randrange(65536):x}::1"
            answer = client.post("/subscribe", data=form, headers={"X-Forwarded-For": origin})
            headers = tuple(pair for pair in answer.headers.raw if pair[0].lower() != b"date")
            answers.add((answer.status_code, answer.content, headers))
    assert 1 == len(answers)
    assert {"leser1@liste1.example"} | {f"neu{number}@halde.example" for number in range(3, 20, 5)} == {
        mail["To"].addresses[0].addr_spec for mail in arrived(inbox, 5)
    }


def test_links_that_are_too_old_broken_or_barred_say_so(project, inbox, web):
    with httpx.Client(base_url=web, trust_env=False, timeout=60) as client:
        client.post("/subscribe", data=filled_in(client))
        link = LINK.search(arrived(inbox)[0].get_content())[1]
        assert 404 == client.post(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code
        assert 0 == project.run("subscribers", "suppress", ADDRESS, "--reason", "rief an").returncode
        for answer in (client.get(link), client.post(link)):
            assert (200, True) == (answer.status_code, "Diese Adresse bleibt von der Liste" in answer.text)
        assert 0 == project.run("subscribers", "forget", ADDRESS, "--yes").returncode
        assert (410, 410) == (client.get(link).status_code, client.post(link).status_code)
    assert ADDRESS not in listed(project)
