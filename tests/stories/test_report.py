"""After a mailing there is a report: a page in a file, or figures for machines."""

import json
from pathlib import Path

from tests.stories.project import small_project
from tests.stories.test_killed import accepted, sink


def test_a_report_of_a_real_mailing_lies_beside_the_build_and_of_a_trial_too(tmp_path: Path) -> None:
    project = small_project(tmp_path / "project", 12)
    before = project.run("report", "kurz")
    assert (1, "") == (before.returncode, before.stdout)
    assert "no mailing of kurz began" in before.stderr
    assert 0 == project.run("send", "kurz", "--yes").returncode
    trial = project.run("report", "kurz")
    assert (0, "build/kurz/report-maildir.html\n") == (trial.returncode, trial.stdout)
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log) as url:
        sent = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=url)
        assert (0, 12) == (sent.returncode, sum(accepted(log).values())), sent.stderr
    assert "build/kurz/report.html\n" == project.run("report", "kurz").stdout
    page = (project.folder / "build" / "kurz" / "report.html").read_text(encoding="utf-8")
    assert "<h1>Kurz und gut</h1>" in page and "leser1@" not in page
    out = tmp_path / "new" / "report.json"
    assert 0 == project.run("report", "kurz", "--format", "json", "--out", str(out)).returncode
    found = json.loads(out.read_text(encoding="utf-8"))
    assert ("complete", 12, 12, False) == (found["state"], found["recipients"], found["sent"], found["trial"])
    assert ([], 7, 12) == (found["domains"], found["other_domains"]["domains"], found["other_domains"]["recipients"])
    assert 12 == sum(found["over_time"]["sent"]["counts"])
    status = json.loads(project.run("status", "kurz", "--format", "json").stdout)
    common = (found.keys() & status.keys()) - {"domains", "refusals"}
    assert {"started_at", "finished_at", "scheduled_for", "stopped_at", "reason", "unchecked_at", "sent"} <= common
    assert {name: status[name] for name in common} == {name: found[name] for name in common}
    (tmp_path / "file").touch()
    broken = project.run("report", "kurz", "--out", str(tmp_path / "file" / "report.html"))
    assert 1 == broken.returncode and "cannot be written" in broken.stderr
