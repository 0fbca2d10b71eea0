"""People, the report and the archive of a newsletter whose store is in PostgreSQL: by the commands alone."""

import json
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from ruhrmail.store.schema import metadata
from tests.stories.project import Project, small_project
from tests.stories.test_killed import accepted, sink

ZOE = "zoe.zeche@grubenlicht.example"
HEADER = "email,first_name,last_name,tags,consented_at,consent_source,consent_text"
ROW = f"{ZOE},Zoe,Zeche,kultur,2026-03-01,Messe,Ja!"


@pytest.fixture
def project(tmp_path: Path, database: str) -> Project:
    made = small_project(tmp_path / "project", 4)
    made.environ["RUHRMAIL_STORE"] = database
    return made


def done(project: Project, *command: str, code: int = 0) -> str:
    """What a command prints, once it has ended as it should."""
    ran = project.run(*command)
    assert code == ran.returncode, ran.stderr
    return ran.stdout


def rows_with(url: str, *words: str) -> list[str]:
    """The rows of all tables, ours or not, in which a word stands."""
    with closing(psycopg.connect(url)) as session:
        tables = [row[0] for row in session.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r'"
                  " AND relnamespace = 'public'::regnamespace")]  # fmt: skip
        assert set(metadata.tables) <= set(tables)
        rows = [f"{name} {row}".lower() for name in tables for row in session.execute(f"SELECT * FROM {name}")]  # type: ignore[arg-type]
    return [row for row in rows if any(word in row for word in words)]


def test_somebody_is_imported_mailed_shown_proven_reported_and_forgotten(project, database, tmp_path):
    log, file = tmp_path / "accepted.jsonl", tmp_path / "messe.csv"
    log.touch()
    file.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    done(project, "subscribers", "import", str(file), "--basis", "Messe")
    assert ZOE in done(project, "subscribers", "list", "--tag", "kultur")
    assert "Ja!" in done(project, "subscribers", "prove", ZOE)
    with sink(log) as relay:
        project.environ["RUHRMAIL_RELAY"] = relay
        done(project, "send", "kurz", "--yes")
        done(project, "worker", "--once")
    assert 5 == len(accepted(log))
    assert 5 == json.loads(done(project, "status", "kurz", "--format", "json"))["sent"]
    assert "kurz" in done(project, "subscribers", "show", ZOE)
    done(project, "report", "kurz", "--out", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert (True, False) == ("Kurz und gut" in page, "grubenlicht" in page)
    done(project, "publish", "--out", str(tmp_path / "site"))
    assert list((tmp_path / "site" / "archive" / "kurz").glob("index.html"))
    assert rows_with(database, "zoe", "grubenlicht")
    file.unlink()
    done(project, "subscribers", "forget", ZOE, "--yes")
    assert [] == rows_with(database, "zoe", "zeche", "grubenlicht")
    assert 5 == json.loads(done(project, "status", "kurz", "--format", "json"))["recipients"]
