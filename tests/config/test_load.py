"""ruhrmail.yaml and the environment: right ones are read, wrong ones refused, secrets never shown."""

from pathlib import Path

import pytest

from ruhrmail.config import Rate, find_project, load_config
from ruhrmail.errors import InvalidInput, UsageError

GOOD = """\
newsletter:
  name: Ruhrblick
  url: https://newsletter.example/
  sender: {name: Ruhrblick, address: redaktion@müller.example}
imprint: {organisation: O, street: S, city: 45128 Essen, email: o@o.example}
"""


def config(tmp_path: Path, more: str = "", **environ: str):
    (tmp_path / "ruhrmail.yaml").write_text(GOOD + more, encoding="utf-8")
    return load_config(tmp_path, environ)


def refused(tmp_path: Path, more: str = "", **environ: str):
    with pytest.raises(InvalidInput) as caught:
        config(tmp_path, more, **environ)
    return caught.value.findings


def test_reads_the_least_there_can_be(tmp_path):
    read = config(tmp_path)
    assert read.url == "https://newsletter.example"
    assert read.newsletter.sender.address == "redaktion@xn--mller-kva.example"
    assert ("de", (), f"sqlite:///{tmp_path}/.ruhrmail/state.db") == (read.newsletter.language, read.relays, read.store)


def test_the_environment_replaces_relays_store_and_address(tmp_path):
    read = config(
        tmp_path,
        "delivery: {relays: [{url: 'smtp://localhost:2525'}]}\n",
        RUHRMAIL_RELAY="smtp+starttls://me:p%40ss@relay.example:587?connections=20&rate=50/s maildir:out",
        RUHRMAIL_STORE="sqlite:////var/x.db",
        RUHRMAIL_URL="http://127.0.0.1:8000",
    )
    first, second = read.relays
    assert (first.user, first.password, first.connections, first.rates, first.port) == (
        "me", "p@ss", 20, (Rate(50, 1),), 587,
    )  # fmt: skip
    assert (second.scheme, second.path) == ("maildir", "out")
    assert (read.store, read.url) == ("sqlite:////var/x.db", "http://127.0.0.1:8000")
    assert "p@ss" not in repr(read)


def test_the_domain_of_return_addresses_is_ascii(tmp_path):
    read = config(tmp_path, "delivery: {return_domain: Rückläufer.newsletter.example}\n")
    assert "xn--rcklufer-3za0v.newsletter.example" == read.return_domain


@pytest.mark.parametrize("domain", ["bounce example", "u@bounce.example", "example", "-.example"])
def test_what_no_return_address_can_end_in_is_refused(tmp_path, domain):
    (found,) = refused(tmp_path, f"delivery:\n  return_domain: {domain}\n")
    assert ("config/domain", 7, 18) == (found.rule, found.at.line, found.at.column)


def test_a_named_relay_takes_its_login_from_the_environment(tmp_path):
    more = "delivery: {relays: [{name: haupt, url: 'smtps://relay.example', connections: 3, rate: 600/m}]}\n"
    relay = config(tmp_path, more, RUHRMAIL_RELAY_HAUPT_USER="u", RUHRMAIL_RELAY_HAUPT_PASSWORD="p").relays[0]
    assert (
        relay.name, relay.user, relay.password, relay.connections, relay.rates, relay.port,
    ) == ("haupt", "u", "p", 3, (Rate(600, 60),), 465)  # fmt: skip


@pytest.mark.parametrize(
    ("more", "rule", "line"),
    [
        ("delivery: {relays: [{url: 'smtp://u:geheim12@relay.example'}]}\n", "config/secret", 6),
        ("delivery: {relays: [{url: 'http://relay.example'}]}\n", "config/relay", 6),
        ("delivery: {relays: [{url: 'smtp://relay.example:99999'}]}\n", "config/port", 6),
        ("delivery: {relays: [{url: 'smtp://relay.example:0'}]}\n", "config/port", 6),
        ("delivery: {relays: [{url: 'smtp://relay.example', rate: schnell}]}\n", "config/relay", 6),
        ("delivery: {relays: [{url: 'smtps://me@relay.example'}]}\n", "config/relay", 6),
        ("theme: {colors: {primary: teal}}\n", "config/theme", 6),
        ("store: mysql://x\n", "config/store", 6),
        ("delivery: {retry: {gaps: [bald]}}\n", "config/duration", 6),
        ("delivery: {retry: {gaps: [99999d]}}\n", "schema/range", 6),
        (f"delivery: {{retry: {{gaps: [{'9' * 400}s]}}}}\n", "config/duration", 6),
        ("delivery: {relays: [{url: 'smtp://[::1'}]}\n", "config/relay", 6),
        ("delivery: {relays: [{url: 'smtp://u:ge@heim12@relay.example'}]}\n", "config/secret", 6),
        ("delivery: {relays: [{url: 'smtp://relay.example', name: a-b}]}\n", "config/relay", 6),
        (f"delivery: {{relays: [{{url: 'smtp://relay.example', rate: {'9' * 400}/s}}]}}\n", "config/relay", 6),
        ("delivery: {relays: [{url: 'smtp://relay.example', pasword: geheim}]}\n", "schema/unknown", 6),
        ("delivery: {return_domain: a b>c}\n", "config/domain", 6),
        ("store: postgresql://u:ge@heim12@h/d\n", "config/store", 6),
        ("delivery: 5\n", "schema/type", 6),
        ("subscribers: '{{ first_name }}.csv'\n", "text/placeholder", 6),
        ("delivery:\n  retri: {}\n", "schema/unknown", 7),
        ("delivery: {return_domain: 'rück> lauf'}\n", "config/domain", 6),
        ("delivery: {return_domain: '@newsletter.example'}\n", "config/domain", 6),
        ("newsleter: x\n", "schema/unknown", 6),
    ],
)
def test_refuses_at_the_line_to_mend(tmp_path, more, rule, line):
    found = refused(tmp_path, more)
    assert [(rule, line)] == [(one.rule, one.at.line) for one in found]
    said = "".join(f"{one.message}{one.hint}{one.at.excerpt}" for one in found)
    assert not [part for part in ("geheim", "heim12") if part in said]
    assert all(one.hint for one in found)


@pytest.mark.parametrize(("key", "meant"), [("registr", "register"), ("quiet", "from")])
def test_names_keys_as_they_are_written_where_the_language_of_the_program_reserves_them(tmp_path, key, meant):
    places = {
        "registr": GOOD.replace("imprint: {", "imprint: {registr: x, "),
        "quiet": f"{GOOD}delivery: {{quiet_hours: {{fro: x}}}}\n",
    }
    (tmp_path / "ruhrmail.yaml").write_text(places[key], encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_config(tmp_path, {})
    assert [meant] == [one.hint.values["word"] for one in caught.value.findings if one.rule == "schema/unknown"]


@pytest.mark.parametrize(
    ("environ", "rule"),
    [
        ({"RUHRMAIL_RELAY": "smtp://u:geheim@host:port"}, "config/port"),
        ({"RUHRMAIL_RELAY": "geheim"}, "config/relay"),
        ({"RUHRMAIL_RELAY": "smtp://[geheim"}, "config/relay"),
        ({"RUHRMAIL_RELAY": "smtp://h?geheim=9"}, "config/relay"),
        ({"RUHRMAIL_RELAY": "smtp://h?rate=geheim"}, "config/relay"),
        ({"RUHRMAIL_STORE": "geheim"}, "config/store"),
        ({"RUHRMAIL_URL": "https://u:geheim@h.example"}, "config/url"),
        ({"RUHRMAIL_RELAY": "smtp://h?speed=9"}, "config/relay"),
        ({"RUHRMAIL_STORE": "mysql://u:geheim@h/d"}, "config/store"),
        ({"RUHRMAIL_STORE": "postgresql://u:geh@eim@h/d"}, "config/store"),
        ({"RUHRMAIL_STORE": "postgresql://u:geheim/x@h/d"}, "config/store"),
        ({"RUHRMAIL_STORE": "postgresql://h:geheim/d"}, "config/store"),
        ({"RUHRMAIL_STORE": "postgresql://u:geheim@[::1/d"}, "config/store"),
        ({"RUHRMAIL_STORE": "postgresql://h:5432,i:geheim/d"}, "config/store"),
        ({"RUHRMAIL_SECRET": "geheim"}, "config/secret"),
        ({"RUHRMAIL_URL": "newsletter.example"}, "config/url"),
    ],
)
def test_a_wrong_variable_is_named_and_its_value_never_shown(tmp_path, environ, rule):
    (found,) = refused(tmp_path, **environ)
    assert (rule, next(iter(environ))) == (found.rule, found.at.file)
    assert "geheim" not in f"{found.message}{found.hint}{found.at}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Bücher.example/große Zeitung/".replace(" ", "-"), "https://xn--bcher-kva.example/gro%C3%9Fe-Zeitung"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ('https://x.example/a"b>c', "https://x.example/a%22b%3Ec"),
    ],
)
def test_the_address_is_kept_as_headers_and_browsers_have_it(tmp_path, url, expected):
    assert expected == config(tmp_path, RUHRMAIL_URL=url).url


@pytest.mark.parametrize(
    "url",
    ["https://[x", "https://x.example:99999", "https://x.example:abc", "https://a..b", "https://u:geheim@x.example"],
)
def test_refuses_what_is_no_web_address(tmp_path, url):
    (tmp_path / "ruhrmail.yaml").write_text(GOOD.replace("https://newsletter.example/", url), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_config(tmp_path, {})
    assert [("config/url", 3)] == [(one.rule, one.at.line) for one in caught.value.findings]
    assert "geheim" not in f"{caught.value.findings[0].message}{caught.value.findings[0].at.excerpt}"


def test_a_web_page_in_the_imprint_is_shown_as_it_is_written(tmp_path):
    (tmp_path / "ruhrmail.yaml").write_text(
        GOOD.replace("email: o@", "web: https://bücher.example/, email: o@"), "utf-8"
    )
    assert "https://bücher.example" == load_config(tmp_path, {}).imprint.web


def test_missing_parts_are_told_at_the_first_line_of_their_mapping(tmp_path):
    (tmp_path / "ruhrmail.yaml").write_text("newsletter:\n  name: x\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_config(tmp_path, {})
    assert [(one.rule, one.at.line) for one in caught.value.findings] == [
        ("schema/missing", 2),
        ("schema/missing", 2),
        ("schema/missing", 1),
    ]


def test_a_missing_item_of_the_imprint_is_told_at_the_imprint(tmp_path):
    text = GOOD.replace("imprint: {organisation: O, street: S, ", "imprint:\n  street: S\n  city: X\n  #")
    (tmp_path / "ruhrmail.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_config(tmp_path, {})
    assert [("schema/missing", 5, 1), ("schema/missing", 5, 1)] == [
        (one.rule, one.at.line, one.at.column) for one in caught.value.findings
    ]


def test_the_project_is_found_from_below_and_by_name(tmp_path):
    config(tmp_path)
    (tmp_path / "issues" / "x").mkdir(parents=True)
    assert tmp_path.resolve() == find_project(tmp_path / "issues" / "x")
    with pytest.raises(UsageError):
        find_project(tmp_path, tmp_path / "issues")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{gmx: 12, WEB.DE: 7.5%, outlook/windows: '30 %'}", {"gmx": 12, "WEB.DE": 7.5, "outlook/windows": 30}),
        ("[gmx, gmail]", {"gmx": 50, "gmail": 50}),
        ("[]", {}),
        ("{}", {}),
    ],
)
def test_clients_are_named_with_their_share_of_readers_or_as_a_list(written, expected, tmp_path):
    assert expected == config(tmp_path, f"check: {{clients: {written}}}\n").settings.check.clients


def test_without_clients_the_shares_are_those_of_the_page(tmp_path):
    settings = config(tmp_path).settings.check
    assert (95 < sum(settings.clients.values()) <= 100, 5) == (True, settings.support)


@pytest.mark.parametrize("written", ["{gmx: viel}", "{gmx: -1}", "{gmx: 101}", "{gmx: }", "{gmx: [1]}"])
def test_what_is_no_share_is_refused(written, tmp_path):
    (found,) = refused(tmp_path, f"check: {{clients: {written}}}\n")
    assert ("config/share", 6) == (found.rule, found.at.line)


@pytest.mark.parametrize("written", ["gmx", "{[gmx]: 1}", "{? {a: b} : 1}", "[[gmx]]", "[{gmx: 5}]"])
def test_clients_of_another_kind_are_refused(written, tmp_path):
    assert refused(tmp_path, f"check: {{clients: {written}}}\n")


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:geheim@host/db", "postgresql://host/db?password=geheim", "postgresql://h/db?pass%77ord=geheim"],
)
def test_a_database_keeps_its_password_out_of_the_settings(tmp_path, url):
    (found,) = refused(tmp_path, f"store: {url}\n")
    assert ("config/secret", True) == (found.rule, "geheim" not in f"{found.message} {found.hint} {found.at}")
    assert url == config(tmp_path, RUHRMAIL_STORE=url).store


def test_a_database_may_have_several_hosts(tmp_path):
    url = "postgresql://ruhr@db1.example:5432,[::1]:5433,db3.example/ruhr?target_session_attrs=read-write"
    assert url == config(tmp_path, f"store: {url}\n").store


def test_files_are_called_by_their_way_from_the_project(tmp_path):
    """What lies outside too, where it is reached by `..` or a link: findings name no machine's folders."""
    project, outside = tmp_path / "project", tmp_path / "lists"
    for folder in (project, outside):
        folder.mkdir()
    (outside / "list.csv").write_text("email\n", encoding="utf-8")
    (project / "subscribers.csv").symlink_to(outside / "list.csv")
    read = config(project)
    paths = ("subscribers.csv", "../lists/list.csv", "issues/../a.csv", outside)
    assert ["subscribers.csv", "../lists/list.csv", "a.csv", outside.as_posix()] == [
        read.name_of(project / one) for one in paths
    ]


@pytest.mark.parametrize(
    "moves",
    [
        "{a: b, b: a}",
        "{a: b, b/x.html: a/x.html}",
        "{2026-02/x.html: 2025-02/x.html, 2025-02: 2026-02}",
        "{a: b, b: c, c/x.html: d/y.html, d: e, e/y.html: a/x.html}",
    ],
)
def test_moves_in_a_circle_are_refused_also_where_an_issue_takes_its_articles_along(moves, tmp_path):
    with pytest.raises(InvalidInput, match="leads back to itself"):
        config(tmp_path, f"redirects: {moves}")


def test_a_long_way_of_moves_is_none(tmp_path):
    moves = ", ".join(f"s{number}: s{number + 1}" for number in range(40))
    assert 40 == len(config(tmp_path, f"redirects: {{{moves}}}").settings.redirects)
