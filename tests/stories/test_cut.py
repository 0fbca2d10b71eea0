"""Connections that end anywhere, in a body or in a reply: nobody is mailed twice, nobody is lost."""

from pathlib import Path

import pytest

from tests.servers.delay import delayed
from tests.stories.project import small_project
from tests.stories.test_killed import accepted, sink, standing

READERS = 150
ROUNDS = 12


@pytest.mark.parametrize("options", [[], ["--pipelining"], ["--pipelining", "--split", "--glued"]])
def test_cut_connections_lose_nobody_and_mail_nobody_twice(tmp_path: Path, options: list[str]) -> None:
    project = small_project(tmp_path / "project", READERS)
    log = tmp_path / "accepted.jsonl"
    log.touch()
    with sink(log, *options) as server:
        port = int(server.partition("127.0.0.1:")[2].partition("?")[0])
        with delayed(port, "--cut-up", "300-60000", "--cut-down", "100-1500") as near:
            for _ in range(ROUNDS):
                last = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=f"smtp://127.0.0.1:{near}?connections=4")
                if "complete" == standing(project)["state"]:
                    break
    took, found = accepted(log), standing(project)
    assert READERS == found["sent"] + found["in_doubt"], last.stderr
    assert {1} == set(took.values()), "mailed twice"
    assert [] == [one["email"] for one in found["deliveries"] if one["state"] == "sent" and not took[one["email"]]]
    assert found["in_doubt"] < READERS / 2, "the test shows something only when most are sent"
