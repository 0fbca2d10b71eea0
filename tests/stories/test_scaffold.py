"""From nothing to a mail: init, new, check, build, send, in German and in English."""

import json
from pathlib import Path

import pytest

from tests.stories.project import Project, environment, read_maildir

WORDS = {
    "de": ("wie es weitergeht:", "Guten Tag,", "Newsletter abbestellen", "Vertreten durch"),
    "en": ("what to do next:", "Hello,", "Unsubscribe", "Represented by"),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A folder that does not exist yet; no language is set."""
    environ = environment()
    del environ["RUHRMAIL_LANG"]
    return Project(tmp_path / "ruhrblick", environ)


def run(project: Project, *arguments: str, **environ: str) -> str:
    done = project.run(*arguments, **environ)
    assert (0, "") == (done.returncode, done.stderr if arguments[0] != "send" else "")
    return done.stdout


@pytest.mark.parametrize("language", ["de", "en"])
def test_from_nothing_to_a_mail(project: Project, language: str) -> None:
    begun = run(project, "init", ".", "--language", language, "--name", "Ruhrblick")
    next_steps, greeting, leave, represented = WORDS[language]
    assert next_steps in begun

    run(project, "check", "--strict")
    run(project, "new", "zwei")
    first = next(path.parent.name for path in project.folder.glob("issues/20*/issue.yaml"))
    run(project, "new", "drei", "--from", first)
    unwritten = {row["rule"] for row in json.loads(run(project, "check", "--format", "json"))["findings"]}
    assert {"text/unwritten"} == unwritten
    numbers = {slug: number_of(project, slug) for slug in (first, "zwei", "drei")}
    assert {first: "1", "zwei": "2", "drei": "3"} == numbers
    run(project, "build")
    for slug in numbers:
        built = project.folder / "build" / slug
        assert {"mail.html", "mail.txt", "mail.eml", "index.html"} <= {path.name for path in built.iterdir()}

    with (project.folder / "subscribers.csv").open("a", encoding="utf-8") as file:
        file.write("ada@leser.example,,,,,,,,2026-01-05,Messe Essen,Anmeldung zum Newsletter\n")
    run(project, "check", "--strict", "--ignore", "subject/repeated,preheader/repeated")
    run(project, "send", "drei", "--yes")
    (message,) = read_maildir(project.folder / "maildir")
    plain = message.get_body(("plain",)).get_content()
    assert [True, True, True] == [word in plain for word in (greeting, leave, represented)]
    assert "Ruhrblick" == message["From"].addresses[0].display_name


def number_of(project: Project, slug: str) -> str:
    lines = (project.folder / "issues" / slug / "issue.yaml").read_text(encoding="utf-8").splitlines()
    return next(line.removeprefix("number: ") for line in lines if line.startswith("number: "))


def test_new_issues_name_the_projects_schema(project: Project) -> None:
    run(project, "init", ".")
    run(project, "new", "zwei")
    first = (project.folder / "issues" / "zwei" / "issue.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert "# yaml-language-server: $schema=../../issue.schema.json" == first


def test_the_language_is_the_one_asked_for_else_the_environments_else_german(project: Project) -> None:
    for folder, option, environ, expected in (
        ("a", (), {}, "de"),
        ("b", (), {"RUHRMAIL_LANG": "en"}, "en"),
        ("c", ("--language", "de"), {"RUHRMAIL_LANG": "en"}, "de"),
    ):
        run(project, "init", folder, *option, **environ)
        assert f"  language: {expected}\n" in (project.folder / folder / "ruhrmail.yaml").read_text(encoding="utf-8")


def test_init_refuses_a_project_and_names_what_is_in_the_way(project: Project) -> None:
    run(project, "init", ".")
    again = project.run("init", ".")
    assert (2, True) == (again.returncode, "ruhrmail.yaml" in again.stderr)
    (project.folder / "other").mkdir()
    (project.folder / "other" / ".gitignore").touch()
    blocked = project.run("init", "other")
    assert (2, True) == (blocked.returncode, "other/.gitignore" in blocked.stderr)
    assert [".gitignore"] == [path.name for path in (project.folder / "other").iterdir()]


@pytest.mark.parametrize(("language", "title"), [("de", "Ausgabe eines Newsletters"), ("en", "Issue of a newsletter")])
def test_schema_needs_no_project_and_speaks_both_languages(project: Project, language: str, title: str) -> None:
    assert title == json.loads(run(project, "schema", "--language", language))["title"]
    assert title == json.loads(run(project, "schema", "issue", RUHRMAIL_LANG=language))["title"]
    assert "imprint" in json.loads(run(project, "schema", "config"))["properties"]


def test_schema_is_utf8_whatever_the_terminal(project: Project) -> None:
    printed = run(project, "schema", "--language", "de", PYTHONIOENCODING="utf-8")
    written = run(project, "schema", "--language", "de", PYTHONIOENCODING="ascii")
    assert printed == written
    assert "Überschrift" in printed
