"""The page says what the ledger holds, stands by itself, and everybody can read it."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ruhrmail.config import Config
from ruhrmail.flows.report import advice_for, report_on
from ruhrmail.i18n import translator
from ruhrmail.masking import mask
from ruhrmail.model.account import Account
from ruhrmail.model.bounce import Kind
from ruhrmail.model.ledger import Claim
from ruhrmail.report import Wording, account_as_data, write_page
from ruhrmail.store import Store, sync_roster
from tests.node import axe_source
from tests.render.chromium import open_browser
from tests.report.past import NOW, come_back, leave, people, project_with_past, send

HOUR = timedelta(hours=1)
GERMAN = Wording(translator("de"), "de", UTC)
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Made = tuple[Config, Store, Account, str]


def fate(claim: Claim) -> str:
    """One provider blocks, another greylists; of the rest some do not exist, are full, or in doubt."""
    domain = claim.recipient.person.email.partition("@")[2]
    if domain in ("halde.example", "kanal.example"):
        refusal = "blocked" if domain == "halde.example" else "later"
        return "sent" if claim.delivery % 3 else refusal
    return {0: "gone", 1: "full", 2: "doubt"}.get(claim.delivery % 40, "sent")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The report of the second of two mailings, in German."""
    with project_with_past(tmp_path_factory.mktemp("past")) as (config, store):
        sync_roster(store, people(600), "a", NOW)
        send(store, "2026-10", NOW - 700 * HOUR, lambda claim: "sent", subject="Herbst am Kanal")
        mailing = send(store, "2026-11", NOW, fate, subject="Licht <in> der „Maschinenhalle“ & mehr")
        for number, kind in enumerate((Kind.HARD, Kind.SOFT, Kind.POLICY, Kind.COMPLAINT, Kind.COMPLAINT)):
            come_back(store, mailing, number + 3, kind, NOW + HOUR * (number + 1))
        with store.reading() as connection:
            token = connection.exec_driver_sql("SELECT token_id FROM subscribers WHERE id = 20").scalar_one()
        leave(store, mailing, token, NOW + 2 * HOUR)
        account = report_on(config, "2026-11", NOW + 9 * HOUR, mask)
        yield config, store, account, write_page(account, advice_for(account), GERMAN)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as found:
        yield found


class Words(HTMLParser):
    """What a page asks others for, and the text between its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.asked += [value for name, value in attrs if name in ("src", "href", "srcset", "action", "data") and value]


def test_the_page_fetches_nothing_and_runs_nothing(made):
    page = made[3]
    words = Words(page)
    assert ([], set()) == (words.asked, words.tags & {"script", "link", "iframe", "img", "object", "form"})
    assert [] == re.findall(r"url\(|@import|\son\w+=", page)


def test_no_address_of_a_person_stands_in_page_or_data(made):
    _, _, account, page = made
    data = json.dumps(account_as_data(account, advice_for(account), GERMAN), ensure_ascii=False)
    addresses = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
    assert {"r@n.example"} == set(addresses.findall(page)) == set(addresses.findall(data))
    for one in people(600):
        assert one.first_name not in re.findall(r"\w+", page + data)


def test_what_editors_wrote_is_escaped(made):
    assert "Licht &lt;in&gt; der „Maschinenhalle“ &amp; mehr" in made[3]


def test_the_data_are_the_ledgers_figures(made):
    account = made[2]
    data = json.loads(json.dumps(account_as_data(account, advice_for(account), GERMAN)))
    states = ("pending", "claimed", "in_flight", "in_doubt", "deferred", "sent", "failed", "suppressed")
    assert 600 == data["recipients"] == sum(data[name] for name in states)
    summed = [sum(one[name] for one in [*data["domains"], data["other_domains"]]) for name in states]
    assert [data[name] for name in states] == summed
    assert data["sent"] == sum(data["over_time"]["sent"]["counts"])
    assert data["failed"] + data["deferred"] == sum(one["recipients"] for one in data["refusals"])
    assert (3, 2, 1, None) == (data["bounced"], data["complained"], data["left"], data["reading"])
    assert [("2026-10", 600)] == [(one["mailing"], one["sent"]) for one in data["earlier"]]


def test_the_advice_follows_from_the_figures_the_urgent_first(made):
    found = advice_for(made[2])
    assert [True] * 4 + [False] * 2 == [one.urgent for one in found]
    assert {
        "ruhrmail send 2026-11", "ruhrmail send 2026-11 --in-doubt resend", "ruhrmail doctor",
        "ruhrmail send 2026-11 --retry-failed", "ruhrmail subscribers stats", "",
    } >= {one.command for one in found}  # fmt: skip
    said = " ".join(GERMAN.say(one.text) for one in found)
    assert "halde.example sperrt diesen Newsletter" in said
    assert "Im Zweifel: " in said and "niemand versendet" in said


def test_where_nothing_reads_returned_mail_the_page_says_so(made):
    account = replace(made[2], returns_read=False)
    page = write_page(account, advice_for(account), GERMAN)
    assert "Was zurückkam, ist unbekannt, nicht null." in page


def test_a_mailing_without_trouble_needs_no_advice(tmp_path):
    with project_with_past(tmp_path) as (config, store):
        sync_roster(store, people(7), "a", NOW)
        send(store, "2026-10", NOW, lambda claim: "sent")
        account = replace(report_on(config, "2026-10", NOW + HOUR, mask), returns_read=True)
    assert () == advice_for(account)
    assert "worum sich jemand kümmern müsste" in write_page(account, (), GERMAN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1000])
def test_the_page_is_accessible_and_fits_its_window(browser, made, tmp_path, scheme, width):
    (tmp_path / "report.html").write_text(made[3], encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    for closed in page.query_selector_all("details"):
        closed.evaluate("node => node.open = true")
    assert width == page.evaluate("document.documentElement.scrollWidth")
    page.evaluate(axe_source())
    found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", STANDARD)
    context.close()
    assert [] == [f"{one['id']}: {node['html'][:120]}" for one in found["violations"] for node in one["nodes"]]


def test_the_page_prints_on_a4_without_losing_anything_at_the_edge(browser, made, tmp_path: Path):
    (tmp_path / "report.html").write_text(made[3], encoding="utf-8")
    page = browser.new_page(viewport={"width": 688, "height": 900})
    page.emulate_media(media="print")
    page.goto((tmp_path / "report.html").as_uri())
    cut = page.evaluate("[...document.querySelectorAll('table, svg.plot, section')].filter("
                        "node => node.getBoundingClientRect().right > innerWidth + 1).length")  # fmt: skip
    page.close()
    assert 0 == cut
