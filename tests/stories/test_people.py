"""The list on the command line, from outside and to the letter."""

import csv
import hashlib
import io
import json
import os
import re
import stat
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ruhrmail.cli import app
from tests.stories.project import Project, read_maildir, small_project

ADA = "Ada.Zechenkind@grubenlicht.example"
ROWS = f"""E-Mail;Vorname;Nachname;Tags;Ort;consented_at;consent_source;consent_text
{ADA};Ada;Zechenkind;wirtschaft;Essen;2026-05-01;Messe Essen;Ja, ich möchte den Kurzbrief
kaputt;Kai;Kaputt;;;;;
ben@halde.example;Ben;=1+1;kultur;Herne;;;
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    found = small_project(tmp_path / "project", 2)
    (found.folder / "messe.csv").write_text(ROWS, encoding="cp1252")
    return found


def without_basis(project: Project) -> Project:
    config = project.folder / "ruhrmail.yaml"
    lines = config.read_text(encoding="utf-8").splitlines(keepends=True)
    config.write_text("".join(one for one in lines if "legal_basis" not in one), encoding="utf-8")
    return project


@dataclass(frozen=True)
class Done:
    """A command's end."""

    returncode: int
    stdout: str
    stderr: str


def call(project: Project, *arguments: str) -> Done:
    """Runs a command in this process, without a terminal: a new one takes most of a second to begin."""
    environ = {**dict.fromkeys(name for name in os.environ if name.startswith("RUHRMAIL_")), **project.environ}
    done = CliRunner().invoke(app, ["--project", str(project.folder), *arguments], env=environ)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def subscribers(project: Project, *arguments: str) -> Done:
    return call(project, "subscribers", *arguments)


def show(project: Project, address: str) -> dict:
    done = subscribers(project, "show", address, "--format", "json")
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


def take(project: Project, *options: str):
    return subscribers(project, "import", str(project.folder / "messe.csv"), *options)


def traces(project: Project) -> set[str]:
    """The files of the state folder that hold a byte of her."""
    found = {
        file.name: file.read_bytes().lower() for file in (project.folder / ".ruhrmail").rglob("*") if file.is_file()
    }
    return {name for name, content in found.items() if b"zechenkind" in content or b"grubenlicht" in content}


def test_an_import_needs_a_basis_where_a_row_names_none(project):
    refused = take(without_basis(project))
    assert (2, "") == (refused.returncode, refused.stdout)
    assert "no legal basis is declared" in refused.stderr
    assert not (project.folder / ".ruhrmail" / "state.db").exists()


def test_an_import_shows_how_it_understood_the_file_and_names_each_bad_row(project):
    done = take(without_basis(project), "--basis", "Messestand 2026")
    assert 1 == done.returncode
    assert "added 2, changed 0, unchanged 0, suppressed 0, rejected 1\n" == done.stdout
    assert "messe.csv: Windows-1252, separator: semicolon" in done.stderr
    assert "  E-Mail → email\n  Vorname → first_name" in done.stderr
    assert "messe.csv:3:1: kaputt is no mail address: the @ is missing" in done.stderr
    assert "unchanged 2" in take(project, "--basis", "Messestand 2026").stdout


def test_a_dry_run_changes_nothing(project):
    done = take(project, "--dry-run")
    assert "added 2" in done.stdout and "dry run" in done.stdout
    assert not (project.folder / ".ruhrmail" / "state.db").exists()


def test_what_is_stored_and_what_proves_it(project, tmp_path):
    take(project, "--basis", "Messestand 2026")
    found = show(project, ADA.upper())
    text = "Ja, ich möchte den Kurzbrief"
    assert (ADA, "subscribed", None) == (found["email"], found["state"], found["suppression"])
    assert {
        "kind": "declared", "asked_at": None, "confirmed_at": "2026-05-01", "page": "Messe Essen", "wording": text,
        "wording_sha256": hashlib.sha256(text.encode()).hexdigest(), "basis": "", "withdrawn_at": None,
        "stated_at": "2026-05-01",
    } == found["consent"]  # fmt: skip
    assert "Messestand 2026" == show(project, "ben@halde.example")["consent"]["basis"]
    printed = subscribers(project, "prove", ADA)
    assert 0 == printed.returncode
    assert text in printed.stdout and found["consent"]["wording_sha256"] in printed.stdout
    sheet = tmp_path / "sheet.html"
    assert 0 == subscribers(project, "prove", ADA, "--out", str(sheet)).returncode
    page = sheet.read_text(encoding="utf-8")
    assert text in page and "<script" not in page and "http" not in page
    assert 0o600 == stat.S_IMODE(sheet.stat().st_mode)


@pytest.mark.parametrize("command", ["show", "prove"])
def test_an_unknown_address_is_exit_1_and_no_address_2(project, command):
    take(project)
    assert 1 == subscribers(project, command, "niemand@halde.example").returncode
    assert 2 == subscribers(project, command, "niemand").returncode


def test_forgetting_leaves_no_byte_and_names_the_rows_that_still_do(project):
    take(project)
    (project.folder / "subscribers.csv").write_text(f"email,first_name\nx@y.example,X\n{ADA},Ada\n", encoding="utf-8")
    assert 0 == project.run("send", "kurz", "--yes").returncode
    assert traces(project)
    assert 2 == subscribers(project, "forget", ADA).returncode
    named = subscribers(project, "forget", ADA, "--yes")
    assert 1 == named.returncode
    assert "subscribers.csv:3:1: the list still names this address" in named.stderr
    assert set() == traces(project)
    assert 1 == subscribers(project, "show", ADA, "--format", "json").returncode
    project.run("send", "kurz", "--yes")
    assert "suppressed 1" in take(project).stdout
    assert set() == traces(project)
    figures = json.loads(call(project, "status", "kurz", "--format", "json", "--recipients").stdout)
    assert (3, 3) == (figures["recipients"], figures["sent"])
    assert not any("zechenkind" in json.dumps(one).lower() for one in figures["deliveries"])
    (project.folder / "subscribers.csv").write_text("email\n", encoding="utf-8")
    assert 0 == subscribers(project, "forget", ADA, "--yes").returncode


def test_a_suppression_by_hand_beats_every_list_until_it_is_lifted(project):
    take(project)
    assert 2 == subscribers(project, "suppress", ADA).returncode
    assert 0 == subscribers(project, "suppress", ADA, "--reason", "rief an").returncode
    assert ("suppressed", "manual", "rief an") == (
        show(project, ADA)["state"], *(show(project, ADA)["suppression"][name] for name in ("reason", "evidence")),
    )  # fmt: skip
    assert "suppressed 1" in take(project).stdout
    assert 1 == subscribers(project, "add", ADA, "--basis", "x").returncode
    assert 0 == subscribers(project, "unsuppress", ADA, "--reason", "doch").returncode
    assert 1 == subscribers(project, "unsuppress", ADA, "--reason", "doch").returncode
    found = show(project, ADA)
    assert ("subscribed", [False, True]) == (found["state"], [one["lifted"] for one in found["decisions"]])


def test_a_row_left_out_while_suppressed_counts_once_the_suppression_is_lifted(project):
    """Its bytes were read, and nothing of it was stored."""
    subscribers(project, "suppress", ADA, "--reason", "rief an")
    (project.folder / "subscribers.csv").write_text(f"email,first_name\nben@halde.example,Ben\n{ADA},Ada\n", "utf-8")
    assert ["ben@halde.example  Ben"] == subscribers(project, "list").stdout.splitlines()
    subscribers(project, "unsuppress", ADA, "--reason", "doch")
    assert ["ben@halde.example  Ben", f"{ADA}  Ada"] == subscribers(project, "list").stdout.splitlines()


def test_rows_without_proof_are_an_error_once_there_is_proof_of_anybody(project):
    without_basis(project)
    warned = project.run("send", "kurz", "--yes")
    assert (0, True) == (warned.returncode, "rows without proof of consent: 2" in warned.stderr)
    assert 0 == call(project, "check").returncode
    assert 0 == subscribers(project, "add", "neu@halde.example", "--basis", "Gespräch").returncode
    refused = project.run("send", "kurz", "--yes")
    assert (1, True) == (refused.returncode, "subscribers.csv:2:1: rows without proof of consent: 2" in refused.stderr)
    assert 1 == call(project, "check").returncode
    roster = str(project.folder / "subscribers.csv")
    assert 0 == subscribers(project, "import", roster, "--basis", "Bestand").returncode
    assert (0, 0) == (call(project, "check").returncode, project.run("send", "kurz", "--yes").returncode)
    (project.folder / "subscribers.csv").write_text("email\nleser0@liste0.example\n", encoding="utf-8")
    assert 0 == project.run("send", "kurz", "--yes").returncode


def test_an_audience_gets_the_issue_and_the_rest_later(project):
    take(project)
    config = project.folder / "ruhrmail.yaml"
    with config.open("a", encoding="utf-8") as file:
        file.write("audiences: {wirtschaft: 'tag:wirtschaft and not ort:Herne'}\n")
    assert "recipients: 1 (" in project.run("send", "kurz", "--audience", "wirtschaft", "--yes").stderr
    assert {"Ada.Zechenkind@grubenlicht.example"} == {one["To"].addresses[0].addr_spec for one in mails(project)}
    assert 1 == json.loads(call(project, "status", "kurz/wirtschaft", "--format", "json").stdout)["sent"]
    assert "recipients: 1 (" in project.run("send", "kurz", "--audience", "tag:kultur", "--yes").stderr
    ambiguous = call(project, "status", "kurz")
    assert (1, True) == (ambiguous.returncode, "kurz/wirtschaft" in ambiguous.stderr)
    assert "recipients: 2 (" in project.run("send", "kurz", "--yes").stderr
    assert 4 == len({one["To"] for one in mails(project)}) == len(mails(project))
    wrong = project.run("send", "kurz", "--audience", "tag:a und tag:b", "--yes")
    assert (2, "--audience: und is no condition\n    tag:a und tag:b\n          ^\n") == (
        wrong.returncode, wrong.stderr.partition("try")[0],
    )  # fmt: skip


def mails(project: Project):
    return read_maildir(project.folder / "maildir")


def test_what_is_exported_comes_back_the_same(project):
    project.write_list(0)
    take(project)
    out = project.folder / "out.csv"
    assert 0 == subscribers(project, "export", "--out", str(out)).returncode
    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert "'=1+1" in rows[2]
    again = subscribers(project, "import", str(out))
    assert (0, True) == (again.returncode, "unchanged 2" in again.stdout)
    assert out.read_text(encoding="utf-8") == subscribers(project, "export").stdout


def test_neither_the_list_nor_what_the_store_keeps_is_written_over(project):
    project.write_list(2)
    take(project)
    kept = [project.folder / "subscribers.csv", project.folder / ".ruhrmail" / "state.db"]
    before, head = kept[0].read_bytes(), kept[1].read_bytes()[:16]
    calls = [("export", "--out", str(file)) for file in kept] + [("prove", ADA, "--out", str(kept[0]))]
    assert [2, 2, 2] == [subscribers(project, *call).returncode for call in calls]
    assert (before, head) == (kept[0].read_bytes(), kept[1].read_bytes()[:16])


def test_a_file_that_was_there_for_all_to_read_is_its_owners_alone_afterwards(project):
    take(project)
    out = project.folder / "out.csv"
    out.touch(mode=0o644)
    assert 0 == subscribers(project, "export", "--out", str(out)).returncode
    assert 0o600 == out.stat().st_mode & 0o777


def test_tags_given_by_hand_are_cut_as_those_of_files(project):
    add = ("add", "cem@halde.example", "--basis", "Messe")
    assert 0 == subscribers(project, *add, "--tag", "kultur,sport|bildung", "--tag", "kultur").returncode
    assert "cem@halde.example  [kultur] [sport] [bildung]\n" == subscribers(project, "list", "cem").stdout
    assert 2 == subscribers(project, *add, "--field", "ort=Essen\x1b[31m").returncode


def test_forgetting_points_to_a_store_that_was_put_aside(project):
    take(project)
    aside = project.folder / ".ruhrmail" / "state.db.damaged"
    aside.write_bytes(ADA.encode())
    done = subscribers(project, "forget", ADA, "--yes")
    assert (1, True) == (done.returncode, "state.db.damaged" in done.stderr)


def test_the_list_is_searched_and_counted(project):
    project.write_list(0)
    take(project)
    assert f"{ADA}  Ada Zechenkind  [wirtschaft]\n" == subscribers(project, "list", "zechen").stdout
    assert f"{ADA}  Ada Zechenkind  [wirtschaft]\n" == subscribers(project, "list", "--tag", "Wirtschaft").stdout
    assert "" == subscribers(project, "list", "--state", "suppressed").stdout
    assert [ADA, "ben@halde.example"] == [
        one["email"] for one in json.loads(subscribers(project, "list", "--format", "json").stdout)
    ]
    figures = json.loads(subscribers(project, "stats", "--format", "json").stdout)
    assert (2, [(2, 0, 2)]) == (
        figures["subscribed"], [(one["joined"], one["left"], one["total"]) for one in figures["months"]],
    )  # fmt: skip
    assert "on the list: 2" in subscribers(project, "stats").stdout


UNSUBSCRIBE = re.compile(r"<https://kurzbrief\.example/u/([A-Za-z0-9_-]{44})>")


def test_another_lists_backup_asks_for_a_restart_of_the_service(project, tmp_path):
    """`serve` took the list's id when it began: links of another list are nobody's to it."""
    backup, word = str(tmp_path / "backup.db"), "restart `ruhrmail serve`"
    assert 0 == subscribers(project, "add", "uta@halde.example", "--basis", "Messe").returncode
    assert 0 == call(project, "store", "backup", backup).returncode
    assert word not in call(project, "store", "restore", backup, "--yes").stderr
    other = small_project(tmp_path / "other", 1)
    assert 0 == subscribers(other, "add", "jo@halde.example", "--basis", "Messe").returncode
    assert word in call(other, "store", "restore", backup, "--yes").stderr


def test_a_restored_store_mails_nobody_twice_and_a_new_key_kills_no_link(project, tmp_path):
    """Issue one goes out, the store is backed up, somebody leaves; then the backup comes back."""
    del project.environ["RUHRMAIL_SECRET"]
    backup = str(tmp_path / "backup.db")
    inbox = tmp_path / "inbox"
    with project.service("inbox", "--port", "0", "--dir", str(inbox), ready=r"smtp://\S+") as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        assert 0 == project.run("send", "kurz", "--yes").returncode
        assert 0 == call(project, "store", "backup", backup).returncode
        assert 2 == call(project, "store", "backup", backup).returncode
        assert 0 == call(project, "keys", "rotate").returncode
        leaver = read_maildir(inbox)[0]
        with project.service("serve", "--port", "0", ready=r"http://\S+") as web:
            link = f"{web}/u/{UNSUBSCRIBE.search(leaver['List-Unsubscribe'])[1]}"
            with urllib.request.urlopen(
                urllib.request.Request(link, b"List-Unsubscribe=One-Click"), timeout=60
            ) as left:
                assert 200 == left.status
        assert 2 == call(project, "store", "restore", backup).returncode
        restored = call(project, "store", "restore", backup, "--yes")
        assert (0, True) == (restored.returncode, "suppressions 1, erasures 0" in restored.stdout)
        assert 0 == project.run("send", "kurz", "--yes").returncode
        assert 2 == len(read_maildir(inbox))
        (project.folder / "issues" / "kurz").rename(project.folder / "issues" / "lang")
        refused = project.run("send", "lang", "--yes")
        assert (2, True) == (refused.returncode, "does not know whether this issue went out" in refused.stderr)
        assert 0 == project.run("send", "lang", "--yes", "--anyway").returncode
        assert 3 == len(read_maildir(inbox))


def test_a_new_key_is_not_made_where_the_environment_holds_them(project):
    done = call(project, "keys", "rotate")
    assert (1, True) == (done.returncode, "RUHRMAIL_SECRET" in done.stderr)


HARD = {
    "header only": (b"email,first_name\n", 0),
    "nothing": (b"", 1),
    "no address": (b"name,ort\nAda,Essen\n", 1),
    "utf-16": ("email\tvorname\na@halde.example\tÄnne\n".encode("utf-16"), 0),
    "separator named": (b"sep=;\nemail;x\na@halde.example;1\n", 0),
    "a line of 20 MB": (b"email,x\na@halde.example,1\nb@halde.example," + b"x" * 20_000_000 + b"\n", 1),
    "line breaks in every field": (b'email,first_name\n"a@halde.example\r\n","A\r\nBcc: b@halde.example"\n', 0),
    "bytes": (bytes(range(256)) * 20, 1),
}


@pytest.mark.parametrize("name", HARD)
def test_hard_files_are_imported_or_refused_with_words(project, name):
    content, code = HARD[name]
    file = project.folder / "hard.csv"
    file.write_bytes(content)
    done = subscribers(project, "import", str(file))
    assert (code, False) == (done.returncode, "Traceback" in done.stderr)
    if code:
        assert "hard.csv:" in done.stderr


def test_the_roster_is_looked_at_as_it_stands(project):
    assert ("subscribed", True, None) == tuple(
        show(project, "leser0@liste0.example")[name] for name in ("state", "on_roster", "joined")
    )
    project.write_list(1)
    assert "absent" == show(project, "leser1@liste1.example")["state"]
    (project.folder / "subscribers.csv").write_bytes(b"")
    assert "leser0@liste0.example  Leser0\n" == subscribers(project, "list", "--state", "subscribed").stdout
