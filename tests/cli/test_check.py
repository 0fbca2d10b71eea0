"""`ruhrmail check`: one JSON object, whatever the project is like."""

import json
import shutil

import pytest

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
