"""`ruhrmail check`: one JSON object, whatever the project is like."""

import json
import shutil

import pytest
from lxml import etree

from tests.stories.project import SMALL_ISSUE, small_project


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path)


def findings(project, *arguments):
    """Exit code and findings of `check --format json`."""
    done = project.run("check", "--format", "json", *arguments)
    return done.returncode, [(one["rule"], one["file"], one["line"]) for one in json.loads(done.stdout)["findings"]]


@pytest.mark.parametrize("slug", ["gibt-es-nicht", "../kurz"])
def test_an_issue_that_is_not_there_is_a_finding(project, slug):
    assert (1, [("issue/missing", f"issues/{slug}", 1)]) == findings(project, slug)


def test_an_issue_that_exists_twice_is_a_finding_and_stops_nothing(project):
    (project.folder / "issues" / "kurz.yaml").write_text(SMALL_ISSUE, encoding="utf-8")
    (project.folder / "issues" / "lang.yaml").write_text(f"{SMALL_ISSUE}sujet: x\n", encoding="utf-8")
    expected = [("issue/twice", "issues/kurz.yaml", 1), ("schema/unknown", "issues/lang.yaml", 8)]
    assert (1, expected) == findings(project)
    assert 0 == project.run("new", "neu").returncode


def test_an_issue_that_no_command_finds_by_its_name_is_a_warning(project):
    (project.folder / "issues" / "Größe 1").mkdir()
    (project.folder / "issues" / "Größe 1" / "issue.yaml").write_text(SMALL_ISSUE, encoding="utf-8")
    assert (0, [("issue/name", "issues/Größe 1/issue.yaml", 1)]) == findings(project)
    assert "Größe 1 cannot be the name of an issue" in project.run("build").stderr


def test_a_folder_of_issues_that_is_none_is_a_finding(project):
    shutil.rmtree(project.folder / "issues")
    (project.folder / "issues").touch()
    assert (1, [("issue/unreadable", "issues", 1)]) == findings(project)
    assert 1 == project.run("build").returncode


def test_an_issue_that_cannot_be_read_is_not_passed_over(project):
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.unlink()
    file.symlink_to("issue.yaml")
    assert (1, [("yaml/unreadable", "issues/kurz/issue.yaml", 1)]) == findings(project)


def break_issue(project, text="sujet: x\n"):
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_text(f"{SMALL_ISSUE}{text}", encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["json", "junit", "sarif", "github", "gitlab"])
def test_every_format_is_whole_when_a_file_cannot_be_read(project, name):
    (project.folder / "ruhrmail.yaml").write_bytes(b"\xff\xfe\x00")
    done = project.run("check", "--format", name)
    assert 1 == done.returncode
    assert "yaml/encoding" in done.stdout
    if name in ("json", "sarif", "gitlab"):
        json.loads(done.stdout)
    elif name == "junit":
        etree.fromstring(done.stdout.encode())
    assert ("" if name == "json" else "errors: 1, warnings: 0, notes: 0\n") == done.stderr


def test_only_chosen_rules_count(project):
    break_issue(project)
    assert (0, []) == findings(project, "--ignore", "schema/*")
    assert (0, []) == findings(project, "--select", "img/*,yaml/syntax")
    done = project.run("check", "--select", "schema/unknwon")
    assert (2, "") == (done.returncode, done.stdout)
    assert "did you mean schema/unknown?" in done.stderr


def test_a_baseline_hides_what_was_there_and_tells_what_came_and_went(project):
    file = break_issue(project)
    base = ["--baseline", str(project.folder / "known.json")]
    assert 2 == project.run("check", *base).returncode
    assert 0 == project.run("check", *base, "--write-baseline").returncode
    file.write_text("# darüber\n\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    known = project.run("check", *base)
    assert (0, "errors: 0, warnings: 0, notes: 0\nknown from the baseline: 1\n") == (known.returncode, known.stdout)
    break_issue(project, "sujet: x\nnumer: 1\n")
    assert (1, [("schema/unknown", "issues/kurz/issue.yaml", 9)]) == findings(project, *base)
    break_issue(project, "")
    done = project.run("check", *base)
    assert (0, "baseline entries that fit nothing any more: 1 (--write-baseline)\n") == (done.returncode, done.stderr)
    assert {"known": 0, "stale": 1} == json.loads(project.run("check", *base, "--format", "json").stdout)["baseline"]


def test_writing_a_baseline_for_one_issue_keeps_what_is_noted_for_others(project):
    break_issue(project)
    (project.folder / "issues" / "lang.yaml").write_text(f"{SMALL_ISSUE}sujet: x\n", encoding="utf-8")
    base = ["--baseline", str(project.folder / "known.json")]
    for slugs in ([], ["lang"]):
        assert 0 == project.run("check", *slugs, *base, "--write-baseline").returncode
    assert 0 == project.run("check", *base).returncode
    done = project.run("check", "kurz", "--baseline", str(project.folder / "known.json"))
    assert (0, "") == (done.returncode, done.stderr)


def test_writing_a_baseline_needs_its_name(project):
    assert 2 == project.run("check", "--write-baseline").returncode
