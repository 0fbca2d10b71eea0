"""A run answers Prometheus on a port of this machine."""

import socket

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ruhrmail import __version__
from ruhrmail.deliver import Progress, Slowed, Tried, Working
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.exposition import expose
from ruhrmail.flows.events import Sending
from ruhrmail.model.mail import Attempt, Outcome, Reply
from ruhrmail.watch.exporter import exporting, read_address
from ruhrmail.watch.figures import families
from ruhrmail.watch.tally import Tally
from tests.deliver.book import make_claim, utc

TOKEN = "a-token-for-the-scraper"
ANYWHERE = ("127.0.0.1", 0)


def get(url, **options):
    with httpx.Client(trust_env=False, timeout=60) as client:
        return client.get(url, **options)


def told():
    """A run in the middle."""
    tally = Tally(lambda: 50.0)
    tally.begin(100, doubtful=2)
    tally.on_event(Sending("2026-11", lambda claim: ""))
    for outcome in (Outcome.SENT, Outcome.SENT, Outcome.IN_DOUBT):
        tally.on_event(Tried(make_claim(1), Attempt(outcome, 'the "main" relay'), utc(), 0.1))
    tally.on_event(Progress(sent=2, in_doubt=1))
    tally.on_event(Working({"main": 20}))
    tally.on_event(Slowed("main", 1, 600, Reply(421, "less", "4.7.28"), "mail.example"))
    return tally


def read(text):
    """Samples by name and by the labels besides the mailing."""
    return {
        (sample.name, *sorted(value for label, value in sample.labels.items() if label != "mailing")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_scrape_holds_the_figures_of_the_run():
    with exporting(ANYWHERE, "", lambda: expose(families(told(), 1700000000.5))) as url:
        answer = get(url)
    assert (200, "text/plain; version=0.0.4; charset=utf-8") == (answer.status_code, answer.headers["content-type"])
    found = read(answer.text)
    assert 2 == found["ruhrmail_run_attempts_total", "sent", 'the "main" relay']
    assert 1 == found["ruhrmail_run_attempts_total", "in_doubt", 'the "main" relay']
    assert (97, 3) == (found["ruhrmail_run_open_recipients",], found["ruhrmail_run_in_doubt_recipients",])
    assert 20 == found["ruhrmail_run_connections", "main"]
    assert 600 == found["ruhrmail_run_limited_seconds", "mail.example", "main", "paused"]
    assert 1700000000.5 == found["ruhrmail_run_started_timestamp_seconds",]


def test_a_run_that_has_not_begun_tells_its_version_only():
    assert [("ruhrmail_build_info", __version__)] == list(read(expose(families(Tally(lambda: 0.0), 1.0))))


def test_other_paths_and_other_methods_are_told_so():
    with exporting(ANYWHERE, "", lambda: "x 1\n") as url, httpx.Client(trust_env=False, timeout=60) as client:
        base = url.removesuffix("/metrics")
        assert (404, 404) == (client.get(base + "/").status_code, client.get(base + "/metrics/x").status_code)
        assert (200, b"", "4") == ((head := client.head(url)).status_code, head.content, head.headers["content-length"])
        assert 501 == client.post(url, content=b"x").status_code


def test_a_page_that_was_rebound_to_this_machine_reads_nothing():
    with exporting(ANYWHERE, TOKEN, lambda: "x 1\n") as url:
        assert 401 == get(url, headers={"Host": "evil.example"}).status_code
        assert 200 == get(url, headers={"Host": "evil.example", "Authorization": f"Bearer {TOKEN}"}).status_code


def test_garbage_and_silent_scrapers_do_not_keep_the_others_waiting():
    with exporting(ANYWHERE, "", lambda: "x 1\n") as url:
        host, port = url.split("/")[2].split(":")
        with socket.create_connection((host, int(port))), socket.create_connection((host, int(port))) as garbage:
            garbage.sendall(b"\x00\xff" * 500 + b"\r\n\r\n")
            assert "x 1\n" == get(url).text


def test_the_port_is_free_again_afterwards():
    with exporting(ANYWHERE, "", str) as url:
        port = int(url.split("/")[2].split(":")[1])
    with exporting(("127.0.0.1", port), "", str):
        pass


def test_a_taken_port_is_told_with_the_options_own_advice():
    with exporting(ANYWHERE, "", str) as url:
        port = int(url.split("/")[2].split(":")[1])
        with pytest.raises(RuhrmailError) as raised, exporting(("127.0.0.1", port), "", str):
            pass
    assert "--metrics takes [HOST:]PORT; port 0 takes a free one" == str(raised.value.hint)


def test_an_address_open_to_the_network_needs_a_token():
    with pytest.raises(UsageError), exporting(("0.0.0.0", 0), "", str):
        pass
    with exporting(("0.0.0.0", 0), TOKEN, str):
        pass


@pytest.mark.parametrize(
    ("text", "expected"),
    [("9100", ("127.0.0.1", 9100)), ("192.0.2.1:9100", ("192.0.2.1", 9100)), ("[::1]:0", ("::1", 0))],
)
def test_host_and_port_are_read(text, expected):
    assert expected == read_address(text)


@pytest.mark.parametrize("text", ["", "x", "host:", ":9100x", "1:2:3", "http://127.0.0.1:9100"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(UsageError):
        read_address(text)
