"""What goes wrong is told with a remedy, keeps nobody else from the mail, and loses nothing."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.servers.smtp_sink import free_port, smtp_sink
from tests.stories.project import Project, read_maildir, small_project
from tests.stories.test_killed import accepted, sink, standing, wait_until


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", 12)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "accepted.jsonl"
    path.touch()
    return path


def test_bad_rows_are_named_and_do_not_stop_the_good_ones(project: Project, log: Path) -> None:
    with (project.folder / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("kaputt,Karl\n\n,Leer\nleser1@liste1.example,Doppelt\n")
    with sink(log) as relay:
        strict = project.run("send", "kurz", "--yes", "--strict", RUHRMAIL_RELAY=relay)
        assert (1, {}) == (strict.returncode, dict(accepted(log)))
        sent = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        again = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    for run in (strict, sent, again):
        assert 1 == run.returncode
        assert "subscribers.csv:14:1: kaputt is no mail address" in run.stderr
        assert "subscribers.csv:16:1: " in run.stderr
    assert 12 == len(accepted(log))


def test_a_windows_list_with_semicolons_and_german_headers_is_read(project: Project, tmp_path: Path) -> None:
    text = "E-Mail;Anrede;Vorname;Nachname;Straße\r\nj@o.example;Frau;Jördis;Öztürk;Größenweg 1\r\n"
    (project.folder / "subscribers.csv").write_bytes(text.encode("cp1252"))
    issue = project.folder / "issues" / "kurz" / "issue.yaml"
    text = issue.read_text(encoding="utf-8").replace("Das ist alles.", "Ihr Haus ist {{ strasse }}.")
    issue.write_text(text, encoding="utf-8")
    assert 0 == project.run("send", "kurz", "--yes").returncode
    (message,) = read_maildir(project.folder / "maildir")
    assert "Ihr Haus ist Größenweg 1." in message.get_body(("plain",)).get_content()
    assert "Jördis Öztürk" == message["To"].addresses[0].display_name


def test_a_refused_recipient_fails_alone_and_is_not_mailed_again(project: Project, log: Path) -> None:
    with sink(log, "--fault", "rcpt;550 5.1.1 no such user;1;leser3@") as relay:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert 1 == done.returncode
    assert "failed: leser3@liste3.example 550" in done.stderr
    assert (11, 1) == (standing(project)["sent"], standing(project)["failed"])
    assert "on the list: 11" in project.run("send", "kurz", "--dry-run").stderr


def test_deferred_mail_is_tried_again(project: Project, log: Path) -> None:
    with sink(log, "--fault", "rcpt;451 4.7.1 greylisted;1;leser4@;2") as relay:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert 0 == done.returncode, done.stderr
    assert "tried again at" in done.stderr
    assert 12 == standing(project)["sent"]
    assert {3} == {one["attempts"] for one in standing(project)["deliveries"] if one["email"].startswith("leser4@")}


def test_a_relay_that_is_not_there_is_named_and_everybody_waits(project: Project) -> None:
    done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=f"smtp://127.0.0.1:{free_port()}")
    assert 1 == done.returncode
    assert "refuses connections" in done.stderr
    assert "try: " in done.stderr
    assert "Traceback" not in done.stderr
    assert 12 == standing(project)["pending"]


def test_a_server_that_hangs_up_in_the_middle_loses_nobody(project: Project, log: Path) -> None:
    with sink(log, "--fault", "dot;drop;0.2", "--fault", "rcpt;drop;0.2") as relay:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    found = standing(project)
    assert 12 == found["sent"] + found["in_doubt"], done.stderr
    assert len(accepted(log)) == found["sent"]
    assert (1 if found["in_doubt"] else 0) == done.returncode


def test_a_changed_issue_is_refused(project: Project, log: Path) -> None:
    issue = project.folder / "issues" / "kurz" / "issue.yaml"
    with sink(log) as relay:
        assert 0 == project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay).returncode
        issue.write_text(issue.read_text(encoding="utf-8") + "# mehr\n", encoding="utf-8")
        changed = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert 1 == changed.returncode
    assert "issues/kurz/issue.yaml" in changed.stderr
    assert 12 == sum(accepted(log).values())


@pytest.mark.parametrize("linked", ["issues", "issues/kurz", "issues/kurz/issue.yaml"])
def test_an_issue_that_is_kept_elsewhere_and_linked_is_sent_and_guarded(
    project: Project, log: Path, tmp_path: Path, linked: str
) -> None:
    link, elsewhere = project.folder / linked, tmp_path / "elsewhere"
    link.rename(elsewhere)
    link.symlink_to(elsewhere)
    issue = project.folder / "issues" / "kurz" / "issue.yaml"
    with sink(log) as relay:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        again = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        issue.write_text(issue.read_text(encoding="utf-8").replace("Das ist alles.", "Noch etwas."), encoding="utf-8")
        changed = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert (0, 0, 1) == (done.returncode, again.returncode, changed.returncode), done.stderr + again.stderr
    assert "issues/kurz/issue.yaml" in changed.stderr
    assert 12 == sum(accepted(log).values())


def test_a_changed_issue_that_reached_nobody_begins_anew(project: Project, log: Path) -> None:
    """A trial never froze an issue, nor does a relay that was not there."""
    issue = project.folder / "issues" / "kurz" / "issue.yaml"
    assert 0 == project.run("send", "kurz", "--yes").returncode
    nowhere = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=f"smtp://127.0.0.1:{free_port()}")
    assert 1 == nowhere.returncode
    assert "recipients: 12 (waiting: 12)" in nowhere.stdout
    issue.write_text(issue.read_text(encoding="utf-8").replace("Das ist alles", "Das ist neu"), encoding="utf-8")
    assert 0 == project.run("send", "kurz", "--yes").returncode
    assert 24 == len(read_maildir(project.folder / "maildir"))
    with sink(log) as relay:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert 0 == done.returncode, done.stderr
    assert (12, 1) == (len(accepted(log)), max(accepted(log).values()))


def test_newcomers_get_the_issue_later_and_nobody_else_does(project: Project, log: Path) -> None:
    with sink(log) as relay:
        project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        project.write_list(15)
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
    assert 0 == done.returncode, done.stderr
    assert (15, 1) == (len(accepted(log)), max(accepted(log).values()))


def test_who_is_gone_from_the_list_is_no_longer_mailed(project: Project) -> None:
    assert "recipients: 12 " in project.run("send", "kurz", "--dry-run").stderr
    project.run("send", "kurz", "--yes")
    project.write_list(5)
    (project.folder / "issues" / "zwei.yaml").write_text(
        (project.folder / "issues" / "kurz" / "issue.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert "recipients: 5 " in project.run("send", "zwei", "--dry-run").stderr


def test_without_a_terminal_and_without_yes_nothing_is_mailed(project: Project, log: Path) -> None:
    with sink(log) as relay:
        done = project.run("send", "kurz", RUHRMAIL_RELAY=relay)
    assert 2 == done.returncode
    assert "--yes" in done.stderr
    assert {} == dict(accepted(log))


def test_a_dry_run_leaves_no_trace(project: Project) -> None:
    before = sorted(path.relative_to(project.folder) for path in project.folder.rglob("*"))
    assert 0 == project.run("send", "kurz", "--dry-run").returncode
    assert before == sorted(path.relative_to(project.folder) for path in project.folder.rglob("*"))


def test_a_dry_run_sends_no_test_mail_either(project: Project, log: Path) -> None:
    with sink(log) as relay:
        done = project.run("send", "kurz", "--dry-run", "--test", "ich@probe.example", RUHRMAIL_RELAY=relay)
    assert (2, {}) == (done.returncode, dict(accepted(log)))


def test_a_signal_before_the_first_mail_ends_the_run_like_any_other(project: Project, log: Path) -> None:
    project.write_list(50_000)
    with sink(log) as relay:
        run = project.start("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        wait_until((project.folder / ".ruhrmail" / "state.db.sender.json").exists)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert (1, {}) == (run.returncode, dict(accepted(log))), out + err
    assert "stopped as asked" in err
    assert "Traceback" not in err


def test_an_empty_list_mails_nobody_and_is_fine(project: Project) -> None:
    (project.folder / "subscribers.csv").write_text("email\n", encoding="utf-8")
    done = project.run("send", "kurz", "--yes")
    assert (0, "") == (done.returncode, "" if "nobody" in done.stdout else done.stdout)
    (project.folder / "subscribers.csv").write_text("", encoding="utf-8")
    assert 1 == project.run("send", "kurz", "--yes").returncode
    (project.folder / "subscribers.csv").write_text("name\nx\n", encoding="utf-8")
    assert 1 == project.run("send", "kurz", "--yes").returncode


@pytest.mark.skipif(os.getuid() != 0, reason="needs root: a small file system is mounted; run the tests as root")
def test_a_full_disk_stops_cleanly_and_loses_nobody(project: Project, log: Path, tmp_path: Path) -> None:
    project.write_list(3000)
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1300k", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this container may not mount a tmpfs")
    project.environ["RUHRMAIL_STORE"] = f"sqlite:///{small}/state.db"
    try:
        with sink(log) as relay:
            full = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
            assert 1 == full.returncode
            assert "full" in full.stderr
            assert "Traceback" not in full.stderr
            subprocess.run(["mount", "-o", "remount,size=50m", str(small)], check=True)
            done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        found = standing(project)
        assert 3000 == found["sent"] + found["in_doubt"], done.stderr
        assert 1 == max(accepted(log).values())
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_thousand_through_postfix_smtp_sink(project: Project, tmp_path: Path) -> None:
    project.write_list(1000)
    with smtp_sink(tmp_path / "sink") as server:
        relay = f"smtp://127.0.0.1:{server.port}?connections=10"
        done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        assert 0 == done.returncode, done.stderr
        assert 1000 == len(server.messages())


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("ruhrmail.yaml", "newsletter: [", "ruhrmail.yaml:1:13: "),
        (
            "issues/kurz/issue.yaml",
            "date: 2026-11-06\nsubjekt: x\n",
            "issues/kurz/issue.yaml:2:1: unknown key",
        ),
        ("issues/kurz/issue.yaml", "date: x\n\tcontent: y\n", "issues/kurz/issue.yaml:2:1: "),
        ("issues/kurz/issue.yaml", "a" * 2_000_000, "issues/kurz/issue.yaml:1:1: "),
        ("issues/kurz/issue.yaml", "", "issues/kurz/issue.yaml:1:1: the file is empty"),
        ("templates/mail.mjml.j2", "{% if %}", "templates/mail.mjml.j2:1:1: "),
    ],
)
def test_bad_files_are_refused_with_their_line(project: Project, name: str, content: str, expected: str) -> None:
    path = project.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, encoding="utf-8")
    for command in (("build",), ("send", "kurz", "--yes"), ("send", "kurz", "--dry-run")):
        done = project.run(*command)
        assert 1 == done.returncode, done.stderr
        assert any(line.startswith(expected) for line in done.stderr.splitlines()), done.stderr
        assert "try: " in done.stderr
        assert "Traceback" not in done.stderr
    checked = project.run("check", "--format", "json")
    assert 1 == checked.returncode
    assert name in {one["file"] for one in json.loads(checked.stdout)["findings"]}


def test_nobody_listening_any_more_stops_no_mail(project: Project, log: Path) -> None:
    """`send … 2>&1 | head`: the ledger knows what happened, whether somebody reads along or not."""
    project.write_list(200)
    with sink(log, "--fault", "rcpt;451 4.3.0 later;0.05", "--delay", "0.002") as relay:
        run = project.start("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        wait_until(lambda: sum(accepted(log).values()) > 5)
        run.stdout.close()
        run.stderr.close()
        run.wait(60)
        found = standing(project)
        assert ("complete", 200) == (found["state"], found["sent"])
        assert {1} == set(accepted(log).values())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_closed_terminal_drains_like_any_signal(project: Project, log: Path, number: signal.Signals) -> None:
    project.write_list(400)
    with sink(log, "--delay", "0.1") as relay:
        run = project.start("send", "kurz", "--yes", RUHRMAIL_RELAY=relay)
        wait_until(lambda: sum(accepted(log).values()) > 20)
        run.send_signal(number)
        out, err = run.communicate(timeout=60)
    found = standing(project)
    assert (1, sum(accepted(log).values())) == (run.returncode, found["sent"]), out + err
    assert 0 == found["in_doubt"] == found["claimed"] == found["in_flight"]
