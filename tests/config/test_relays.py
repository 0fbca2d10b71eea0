"""Several relays, receiving domains and refusals: right ones are read, wrong ones refused at their place."""

from pathlib import Path

import pytest

from ruhrmail.config import DomainLimit, Rate, Refusals, Relay
from tests.config.test_load import config, refused

RELAYS = "delivery:\n  relays:\n"
ONE = RELAYS + "    - {name: main, url: 'smtps://relay.example'"
SEVERAL = (Rate(50, 1), Rate(20000, 3600), Rate(100000, 86400))


def relays(tmp_path: Path, more: str = "", **environ: str) -> tuple[Relay, ...]:
    return config(tmp_path, more, **environ).relays


def complaint(tmp_path: Path, more: str, **environ: str) -> tuple[str, int, int]:
    """Rule, line and column of the only finding, which says what to do."""
    (found,) = refused(tmp_path, more, **environ)
    assert found.hint
    return found.rule, found.at.line, found.at.column


@pytest.mark.parametrize(
    "rate", ["[50/s, 20000/h, 100000/d]", "'50/s, 20000/h,100000/d'", "[50 / s, 20000/h, 100000/d]"]
)
def test_several_rates_hold_at_once(tmp_path, rate):
    (relay,) = relays(tmp_path, ONE + f", rate: {rate}" + "}\n")
    assert SEVERAL == relay.rates


def test_a_relay_says_everything_with_keys_or_with_options(tmp_path):
    keys = ", connections: 20, rate: 50/s, weight: 2, messages_per_connection: 100}\n"
    url = "smtps://relay.example?connections=20&rate=50/s&weight=2&messages_per_connection=100"
    (written,) = relays(tmp_path, ONE + keys)
    (optional,) = relays(tmp_path, RELAYS + f"    - {{name: main, url: '{url}'}}\n")
    expected = Relay("main", "smtps", "relay.example", 465, "", 20, (Rate(50, 1),), 2, 100)
    assert (expected, expected) == (written, optional)


def test_a_key_beats_the_option_of_the_address(tmp_path):
    url = "smtps://relay.example?connections=20&rate=50/s&weight=2&messages_per_connection=9"
    own = "connections: 5, rate: 7/s, weight: 3, messages_per_connection: 500"
    (relay,) = relays(tmp_path, RELAYS + f"    - {{url: '{url}', {own}}}\n")
    assert (5, (Rate(7, 1),), 3, 500) == (
        relay.connections, relay.rates, relay.weight, relay.messages_per_connection,
    )  # fmt: skip


def test_without_a_word_there_are_five_connections_and_no_limit(tmp_path):
    (relay,) = relays(tmp_path, ONE + "}\n")
    assert (5, (), None, 500) == (relay.connections, relay.rates, relay.weight, relay.messages_per_connection)


@pytest.mark.parametrize("rates", ["rate=50/s&rate=20000/h&rate=100000/d", "rate=50/s,20000/h&rate=100000/d"])
def test_rates_repeat_in_an_address(tmp_path, rates):
    (relay,) = relays(tmp_path, RUHRMAIL_RELAY=f"smtp://relay.example?connections=20&{rates}&weight=2")
    assert (20, SEVERAL, 2) == (relay.connections, relay.rates, relay.weight)


def test_a_token_logs_in_instead_of_a_password(tmp_path):
    more = RELAYS + "    - {name: main, url: 'smtps://me@relay.example'}\n"
    (relay,) = relays(tmp_path, more, RUHRMAIL_RELAY_MAIN_TOKEN="ya29.geheim\n")
    assert ("me", "", "ya29.geheim") == (relay.user, relay.password, relay.token)
    assert "geheim" not in repr(relay)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"USER": "me", "PASSWORD": "geheim", "TOKEN": "geheim"}, "TOKEN"),
        ({"TOKEN": "geheim"}, "TOKEN"),
        ({"PASSWORD": "geheim"}, "PASSWORD"),
    ],
)
def test_half_a_login_or_two_are_refused(tmp_path, environ, named):
    given = {f"RUHRMAIL_RELAY_MAIN_{name}": value for name, value in environ.items()}
    (found,) = refused(tmp_path, ONE + "}\n", **given)
    assert ("config/relay", f"RUHRMAIL_RELAY_MAIN_{named}") == (found.rule, found.at.file)
    assert found.hint
    assert "geheim" not in f"{found.message}{found.hint}{found.at}"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (ONE + ", rate: [50/s, 9/s]}\n", ("config/relay", 8, 56)),
        (ONE + ", rate: [50/s, schnell]}\n", ("config/relay", 8, 63)),
        (ONE + ", rate: '50/s,'}\n", ("config/relay", 8, 56)),
        (ONE + ", rate: 0/s}\n", ("config/relay", 8, 56)),
        (ONE + ", rate: []}\n", ("schema/missing", 8, 56)),
        (ONE + ", rate: }\n", ("schema/missing", 8, 56)),
        (ONE + ", rate: {s: 5}}\n", ("schema/type", 8, 56)),
        (ONE + ", weight: 0}\n", ("schema/range", 8, 58)),
        (ONE + ", weight: 1001}\n", ("schema/range", 8, 58)),
        (ONE + ", weight: viel}\n", ("schema/type", 8, 58)),
        (ONE + ", messages_per_connection: 100001}\n", ("schema/range", 8, 75)),
        (RELAYS + "    - url: smtp://a.example?weight=1001\n", ("config/relay", 8, 12)),
        (RELAYS + "    - url: smtp://a.example?weight=²\n", ("config/relay", 8, 12)),
        (RELAYS + "    - url: smtp://a.example?weight=1&weight=2\n", ("config/relay", 8, 12)),
        (RELAYS + "    - url: smtp://a.example?rate=1/s&rate=2/s\n", ("config/relay", 8, 12)),
        (RELAYS + f"    - url: smtp://a.example?connections={'9' * 5000}\n", ("schema/too-long", 8, 12)),
        (ONE + "}\n    - {url: 'smtp://b.example', weight: 1}\n", ("config/relay", 8, 7)),
        (ONE + "}\n    - url: smtp://b.example\n      name: MAIN\n", ("config/relay", 10, 13)),
        (ONE + "}\n    - url: smtps://RELAY.example:465\n      name: b\n", ("config/relay", 9, 12)),
        (RELAYS + "    - url: maildir:out\n    - url: maildir:out\n", ("config/relay", 9, 12)),
    ],
)
def test_refuses_at_the_place_to_mend(tmp_path, more, expected):
    assert expected == complaint(tmp_path, more)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("smtp://h?weight=geheim", "weight must be a number from 1 to 1000"),
        ("smtp://h?rate=1/s&rate=9/s", "two rates count per …"),
        ("smtp://h?weight=1&weight=2", "the relay address says weight twice"),
        ("smtp://a?weight=1 smtp://b", "this relay has no weight, another has one"),
        ("smtp://u:p@a smtp://u:q@a", "this relay stands here twice"),
    ],
)
def test_a_wrong_variable_is_told_without_its_value(tmp_path, value, said):
    (found,) = refused(tmp_path, RUHRMAIL_RELAY=value)
    assert ("config/relay", "RUHRMAIL_RELAY", said) == (found.rule, found.at.file, str(found.message))


def test_two_logins_to_one_server_are_two_relays(tmp_path):
    urls = "smtp://a:p@h.example smtp://b:p@h.example maildir:one maildir:two"
    expected = ["a@h.example:25", "b@h.example:25", "maildir:one", "maildir:two"]
    assert expected == [relay.name for relay in relays(tmp_path, RUHRMAIL_RELAY=urls)]


def test_receiving_domains_are_limited_each_by_itself_or_all_alike(tmp_path):
    more = (
        "delivery:\n  domains:\n    Gmail.com: {connections: 4, rate: [10/s, 5000/d]}\n"
        "    müller.example: {rate: 1/s}\n    '*': {connections: 10}\n"
    )
    expected = (
        DomainLimit("gmail.com", 4, (Rate(10, 1), Rate(5000, 86400))),
        DomainLimit("xn--mller-kva.example", None, (Rate(1, 1),)),
        DomainLimit("*", 10, ()),
    )
    assert expected == config(tmp_path, more).domain_limits
    assert () == config(tmp_path).domain_limits


@pytest.mark.parametrize(
    ("domains", "expected"),
    [
        ("gmail: {connections: 4}", ("config/domain", 8, 5)),
        ("'*.example': {connections: 4}", ("config/domain", 8, 5)),
        ("gmail.com: {}", ("config/domain", 8, 16)),
        ("gmail.com: {connections: 0}", ("schema/range", 8, 30)),
        ("gmail.com: {rate: viel}", ("config/relay", 8, 23)),
        ("gmail.com: {conections: 4}", ("schema/unknown", 8, 17)),
        ("gmail.com: 4", ("schema/type", 8, 16)),
        ("müller.example: {connections: 4}\n    xn--mller-kva.example: {connections: 5}", ("config/domain", 9, 5)),
    ],
)
def test_refuses_a_limit_at_the_place_to_mend(tmp_path, domains, expected):
    assert expected == complaint(tmp_path, f"delivery:\n  domains:\n    {domains}\n")


def test_a_slip_in_the_key_of_a_limit_is_guessed(tmp_path):
    (found,) = refused(tmp_path, "delivery: {domains: {gmail.com: {conections: 4}}}\n")
    assert "did you mean connections?" == str(found.hint)


@pytest.mark.parametrize(("share", "expected"), [("5%", 0.05), ("0.05", 0.05), ("2.5 %", 0.025), (".5", 0.5)])
def test_the_share_of_refusals_is_read_in_percent_or_as_a_number(tmp_path, share, expected):
    assert Refusals(expected, 100) == config(tmp_path, f"delivery: {{refusals: {{share: {share}}}}}\n").refusals


def test_without_a_word_any_number_may_be_refused(tmp_path):
    assert config(tmp_path).refusals is None
    assert Refusals(0.05, 7) == config(tmp_path, "delivery: {refusals: {share: 5%, after: 7}}\n").refusals


@pytest.mark.parametrize("share", ["5", "0", "0%", "100%", "1", "-5%", "'5 percent'", "999%", "٥%"])
def test_a_share_that_is_none_is_refused(tmp_path, share):
    expected = ("config/share", 7, 21)
    assert expected == complaint(tmp_path, f"delivery:\n  refusals: {{share: {share}, after: 9}}\n")


def test_a_rule_about_refusals_needs_its_share(tmp_path):
    assert ("schema/missing", 7, 13) == complaint(tmp_path, "delivery:\n  refusals: {after: 9}\n")
