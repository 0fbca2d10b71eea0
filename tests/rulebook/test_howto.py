"""What docs/pruefen.md shows is what the commands print."""

import re
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from ruhrmail.cli import app
from tests.check.desk import CONFIG
from tests.stories.project import Project, environment

PAGE = (Path(__file__).parents[2] / "docs" / "pruefen.md").read_text(encoding="utf-8")
SHOWN = re.compile(r"^\$ ruhrmail (.*)\n((?:(?!\$ |```).*\n)*)", re.MULTILINE)
ISSUE = """\
number: 2
date: 4.12.2026
subject: LICHT IN DER HALLE
preheader: "Wärme aus dem alten Schacht, ein Chor im Wasserturm und drei Termine"
content:
  - type: article
    title: Wärme aus dem Schacht
    image: {src: schacht.jpg, caption: Das Fördergerüst}
    text: |
      Seit Montag heizt das Grubenwasser 40 Wohnungen.  Die "Schachtwärme" kostet
      weniger als Gas -- mehr dazu [hier](https://www.schachtwaerme.example/?utm_source=brief).
  - type: events
    title: Termine
    events:
      - title: Chorprobe im Wasserturm
        start: 12.12.2026 18:00
        place: Dortmund
        text: Der Turm öffnet am Freitag, 12. Dezember, um 17 Uhr.
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the page writes its baseline where it stands
    folder = tmp_path / "issues" / "2026-12"
    folder.mkdir(parents=True)
    (tmp_path / "ruhrmail.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "subscribers.csv").write_text("email\nada@leser.example\n", encoding="utf-8")
    (folder / "issue.yaml").write_text(ISSUE, encoding="utf-8")
    Image.new("RGB", (1200, 600), "#0b5563").save(folder / "schacht.jpg")
    return Project(tmp_path, {**environment(), "RUHRMAIL_LANG": "de", "COLUMNS": "80"})


def rewrite(project: Project, old: str, new: str) -> None:
    """The editor's work between two commands of the page."""
    file = project.folder / "issues" / "2026-12" / "issue.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def missing(shown: str, printed: str) -> list[str]:
    """The lines that the page shows and the command does not print."""
    lines = printed.splitlines()
    return [line for line in shown.splitlines() if line.strip() != "…" and line not in lines]


def test_the_page_shows_what_the_commands_print(project):
    wrong = []
    shown = SHOWN.findall(PAGE)
    for number, (command, lines) in enumerate(shown):
        if number == 1:
            rewrite(project, "caption:", "alt: Fördergerüst vor Abendhimmel, caption:")
        if "--write-baseline" in command:
            rewrite(project, "LICHT IN DER HALLE", "LICHT IN DER HALLE  # ruhrmail: ignore subject/shouting so")
        arguments = ["--project", str(project.folder), *command.replace("'", "").split()]
        done = CliRunner().invoke(app, arguments, env=project.environ)
        wrong += [f"{command}: {line}" for line in missing(lines, done.stdout)]
    assert ([], 9) == (wrong, len(shown))
