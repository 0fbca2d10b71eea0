"""A rehearsal plays the whole mailing, tells what to expect, and leaves the project as it was."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ruhrmail.config import load_config
from ruhrmail.flows import playing
from ruhrmail.flows import rehearse as flow
from ruhrmail.flows.machine import this_machine
from ruhrmail.model.ledger import Result
from ruhrmail.model.mail import Outcome
from ruhrmail.rehearse import Profile, Whim
from ruhrmail.store import Ledger, sender_lock
from tests.stories.project import SMALL_CONFIG, Project, small_project

PATIENT = SMALL_CONFIG.replace("{gaps: [1s], for: 20s}", "{gaps: [1m, 5m, 1h], for: 8h}")
RELAY = "smtp://relay.example:2525?connections=5"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    found = small_project(tmp_path / "project", 60)
    (found.folder / "ruhrmail.yaml").write_text(PATIENT, encoding="utf-8")
    found.environ["RUHRMAIL_RELAY"] = RELAY
    return found


def everything_in(folder: Path) -> dict[str, bytes]:
    """Every file and folder of a project, but for what the interpreter may leave."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")
    }


def rehearse(project: Project, *arguments: str) -> dict:
    done = project.run("rehearse", "kurz", "--format", "json", *arguments)
    assert 0 == done.returncode, done.stderr
    return json.loads(done.stdout)


def test_a_list_of_two_thousand_is_played_through_and_nobody_is_lost(project: Project) -> None:
    rows = (f"leser{number}@liste{number % 97}.example,Leser{number}\n" for number in range(2000))
    (project.folder / "subscribers.csv").write_text("email,first_name\n" + "".join(rows), encoding="utf-8")
    before = everything_in(project.folder)
    found = rehearse(project)
    assert (2000, 2000) == (found["recipients"], found["rehearsed"])
    assert (0, 0, 0, 0) == tuple(found[name] for name in ("lost", "twice", "unrecorded", "strangers"))
    assert 2000 == found["once"] + found["refused"] + found["in_doubt"] - found["doubtful_taken"]
    assert 2000 == sum(one["recipients"] for one in found["providers"])
    assert found["refused"] > 0
    assert found["deferred"] > 0
    assert 3600 < found["forecast"]["total"] < 8 * 3600 + 60
    assert found["forecast"]["most"] <= found["forecast"]["total"]
    assert before == everything_in(project.folder)


def test_the_same_seed_strikes_the_same_people(project: Project) -> None:
    project.write_list(120)
    first, again, other = (rehearse(project, "--seed", seed) for seed in ("4", "4", "5"))
    names = ("once", "refused", "in_doubt", "doubtful_taken")
    assert [first[name] for name in names] == [again[name] for name in names]
    assert first["providers"] != other["providers"]


def test_an_audience_is_rehearsed_alone(project: Project) -> None:
    rows = (f"leser{number}@liste.example,{'stadt' if number < 7 else 'land'}\n" for number in range(20))
    (project.folder / "subscribers.csv").write_text("email,tags\n" + "".join(rows), encoding="utf-8")
    before = everything_in(project.folder)
    town = rehearse(project, "--calm", "--audience", "tag:stadt")
    nobody = project.run("rehearse", "kurz", "--audience", "tag:meer")
    unknown = project.run("rehearse", "kurz", "--audience", "meer")
    assert (7, 7, 7) == (town["recipients"], town["rehearsed"], town["once"])
    assert (0, "nobody is left to mail") == (nobody.returncode, nobody.stderr.strip().splitlines()[-1])
    assert (2, True) == (unknown.returncode, "there is no audience named meer" in unknown.stderr)
    assert before == everything_in(project.folder)


def test_who_has_the_issue_by_another_audience_is_not_rehearsed_again(project: Project) -> None:
    rows = (f"leser{number}@liste.example,stadt\n" for number in range(4))
    (project.folder / "subscribers.csv").write_text("email,tags\n" + "".join(rows), encoding="utf-8")
    sent = project.run("send", "kurz", "--yes", "--audience", "tag:stadt", RUHRMAIL_RELAY="maildir:out")
    assert 0 == sent.returncode, sent.stderr
    with (project.folder / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("neu@liste.example,land\n")
    assert 1 == rehearse(project, "--calm")["recipients"]


def test_a_sample_forecasts_for_everybody(project: Project) -> None:
    project.environ["RUHRMAIL_RELAY"] = RELAY + "&rate=1/m"
    found = rehearse(project, "--limit", "6", "--calm")
    assert (60, 6, 6) == (found["recipients"], found["rehearsed"], found["once"])
    assert 50 * 60 <= found["forecast"]["first_tries"] <= 60 * 60


def test_a_calm_relay_shows_the_speed_of_the_machine(project: Project) -> None:
    found = rehearse(project, "--calm")
    assert (60, 0, 0) == (found["once"], found["deferred"], found["refused"])
    assert found["machine_messages_per_second"] > 0


def test_goes_on_where_the_ledger_stands_and_changes_no_byte_of_it(project: Project, tmp_path: Path) -> None:
    assert 0 == project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=f"maildir:{tmp_path}/out").returncode
    project.write_list(67)
    before = everything_in(project.folder)
    assert 7 == rehearse(project)["rehearsed"]
    assert before == everything_in(project.folder)


def test_neither_waits_for_a_sender_nor_keeps_one_out(project: Project) -> None:
    store = load_config(project.folder, {}).store
    with sender_lock(store, now=datetime.now(UTC), pid=1):
        before = everything_in(project.folder)
        assert 60 == rehearse(project)["rehearsed"]
        assert before == everything_in(project.folder)


def test_works_before_a_relay_is_configured(project: Project) -> None:
    del project.environ["RUHRMAIL_RELAY"]
    done = project.run("rehearse", "kurz")
    assert 0 == done.returncode
    assert "no relay is configured" in done.stdout
    assert "nobody was lost, and nobody was mailed twice" in done.stdout
    assert {"ruhrmail.yaml", "subscribers.csv", "issues"} == {path.name for path in project.folder.iterdir()}


def test_no_login_is_needed_and_none_is_used(project: Project) -> None:
    project.environ["RUHRMAIL_RELAY"] = "smtps://somebody:secret-word@relay.example:465?connections=2"
    done = project.run("rehearse", "kurz")
    assert 0 == done.returncode, done.stderr
    assert "relay relay.example:465: connections 2, no rate" in done.stdout
    assert "secret-word" not in done.stdout + done.stderr


def test_several_relays_share_the_rehearsal(project: Project) -> None:
    project.environ["RUHRMAIL_RELAY"] = "smtp://a.example?connections=2 smtp://b.example?connections=1&rate=1/s"
    done = project.run("rehearse", "kurz")
    assert 0 == done.returncode, done.stderr
    assert "relay a.example:25: connections 2, no rate" in done.stdout
    assert "relay b.example:25: connections 1, at most 1/s" in done.stdout


def test_says_it_in_german(project: Project) -> None:
    done = project.run("rehearse", "kurz", RUHRMAIL_LANG="de")
    assert "niemand ging verloren, und niemand bekam die Mail doppelt" in done.stdout


def test_bad_rows_are_told_and_the_others_rehearsed(project: Project) -> None:
    with (project.folder / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("kaputt,Karl\n")
    done = project.run("rehearse", "kurz", "--format", "json")
    assert 1 == done.returncode
    assert "subscribers.csv:62:1: kaputt is no mail address" in done.stderr
    assert 60 == json.loads(done.stdout)["rehearsed"]


def test_an_issue_with_errors_is_not_rehearsed(project: Project) -> None:
    issue = project.folder / "issues" / "kurz" / "issue.yaml"
    issue.write_text(issue.read_text(encoding="utf-8").replace("subject:", "subjekt:"), encoding="utf-8")
    done = project.run("rehearse", "kurz")
    assert (1, "") == (done.returncode, done.stdout)
    assert "issues/kurz/issue.yaml:2:1:" in done.stderr


def test_an_empty_list_has_nobody_to_rehearse_with(project: Project) -> None:
    project.write_list(0)
    done = project.run("rehearse", "kurz")
    assert (0, "") == (done.returncode, done.stdout)
    assert "nobody is left to mail" in done.stderr


class Careless(Ledger):
    """Tries whoever is in doubt once more: the mistake that the ledger exists to prevent."""

    def settle(self, results):
        return super().settle(list(map(try_again, results)))

    def record(self, results, claims, now):
        return super().record(list(map(try_again, results)), claims, now)


def try_again(result: Result) -> Result:
    if result.attempt.outcome is not Outcome.IN_DOUBT:
        return result
    attempt = type(result.attempt)(Outcome.DEFERRED, result.attempt.relay, text=result.attempt.text)
    return Result(result.claim, attempt, result.at, result.at)


@pytest.mark.parametrize(("ledger", "clean"), [(Ledger, True), (Careless, False)], ids=["ours", "careless"])
def test_a_ledger_that_mails_twice_is_found_out(project: Project, monkeypatch, ledger, clean) -> None:
    """The negative control: with a ledger that forgets its doubts the rehearsal must not be clean."""
    monkeypatch.setattr(playing, "PROFILES", (Profile("host", share=1.0, whims=(Whim("taken", 0.3, ""),)),))
    monkeypatch.setattr(playing, "Ledger", ledger)
    config = load_config(project.folder, project.environ)
    found = flow.rehearse_issue(config, "kurz", playing.Staging(), this_machine(), lambda _: None, lambda _: None)
    assert isinstance(found, flow.Rehearsal)
    assert clean == found.clean
    assert (found.verdict.twice > 0) == (not clean)
    assert (found.verdict.doubtful_taken > 0) == clean


def test_a_relay_that_would_end_the_mailing_is_told(project: Project, monkeypatch) -> None:
    denial = "550 5.7.26 your mail is not authenticated"
    monkeypatch.setattr(playing, "PROFILES", (Profile("host", share=1.0, whims=(Whim("dot", 1.0, denial, 1e9),)),))
    config = load_config(project.folder, project.environ)
    found = flow.rehearse_issue(config, "kurz", playing.Staging(), this_machine(), lambda _: None, lambda _: None)
    assert isinstance(found, flow.Rehearsal)
    assert found.reason is not None
    assert not found.clean
    assert (0, 0) == (found.verdict.lost, found.verdict.twice)


def test_the_sample_newsletter_can_be_rehearsed(tmp_path: Path) -> None:
    from tests.stories.project import sample_project

    project = sample_project(tmp_path)
    shutil.rmtree(tmp_path / ".ruhrmail", ignore_errors=True)
    done = project.run("rehearse", "2026-11")
    assert 0 == done.returncode, done.stderr
    assert not (tmp_path / ".ruhrmail").exists()
