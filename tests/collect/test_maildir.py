"""A Maildir: everything once, in order, gone on with where it stopped, nothing touched that stays."""

import os

import pytest

from ruhrmail.collect.found import LIMIT
from ruhrmail.collect.maildir import SLACK, Maildir
from ruhrmail.errors import MailboxError


@pytest.fixture
def box(tmp_path):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def names(reader, position=None):
    return [found.place for found in reader.read(position or {})]


def test_new_and_cur_are_read_and_tmp_is_not(box):
    for name in ("new/1.a", "cur/2.b:2,S", "tmp/3.c", "new/.hidden"):
        (box / name).write_bytes(b"Subject: x\n\ny\n")
    assert ["cur/2.b:2,S", "new/1.a"] == sorted(names(Maildir(box, delete=False)))


def test_messages_come_in_the_order_in_which_they_arrived(box):
    before = 0
    for number in (3, 1, 2):
        file = box / "new" / f"{number}"
        file.write_bytes(b"x")
        while file.stat().st_ctime_ns <= before:  # many kernels count in steps of milliseconds
            os.utime(file, (0, 0))
        os.utime(file, (0, 0))  # what copies set says nothing
        before = file.stat().st_ctime_ns
    assert ["new/3", "new/1", "new/2"] == names(Maildir(box, delete=False))


def test_a_folder_larger_than_memory_is_read_in_turns_and_whole(box):
    for number in range(25):
        (box / "new" / f"{number:02}").write_bytes(b"x")
    reader = Maildir(box, delete=False, at_once=4)
    assert [f"new/{number:02}" for number in range(25)] == sorted(names(reader))
    assert 25 == len(names(reader))


def test_what_came_long_before_the_position_is_not_read_again(box):
    (box / "new" / "1").write_bytes(b"x")
    changed = (box / "new" / "1").stat().st_ctime_ns
    reader = Maildir(box, delete=False)
    assert [] == names(reader, {"changed": changed + SLACK + 1})
    assert ["new/1"] == names(reader, {"changed": changed})


def test_nothing_is_moved_or_marked(box):
    (box / "new" / "1").write_bytes(b"x")
    before = (box / "new" / "1").stat()
    reader = Maildir(box, delete=False)
    for found in reader.read({}):
        reader.drop(found)
    assert before.st_ctime_ns == (box / "new" / "1").stat().st_ctime_ns


def test_only_what_was_dropped_is_deleted(box):
    for name in ("1", "2", "3"):
        (box / "new" / name).write_bytes(name.encode())
    reader = Maildir(box, delete=True)
    for found in reader.read({}):
        if found.content == b"2":
            reader.drop(found)
    assert ["1", "3"] == sorted(path.name for path in (box / "new").iterdir())


def test_of_a_huge_message_only_the_front_is_read(box):
    (box / "new" / "1").write_bytes(b"a" * (3 * LIMIT))
    (found,) = Maildir(box, delete=False).read({})
    assert found.content is not None
    assert LIMIT == len(found.content)


def test_a_file_that_vanished_meanwhile_is_left_out(box):
    for name in ("1", "2", "3"):
        (box / "new" / name).write_bytes(b"x")
    reader = Maildir(box, delete=False).read({})
    first = next(reader)
    (box / "new" / "2").rename(box / "cur" / "2:2,S")
    assert ["new/1", "new/3"] == [first.place, *(one.place for one in reader)]


def test_a_moved_message_is_found_by_the_next_reading(box):
    (box / "new" / "1").write_bytes(b"x")
    reader = Maildir(box, delete=False)
    (found,) = reader.read({})
    (box / "new" / "1").rename(box / "cur" / "1:2,S")
    assert ["cur/1:2,S"] == names(reader, found.position)


def test_what_is_no_message_is_passed_over(box):
    (box / "new" / "folder").mkdir()
    (box / "new" / "link").symlink_to("/etc/passwd")
    (box / "new" / "pipe").unlink(missing_ok=True)
    os.mkfifo(box / "new" / "pipe")
    assert [] == names(Maildir(box, delete=False))


def test_a_folder_that_is_no_maildir_is_refused(tmp_path):
    with pytest.raises(MailboxError) as caught:
        Maildir(tmp_path, delete=False)
    assert caught.value.hint
