"""`check --explain` and `check --rules`: the rules in the reader's language, as wide as the terminal."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ruhrmail.cli import app
from ruhrmail.model.finding import names_of
from ruhrmail.rulebook import read_rulebook
from tests.stories.project import environment, sample_project


def run(folder: Path, *arguments: str, **environ: str) -> Result:
    """Runs `ruhrmail check ARGUMENTS` in this process; the folder need not be a newsletter project."""
    return CliRunner().invoke(app, ["--project", str(folder), "check", *arguments], env=environment() | environ)


def test_a_page_is_german_where_the_newsletter_is(tmp_path):
    done = run(sample_project(tmp_path).folder, "--explain", "img/missing", RUHRMAIL_LANG="")
    assert done.stdout.startswith("img/missing (Fehler)\n\nDie Bilddatei gibt es nicht.\n\n")
    assert "\nSchlecht:\n\n    content:\n      - {type: image, src: Halle.png, " in done.stdout
    assert "\nAbhilfe: Vergleichen Sie den Namen Zeichen für Zeichen" in done.stdout


def test_a_page_needs_no_project_and_follows_the_environment(tmp_path):
    german, english = (run(tmp_path, "--explain", "yaml/syntax", RUHRMAIL_LANG=one).stdout for one in ("de", ""))
    assert "An dieser Stelle ist die Datei kein gültiges YAML.\n" in german
    assert english.startswith("yaml/syntax (error)\n")
    assert "\nBad:\n\n    subject: Nachtschicht: Licht in der Halle\n\nGood:\n" in english


@pytest.mark.parametrize(("columns", "widest"), [("50", 50), ("90", 90), ("400", 100), ("5", 40)])
def test_prose_is_as_wide_as_the_terminal_within_reason(tmp_path, columns, widest):
    done = run(tmp_path, "--explain", "legal/imprint", RUHRMAIL_LANG="de", COLUMNS=columns)
    prose = [line for line in done.stdout.splitlines() if not line.startswith("    ")]
    assert widest - 20 < max(map(len, prose)) <= widest


@pytest.mark.parametrize(
    ("asked", "guess"),
    [
        ("link/trackin", "meinten Sie link/tracking?"),
        ("alt-missing", "meinten Sie img/alt-missing?"),
        ("img", "ruhrmail check --rules --select 'img/*'"),
        ("img/*", "ruhrmail check --rules --select 'img/*'"),
        ("quatsch", "ruhrmail check --rules zählt alle auf"),
    ],
)
def test_an_unknown_rule_is_wrong_usage_with_a_guess(tmp_path, asked, guess):
    done = run(tmp_path, "--explain", asked, RUHRMAIL_LANG="de")
    assert (2, "") == (done.exit_code, done.stdout)
    assert f"es gibt keine Regel {asked}\n" in done.stderr
    assert guess in done.stderr


def test_an_id_may_be_copied_with_its_brackets(tmp_path):
    assert run(tmp_path, "--explain", "[img/missing]").stdout.startswith("img/missing (error)\n")


def test_every_rule_is_listed_on_a_line(tmp_path):
    done = run(tmp_path, "--rules", RUHRMAIL_LANG="de", COLUMNS="100")
    listed = [line.split()[:2] for line in done.stdout.splitlines() if not line.startswith(" ")]
    words = {"error": "Fehler", "warning": "Warnung", "info": "Hinweis"}
    rules = [rule for rule in read_rulebook().values() if names_of(rule.id)[-1] == rule.id]
    assert [[words[rule.severity], rule.id] for rule in rules] == listed


def test_chosen_rules_are_listed_for_machines(tmp_path):
    done = run(tmp_path, "--rules", "--select", "subject/*", "--ignore", "subject/length", "--format", "json")
    rows = json.loads(done.stdout)
    assert ["subject/false-reply", "subject/repeated", "subject/shouting"] == [row["rule"] for row in rows]
    assert {"rule", "severity", "title", "remedy"} == rows[0].keys()
    assert ["warning"] * 3 == [row["severity"] for row in rows]
