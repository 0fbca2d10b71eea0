"""Postfix's smtp-sink does one thing wrong all the time: what becomes of a whole mailing."""

from pathlib import Path

import pytest

from tests.servers.smtp_sink import Faults, smtp_sink
from tests.stories.project import Project, small_project
from tests.stories.test_killed import standing

OPEN = {"pending", "deferred"}
READERS = 4


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = small_project(tmp_path / "project", READERS)
    config = project.folder / "ruhrmail.yaml"
    text = config.read_text(encoding="utf-8").replace("for: 20s}", "for: 1s}, timeout: {command: 5s, dot: 5s}")
    config.write_text(text, encoding="utf-8")
    return project


def send(project: Project, folder: Path, faults: Faults) -> dict[str, object]:
    """The figures afterwards, with the exit code as `code`."""
    with smtp_sink(folder, *faults.options) as sink:
        relay = f"smtp://127.0.0.1:{sink.port}?connections=1"
        code = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=relay).returncode
    return {**standing(project), "code": code}


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (Faults(hard=("RCPT",)), {"failed"}),
        (Faults(soft=(".",)), {"failed", *OPEN}),  # given up after a second
        (Faults(drop=("EHLO",)), OPEN),
        (Faults(shut=("CONNECT",)), OPEN),
        (Faults(shut=("RCPT",)), {"failed", *OPEN}),
        (Faults(drop=(".",)), {"in_doubt", "failed", *OPEN}),  # not a word after the dot
        (Faults(abort=1), {"failed", "in_doubt", *OPEN}),  # 550 before the dot
    ],
)
def test_nobody_counts_as_sent_and_nobody_is_lost(
    project: Project, tmp_path: Path, faults: Faults, expected: set[str]
) -> None:
    found = send(project, tmp_path / "mail", faults)
    assert (1, 0) == (found["code"], found["sent"])
    assert READERS == sum(found[state] for state in ("pending", "deferred", "failed", "in_doubt"))
    assert {one["state"] for one in found["deliveries"]} <= expected


@pytest.mark.parametrize("faults", [Faults(), Faults(plain=True), Faults(slow=1)])
def test_everybody_gets_it_with_and_without_pipelining_and_from_a_slow_server(
    project: Project, tmp_path: Path, faults: Faults
) -> None:
    found = send(project, tmp_path / "mail", faults)
    assert (0, READERS) == (found["code"], found["sent"])
    assert READERS == len(list((tmp_path / "mail").iterdir()))
