"""Commands on the ways to PostgreSQL that operators have, and the password of one that must stand nowhere."""

import signal
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from ruhrmail.store.schema import metadata
from tests.servers.gatehouse import PASSWORD, Gate
from tests.servers.pgbouncer import pgbouncer
from tests.servers.postgres_liar import liar
from tests.stories.project import Project, small_project
from tests.stories.test_killed import accepted, sink, standing
from tests.stories.test_service_life import served

QUOTED = quote(PASSWORD, safe="")


def tells(text: str) -> list[str]:
    """What of the password a text tells."""
    return [one for one in (PASSWORD, QUOTED) if one in text]


def mail_everybody(project: Project, log: Path) -> str:
    """A mailing from queueing to its end, by a worker; gives all that was said."""
    log.touch()
    with sink(log) as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        done = [
            project.run("send", "kurz", "--yes"),
            project.run("worker", "--once", "--log", str(project.folder / "log")),
            project.run("status", "kurz"),
        ]
    assert [0, 0, 0] == [one.returncode for one in done], done
    assert ("complete", 3) == (standing(project)["state"], standing(project)["sent"])
    assert {1} == set(accepted(log).values())
    return "".join(one.stdout + one.stderr for one in done) + (project.folder / "log").read_text()


def test_over_tls_everything_works_and_the_password_stands_nowhere(gate, tmp_path):
    project = small_project(tmp_path / "project", 3)
    tls = {"sslmode": "verify-full", "sslrootcert": gate.file("authority.pem")}
    project.environ["RUHRMAIL_STORE"] = gate.url("shielded", **tls)
    said = mail_everybody(project, tmp_path / "accepted.jsonl")
    with served(project, "--processes", "2") as (process, address), httpx.Client(base_url=address) as client:
        said += client.get("/healthz").text + client.get("/metrics").text
        assert ["t"] == sorted({str(row[0])[0].lower() for row in gate.execute(ENCRYPTED)})
        assert [] == tells(command_lines())
        gate.server.stop()
        try:
            away = [client.get(path) for path in ("/healthz", "/metrics", "/subscribe")]
        finally:
            gate.server.start()
        said += "".join(one.text + str(one.headers) for one in away)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    said += out + err + rows(gate)
    assert 503 == away[0].status_code, away[0].text
    assert [] == tells(said)


ENCRYPTED = "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'shielded'"


def command_lines() -> str:
    """Those of all processes of this machine."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_text(errors="replace"))
        except OSError:
            found.append("")  # it ended meanwhile
    return "\n".join(found)


def rows(gate: Gate) -> str:
    """Everything that stands in our tables, and what the server knows of our sessions."""
    names = [*metadata.tables, "holders", "procrastinate_jobs", "procrastinate_events"]
    return "".join(str(gate.execute(f"SELECT * FROM {name}")) for name in [*names, "pg_stat_activity"])


def test_through_a_pooler_in_session_mode_everything_works(tmp_path, database):
    project = small_project(tmp_path / "project", 3)
    with pgbouncer(database, "session") as url:
        project.environ["RUHRMAIL_STORE"] = url
        mail_everybody(project, tmp_path / "accepted.jsonl")
        with served(project) as (_, address):
            assert 200 == httpx.get(f"{address}/healthz").status_code


def test_a_pooler_in_transaction_mode_is_refused_by_every_command(tmp_path, database):
    project = small_project(tmp_path / "project", 3)
    with pgbouncer(database, "transaction") as url:
        project.environ["RUHRMAIL_STORE"] = url
        for command in (("send", "kurz", "--yes"), ("worker", "--once"), ("serve", "--port", "0"), ("status",)):
            done = project.run(*command)
            assert (1, True) == (done.returncode, "lends sessions" in done.stderr), done
            assert "DISCARD ALL" in done.stderr


@pytest.mark.parametrize("moment", ["login", "query"])
def test_no_command_repeats_what_a_server_says_of_the_password(tmp_path, moment):
    project = small_project(tmp_path / "project", 3)
    commands = [
        ("send", "kurz", "--yes"), ("worker", "--once"), ("serve", "--port", "0"), ("status", "--format", "json"),
        ("doctor", "--only", "store-whole"), ("subscribers", "stats"), ("store", "backup", str(tmp_path / "b.db")),
    ]  # fmt: skip
    with liar(moment) as port:
        project.environ["RUHRMAIL_STORE"] = f"postgresql://u:{QUOTED}@127.0.0.1:{port}/d?sslmode=disable"
        for command in commands:
            done = project.run(*command)
            said = done.stdout + done.stderr
            assert (1, [], False) == (done.returncode, tells(said), "Traceback" in said), said
            assert "***" in said, (command, said)
