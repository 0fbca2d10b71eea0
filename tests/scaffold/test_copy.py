"""`new --from`: the same issue under another name, number and date, its text otherwise untouched."""

from datetime import date
from pathlib import Path

import pytest

from ruhrmail.config import load_config
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.flows.new import copy_to
from tests.render.conftest import CONFIG, picture

TODAY = date(2026, 12, 4)
ISSUE = """\
# yaml-language-server: $schema=../../issue.schema.json
# Redaktion: bitte bis Mittwoch!
date:   06.11.2026   # Freitag
number: "7"
subject: 'Licht in der Halle'   # number: 7
published: true
content:
  - type: image

    src: halle.png
    alt: Halle
  - type: article
    title: Halle
    body: |
      Vorher ![Turm](bilder/turm.png "Der Turm | Foto: Kim") nachher
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose issue `old` names two pictures and has a third file beside it."""
    folder = tmp_path / "issues" / "old"
    (folder / "bilder").mkdir(parents=True)
    (tmp_path / "ruhrmail.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "issue.yaml").write_text(ISSUE, encoding="utf-8")
    for name in ("halle.png", "bilder/turm.png", "unbenutzt.png"):
        (folder / name).write_bytes(picture())
    return tmp_path


def copy(project: Path, source: str = "old") -> str:
    path = copy_to(load_config(project, {}), "new", source, TODAY)
    assert project / "issues" / "new" / "issue.yaml" == path
    return path.read_bytes().decode()


def edit(project: Path, old: str, new: str) -> None:
    path = project / "issues" / "old" / "issue.yaml"
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))


def test_only_number_date_and_published_change(project: Path) -> None:
    expected = (
        ISSUE.replace("06.11.2026", "04.12.2026").replace('"7"', '"8"').replace("published: true", "published: false")
    )
    assert expected == copy(project)
    assert ISSUE == (project / "issues" / "old" / "issue.yaml").read_text(encoding="utf-8")


def test_the_pictures_that_it_names_come_along(project: Path) -> None:
    copy(project)
    new = project / "issues" / "new"
    assert ["bilder/turm.png", "halle.png", "issue.yaml"] == sorted(
        path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file()
    )


def test_an_iso_date_stays_one(project: Path) -> None:
    edit(project, "06.11.2026", "2026-11-06")
    assert "date:   2026-12-04   # Freitag\n" in copy(project)


def test_windows_line_ends_stay(project: Path) -> None:
    edit(project, "\n", "\r\n")
    text = copy(project)
    assert text.count("\n") == text.count("\r\n") == ISSUE.count("\n")


def test_the_number_follows_the_highest_of_the_project(project: Path) -> None:
    other = project / "issues" / "later.yaml"
    other.write_text("number: 41\ndate: 2026-12-01\nsubject: x\ncontent: [{type: divider}]\n", encoding="utf-8")
    assert 'number: "42"\n' in copy(project)


def test_an_issue_without_number_gets_none(project: Path) -> None:
    edit(project, 'number: "7"\n', "")
    assert "number: " not in copy(project).replace("# number: 7", "")


def test_an_issue_in_flow_style_is_copied_too(project: Path) -> None:
    text = "{number: 7, date: 2026-11-06, subject: x, content: [{type: image, src: halle.png, alt: x}]}\n"
    (project / "issues" / "old" / "issue.yaml").write_text(text, encoding="utf-8")
    assert text.replace("7", "8").replace("2026-11-06", "2026-12-04") == copy(project)


def test_a_single_file_becomes_a_folder_with_its_pictures(project: Path) -> None:
    (project / "shared").mkdir()
    (project / "shared" / "logo.png").write_bytes(picture())
    (project / "issues" / "halle.png").write_bytes(picture())
    (project / "issues" / "single.yaml").write_text(
        "# yaml-language-server: $schema=../issue.schema.json\nnumber: 1\ndate: 2026-11-06\nsubject: x\npreheader: y\n"
        "content:\n  - {type: image, src: halle.png, alt: x}\n  - {type: image, src: ../shared/logo.png, alt: x}\n",
        encoding="utf-8",
    )
    text = copy(project, "single")
    new = project / "issues" / "new"
    assert "$schema=../../issue.schema.json\n" in text
    assert "src: ../../shared/logo.png," in text
    assert (new / "../../shared/logo.png").is_file()
    assert ["halle.png", "issue.yaml"] == sorted(path.name for path in new.iterdir())


def test_what_exists_is_refused(project: Path) -> None:
    copy(project)
    with pytest.raises(RuhrmailError, match="already"):
        copy(project)


def test_another_picture_in_the_way_is_named_and_left_alone(project: Path) -> None:
    (project / "issues" / "new").mkdir()
    (project / "issues" / "new" / "halle.png").write_bytes(b"mine")
    with pytest.raises(RuhrmailError, match=r"issues/new/halle\.png"):
        copy(project)
    assert b"mine" == (project / "issues" / "new" / "halle.png").read_bytes()
    assert not (project / "issues" / "new" / "issue.yaml").exists()


def test_an_unknown_issue_is_named_with_those_there_are(project: Path) -> None:
    with pytest.raises(RuhrmailError, match="nowhere") as refused:
        copy(project, "nowhere")
    assert "there are: old" == str(refused.value.hint)


@pytest.mark.parametrize("name", ["../x", "", ".x", "a/b"])
def test_a_name_that_no_issue_can_have_is_refused(project: Path, name: str) -> None:
    with pytest.raises(RuhrmailError, match="cannot be the name"):
        copy_to(load_config(project, {}), name, "old", TODAY)


@pytest.mark.parametrize("written", ["&day 2026-11-06", "|\n  2026-11-06", '"2026-11-0\\x36"'])
def test_a_date_that_cannot_be_replaced_is_shown_where_it_stands(project: Path, written: str) -> None:
    edit(project, "06.11.2026   # Freitag", written)
    with pytest.raises(InvalidInput) as refused:
        copy(project)
    assert ("issues/old/issue.yaml", 3) == (refused.value.at.file, refused.value.at.line)
    assert not (project / "issues" / "new").exists()


def test_pictures_outside_the_project_are_not_brought_in(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.png"
    secret.write_bytes(picture())
    (project / "issues" / "old" / "halle.png").unlink()
    (project / "issues" / "old" / "halle.png").symlink_to(secret)
    edit(project, "bilder/turm.png", str(secret))
    copy(project)
    assert ["issue.yaml"] == [path.name for path in (project / "issues" / "new").rglob("*")]
