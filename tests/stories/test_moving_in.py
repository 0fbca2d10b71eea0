"""Coming from another tool, on the command line: its exports as it writes them, and what becomes of the people."""

import re
from pathlib import Path

import pytest

from tests.migrate import samples
from tests.migrate.samples import SIGNED_UP, answer, archive, audience, on_list, subscriber, table
from tests.stories.project import Project, small_project
from tests.stories.test_people import Done, show, subscribers, without_basis

ADA = {"Email Address": "Ada@halde.example", "First Name": "Ada", "Last Name": "Zeche", "Wohnort": "Essen", **SIGNED_UP}
BEN = {
    "Email Address": "ben@halde.example",
    "First Name": "Ben",
    "CONFIRM_TIME": "2020-01-01 00:00:00",
    "NOTES": "mag Tauben",
}
CEM = {"Email Address": "cem@halde.example", "UNSUB_TIME": "2025-02-03 08:00:00", "First Name": "Cemgeheim"}
DORA = {"Email Address": "dora@halde.example", "CLEAN_TIME": "2025-02-04 08:00:00"}
EMIL = {"Email Address": "emil@halde.example"}
FILES = audience(subscribed=[{**ADA, "TAGS": '"Wirtschaft","VIP Kunde"'}, BEN], unsubscribed=[CEM], cleaned=[DORA],
                 nonsubscribed=[EMIL])  # fmt: skip
TIME = "2024-05-01T10:05:00"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return without_basis(small_project(tmp_path / "project", 1))


def write(project: Project, name: str, text: str, encoding: str = "utf-8") -> str:
    path = project.folder / name
    path.write_text(text, encoding=encoding)
    return str(path)


def take(project: Project, tool: str, *arguments: str, basis: str = "Altbestand") -> Done:
    return subscribers(project, "import", "--from", tool, *arguments, *(("--basis", basis) if basis else ()))


def zipped(project: Project) -> str:
    return str(archive(project.folder / "audience_export_1a2b.zip", FILES))


def on_the_list(project: Project) -> list[str]:
    return re.findall(r"^(\S+)@halde", subscribers(project, "list", "--state", "subscribed").stdout, re.MULTILINE)


def test_an_audience_of_mailchimp_comes_over_with_everybodys_standing(project):
    done = take(project, "mailchimp", zipped(project))
    assert (0, ["Ada", "ben"]) == (done.returncode, on_the_list(project))
    assert "subscribed there: 2\n" in done.stdout
    assert "never confirmed there, not taken over: 1\n" in done.stdout
    assert "added 2, changed 0, unchanged 0, suppressed 0, rejected 0\nnewly suppressed 2," in done.stdout
    assert "unsubscribed" == show(project, "cem@halde.example")["suppression"]["reason"]
    assert "bounced" == show(project, "dora@halde.example")["suppression"]["reason"]
    assert 1 == subscribers(project, "show", "emil@halde.example").returncode


def test_the_consent_that_mailchimp_knows_is_proven(project):
    take(project, "mailchimp", zipped(project))
    assert TIME == show(project, "ada@halde.example")["consent"]["confirmed_at"]
    sheet = subscribers(project, "prove", "ada@halde.example").stdout
    assert f"Mailchimp: asked to join on 2024-05-01T10:00:00, confirmed by a link on {TIME} (double opt-in)" in sheet
    assert "imported file: audience_export_1a2b.zip" in sheet
    assert "legal basis: Altbestand" in subscribers(project, "prove", "ben@halde.example").stdout


def test_without_a_basis_nobody_comes_whose_consent_nothing_proves(project):
    done = take(project, "mailchimp", zipped(project), basis="")
    assert (2, "") == (done.returncode, done.stdout)
    assert "subscribed there without proof of consent: 1; no legal basis" in done.stderr
    proven = archive(project.folder / "b.zip", audience(subscribed=[ADA], unsubscribed=[CEM]))
    assert 0 == take(project, "mailchimp", str(proven), basis="").returncode


def test_what_a_newsletter_does_not_need_is_not_stored(project):
    take(project, "mailchimp", zipped(project))
    stored = b"".join(file.read_bytes() for file in (project.folder / ".ruhrmail").rglob("*") if file.is_file())
    unwanted = (b"192.0.2.", b"51.4556", b"810826c56e", b"mag Tauben", b"Cemgeheim", b"emil@halde")
    assert [] == [one for one in unwanted if one in stored]


def test_the_network_address_is_kept_where_the_settings_ask_for_it(project):
    config = project.folder / "ruhrmail.yaml"
    config.write_text(config.read_text(encoding="utf-8") + "consent: {origin: true}\n", encoding="utf-8")
    take(project, "mailchimp", zipped(project))
    assert "192.0.2.2" in subscribers(project, "prove", "ada@halde.example").stdout


def test_a_dry_run_tells_the_same_and_changes_nothing(project):
    dry = take(project, "mailchimp", zipped(project), "--dry-run")
    assert "dry run: nothing was changed\n" in dry.stdout
    assert [] == on_the_list(project)
    assert (
        dry.stdout.removesuffix("dry run: nothing was changed\n") == take(project, "mailchimp", zipped(project)).stdout
    )


def test_taken_over_again_nothing_comes_twice(project):
    take(project, "mailchimp", zipped(project))
    again = take(project, "mailchimp", zipped(project))
    assert "added 0, changed 0, unchanged 2, suppressed 0, rejected 0\n" in again.stdout
    assert "newly suppressed 0, suppressed before 2, here again since 0\n" in again.stdout


def test_whoever_left_there_is_not_brought_back_by_a_later_list(project):
    take(project, "mailchimp", zipped(project))
    later = write(project, "crm.csv", "email\ncem@halde.example\n")
    assert (
        "added 0, changed 0, unchanged 0, suppressed 1" in subscribers(project, "import", later, "--basis", "x").stdout
    )


def test_single_files_of_an_export_are_taken_over_together(project):
    paths = [write(project, name, text) for name, text in FILES.items()]
    assert 0 == take(project, "mailchimp", *paths).returncode
    assert ["Ada", "ben"] == on_the_list(project)


def test_a_file_without_its_name_needs_a_state(project):
    path = write(project, "liste.csv", table(samples.MAILCHIMP["subscribed"], [ADA]))
    refused = take(project, "mailchimp", path)
    assert (2, True) == (refused.returncode, "nothing says whether these people are subscribed" in refused.stderr)
    assert 0 == take(project, "mailchimp", path, "--state", "unsubscribed").returncode
    assert "unsubscribed" == show(project, "ada@halde.example")["suppression"]["reason"]


def test_of_two_files_about_somebody_the_refusal_counts(project):
    left = {**CEM, "Email Address": "ada@halde.example"}
    path = archive(project.folder / "a.zip", audience(subscribed=[ADA, BEN], unsubscribed=[left]))
    assert "rows that repeat an address: 1\n" in take(project, "mailchimp", str(path)).stdout
    assert ["ben"] == on_the_list(project)


def test_whoever_is_on_one_list_may_be_unconfirmed_on_another(project):
    path = archive(project.folder / "a.zip", audience(nonsubscribed=[ADA], subscribed=[ADA]))
    assert 0 == take(project, "mailchimp", str(path)).returncode
    assert ["Ada"] == on_the_list(project)


def test_bad_rows_are_named_in_the_archive_and_stop_nobody(project):
    bad = {"Email Address": "kaputt", **SIGNED_UP}
    path = archive(project.folder / "a.zip", audience(subscribed=[bad, ADA]))
    done = take(project, "mailchimp", str(path))
    assert (1, ["Ada"]) == (done.returncode, on_the_list(project))
    assert "a.zip/subscribed_email_audience_export_1a2b.csv:2:1: kaputt is no mail address" in done.stderr


def test_an_archive_holds_more_than_lists(project):
    files = {**FILES, "campaigns/statistik.csv": "Title,Opens\nMai,3\n", "granular_activity/opens.json": "{}"}
    path = archive(project.folder / "konto.zip", files)
    assert 0 == take(project, "mailchimp", str(path)).returncode


@pytest.mark.parametrize("content", [b"PK\x05\x06" + bytes(18), b"PK\x03\x04 abgebrochen"])
def test_an_archive_that_cannot_be_used_says_so(project, content):
    path = project.folder / "a.zip"
    path.write_bytes(content)
    done = take(project, "mailchimp", str(path))
    assert (1, True) == (done.returncode, done.stderr.startswith("a.zip:1:1: "))


def test_listmonk_knows_lists_and_opt_ins(project):
    text = answer(
        subscriber("ada@halde.example", on_list("Wirtschaft", "confirmed"), attribs={"ort": "Essen"}),
        subscriber("ben@halde.example", on_list("Wirtschaft", "unconfirmed")),
        subscriber("cem@halde.example", on_list("Wirtschaft", "unsubscribed")),
        subscriber("dora@halde.example", status="blocklisted"),
    )
    done = take(project, "listmonk", write(project, "listmonk.json", text), basis="")
    assert (0, ["ada"]) == (done.returncode, on_the_list(project)), done.stderr
    found = show(project, "ada@halde.example")
    assert "2023-02-11T08:00:00+00:00" == found["consent"]["confirmed_at"]
    assert "[Wirtschaft]" in subscribers(project, "list", "ada").stdout
    assert "manual" == show(project, "dora@halde.example")["suppression"]["reason"]


def test_the_csv_of_listmonk_proves_nothing_and_takes_a_tag(project):
    row = {"uuid": "1", "email": "ada@halde.example", "name": "Ada Zeche", "attributes": '{"ort": "Essen"}',
           "status": "enabled", "created_at": "2024-03-01 10:00:00.1 +0000 UTC"}  # fmt: skip
    rows = [
        row,
        {**row, "email": "ben@halde.example", "status": "blocklisted"},
        {**row, "email": "c@d.example", "status": "?"},
    ]
    path = write(project, "subscribers-listmonk.csv", table(samples.LISTMONK, rows))
    assert 2 == take(project, "listmonk", path, basis="").returncode
    done = take(project, "listmonk", path, "--tag", "kultur")
    assert (1, ["ada"]) == (done.returncode, on_the_list(project))
    assert "subscribers-listmonk.csv:4:" in done.stderr
    assert "[kultur]" in subscribers(project, "list", "ada@halde").stdout


def test_one_page_of_listmonk_is_not_taken_for_all(project):
    text = answer(subscriber("ada@halde.example", on_list("Ruhr", "confirmed"))).replace('"total": 1', '"total": 300')
    done = take(project, "listmonk", write(project, "listmonk.json", text))
    assert "listmonk.json:1:1: these are 1 of 300 subscribers\n" in done.stderr


def test_broken_json_of_listmonk_says_where(project):
    path = write(project, "listmonk.json", answer(subscriber("ada@halde.example"))[:-60])
    done = take(project, "listmonk", path)
    assert (1, True) == (
        done.returncode,
        re.search(r"^listmonk\.json:1:\d+: this is not what listmonk", done.stderr, re.MULTILINE) is not None,
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_german_export_of_cleverreach_is_understood(project, encoding):
    rows = [
        {"E-Mail": "ada@halde.example", "Registriert": "01.05.2024 10:00", "Aktiviert": "01.05.2024 10:05",
         "Quelle": "Formular Übersicht", "Status": "aktiv", "Tags": "wirtschaft,kultur", "Vorname": "Änne"},
        {"E-Mail": "ben@halde.example", "Registriert": "01.05.2024 10:00", "Aktiviert": "01.05.2024 10:05",
         "Deaktiviert": "03.02.2025 08:00", "Status": "inaktiv"},
        {"E-Mail": "cem@halde.example", "Registriert": "01.05.2024 10:00"},
    ]  # fmt: skip
    path = write(project, "liste.csv", table(samples.CLEVERREACH_GERMAN, rows, ";"), encoding)
    done = take(project, "cleverreach", path, basis="")
    assert (0, ["ada"]) == (done.returncode, on_the_list(project)), done.stderr
    sheet = subscribers(project, "prove", "ada@halde.example").stdout
    assert "page or source: CleverReach: Formular Übersicht" in sheet
    assert "2025-02-03T08:00:00" in subscribers(project, "show", "ben@halde.example").stdout
    assert "Änne" in subscribers(project, "list", "ada").stdout


def test_contacts_of_keila_come_with_their_data(project):
    rows = [{"Email": "ada@halde.example", "Data": '{"ort": "Essen"}', "Status": "active"},
            {"Email": "ben@halde.example", "Status": "unsubscribed"}]  # fmt: skip
    assert 0 == take(project, "keila", write(project, "contacts.csv", table(samples.KEILA, rows))).returncode
    assert ["ada"] == on_the_list(project)
    assert "ort: Essen" in subscribers(project, "show", "ada@halde.example").stdout


def test_a_file_of_another_tool_is_told_whose_it_is(project):
    path = write(project, "subscribed_export.csv", table(samples.MAILCHIMP["subscribed"], [ADA]))
    for arguments in (["--from", "listmonk", path], [path]):
        done = subscribers(project, "import", *arguments, "--basis", "x")
        assert 2 == done.returncode
        assert "subscribed_export.csv looks like an export of Mailchimp\ntry: say so: --from mailchimp" in done.stderr
    assert 0 == subscribers(project, "import", "--from", "csv", path, "--basis", "x").returncode


def test_json_is_told_to_be_of_listmonk(project):
    done = subscribers(project, "import", write(project, "a.json", answer(subscriber("ada@halde.example"))))
    assert (2, True) == (done.returncode, "looks like an export of listmonk" in done.stderr)


@pytest.mark.parametrize("tool", ["mailchimp", "listmonk", "cleverreach", "keila"])
def test_a_file_that_is_not_there_is_said_to_be_missing(project, tool):
    done = take(project, tool, "nirgends.csv")
    assert (1, True) == (done.returncode, "nirgends.csv:1:1: the file cannot be read" in done.stderr)


def test_an_unknown_tool_is_answered_with_those_that_are_known(project):
    done = subscribers(project, "import", "--from", "taubenpost", "a.csv")
    assert 2 == done.returncode
    assert "csv, listmonk, mailchimp, cleverreach, keila" in done.stderr


def test_a_file_of_no_tool_is_refused_with_its_columns(project):
    done = take(project, "cleverreach", write(project, "crm.csv", "E-Mail;Ort\nada@halde.example;Essen\n"))
    assert 2 == done.returncode
    assert "does not look like an export of CleverReach" in done.stderr
    assert "E-Mail, Ort" in done.stderr


@pytest.mark.parametrize("option", [["--state", "bounced"], ["--tag", "a"], ["zwei.csv"]])
def test_a_list_of_ones_own_takes_none_of_the_tools_options(project, option):
    assert 2 == subscribers(project, "import", "eins.csv", *option).returncode


def test_an_archive_without_a_tool_asks_for_it(project):
    done = subscribers(project, "import", zipped(project))
    assert (2, True) == (done.returncode, "--from listmonk|mailchimp|cleverreach|keila" in done.stderr)


def test_an_address_with_an_invisible_character_is_refused_and_not_mended(project):
    ben = subscriber("b@halde.example", on_list("N\0ews", "confirmed"))
    path = write(project, "l.json", answer(subscriber("ad\0a@halde.example", name="\ud800"), ben))
    done = take(project, "listmonk", path)
    assert (1, ["b"]) == (done.returncode, on_the_list(project))
    assert "ad\N{REPLACEMENT CHARACTER}a@halde.example is no mail address" in done.stderr


def test_in_an_archive_no_file_of_people_is_left_aside_because_it_cannot_be_read(project):
    left = "unsubscribed_email_audience_export_1a2b.csv"
    path = str(archive(project.folder / "a.zip", FILES | {left: '"' + FILES[left]}))
    done = take(project, "mailchimp", path)
    assert (2, []) == (done.returncode, on_the_list(project))
    assert f"a.zip/{left} does not look like an export of Mailchimp" in done.stderr


def test_the_addresses_of_mailchimp_stand_first_whatever_the_audience_calls_them(project):
    files = {name: text.replace("Email Address", "Uw e-mailadres") for name, text in FILES.items()}
    done = take(project, "mailchimp", str(archive(project.folder / "a.zip", files)))
    assert (0, ["Ada", "ben"]) == (done.returncode, on_the_list(project))
    assert "newly suppressed 2," in done.stdout
