"""Mended files are written whole, or not at all."""

import pytest

from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.mend import mend_issues, write_mended
from tests.stories.project import small_project

UGLY = "date: 6.11.2026\nsubject: Kurz  und gut\npreheader: x\ncontent:\n  - {type: text, text: Hallo}\n"


@pytest.fixture
def project(tmp_path):
    project = small_project(tmp_path)
    (project.folder / "issues" / "kurz" / "issue.yaml").write_text(UGLY, encoding="utf-8")
    return project


def mendable(project):
    (file,) = mend_issues(project.folder, {}, [])
    return file


def test_what_was_changed_meanwhile_is_left_alone(project):
    file = mendable(project)
    file.path.write_text(UGLY + "# anders\n", encoding="utf-8")
    with pytest.raises(RuhrmailError, match="changed meanwhile"):
        write_mended(file)
    assert UGLY + "# anders\n" == file.path.read_text(encoding="utf-8")


def test_a_file_that_is_gone_is_an_error(project):
    file = mendable(project)
    file.path.unlink()
    with pytest.raises(RuhrmailError, match="cannot be written"):
        write_mended(file)
    assert [] == list(file.path.parent.iterdir())


def test_an_issue_that_is_not_there_has_nothing_to_mend(project):
    assert [] == list(mend_issues(project.folder, {}, ["gibt-es-nicht", "../kurz"]))
