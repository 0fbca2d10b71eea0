"""Names too long, loops of links and locked folders are answers, not exceptions."""

import os
from pathlib import Path

import pytest

from ruhrmail.files import is_file, is_missing, lies_inside, read_beginning, replace_text

TOO_LONG = Path("x" * 5000)


@pytest.fixture
def loop(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    return tmp_path / "loop"


def test_a_name_too_long_is_no_file_and_not_missing():
    assert (False, False) == (is_file(TOO_LONG), is_missing(TOO_LONG))


def test_links_in_a_circle_are_no_file_and_lie_nowhere(loop, tmp_path):
    assert (False, False) == (is_file(loop), lies_inside(loop, tmp_path))


def test_a_link_out_of_the_folder_lies_outside(tmp_path):
    (tmp_path / "out").symlink_to("/etc")
    assert (False, True) == (lies_inside(tmp_path / "out", tmp_path), lies_inside(tmp_path / "none", tmp_path))


def test_a_pipe_is_not_read_for_that_would_never_end(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="Invalid argument"):
        read_beginning(tmp_path / "pipe", 10)


def test_the_beginning_of_a_file_is_at_most_so_long(tmp_path):
    (tmp_path / "file").write_bytes(b"Licht")
    assert b"Lic" == read_beginning(tmp_path / "file", 3)


def test_a_text_replaces_a_file_whole_and_goes_through_links_as_they_are(tmp_path):
    target, link = tmp_path / "new" / "a.txt", tmp_path / "link"
    replace_text(target, "eins\n")
    link.symlink_to(target)
    replace_text(link, "zwei\n")
    assert link.is_symlink()
    assert ("zwei\n", ["a.txt"]) == (target.read_text(), [one.name for one in target.parent.iterdir()])
    with pytest.raises(OSError):
        replace_text(target / "below", "drei\n")
