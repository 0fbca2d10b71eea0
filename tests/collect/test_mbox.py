"""An mbox: cut where it should be, gone on with by offset, emptied without losing what arrives meanwhile."""

import fcntl
import mailbox
import os
import re
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruhrmail.collect import mbox_lock
from ruhrmail.collect.found import LIMIT
from ruhrmail.collect.mbox import Mbox
from ruhrmail.errors import MailboxError

FROM = b"From MAILER-DAEMON Fri Nov  6 10:00:00 2026\n"


def one(number: int, text: bytes = b"") -> bytes:
    return FROM + b"Subject: %d\n\n" % number + text + b"\n"


def subjects(founds) -> list[int]:
    return [int(found.content.split(b"\n")[0].removeprefix(b"Subject: ")) for found in founds]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "box"


def test_every_message_is_found_without_its_first_line(path):
    path.write_bytes(one(1) + one(2, b"line\n\nFrom here on text\n".replace(b"\nFrom", b"\n>From")) + one(3))
    founds = list(Mbox(path, delete=False).read({}))
    assert [1, 2, 3] == subjects(founds)
    assert b"Subject: 2\n\nline\n\nFrom here on text\n\n" == founds[1].content


def test_only_an_empty_line_before_makes_a_line_from_the_next_message(path):
    path.write_bytes(one(1, b"text\nFrom the field\n"))
    (found,) = Mbox(path, delete=False).read({})
    assert b"From the field" in found.content


def test_line_ends_of_windows_part_messages_too(path):
    path.write_bytes((one(1) + one(2)).replace(b"\n", b"\r\n"))
    assert 2 == len(list(Mbox(path, delete=False).read({})))


def test_reading_goes_on_behind_the_position(path):
    path.write_bytes(one(1) + one(2) + one(3))
    first, *_ = Mbox(path, delete=False).read({})
    assert [2, 3] == subjects(Mbox(path, delete=False).read(first.position))
    *_, last = Mbox(path, delete=False).read({})
    assert [] == list(Mbox(path, delete=False).read(last.position))
    with path.open("ab") as file:
        file.write(one(4))
    assert [4] == subjects(Mbox(path, delete=False).read(last.position))


@pytest.mark.parametrize(
    "changed", [one(7), one(8) + one(9) + one(10) + one(11), b""], ids=["shorter", "other", "empty"]
)
def test_another_file_in_its_place_is_read_from_the_start(path, changed):
    path.write_bytes(one(1) + one(2) + one(3))
    *_, last = Mbox(path, delete=False).read({})
    path.write_bytes(changed)
    assert len(subjects(Mbox(path, delete=False).read({}))) == len(
        subjects(Mbox(path, delete=False).read(last.position))
    )


def test_of_a_huge_message_only_the_front_is_kept(path):
    path.write_bytes(one(1, b"x" * (3 * LIMIT) + b"\n") + one(2))
    first, second = Mbox(path, delete=False).read({})
    assert (LIMIT, [2]) == (len(first.content), subjects([second]))


def test_a_line_without_end_is_no_trouble(path):
    path.write_bytes(one(1, b"x" * (LIMIT // 2) + b" From nowhere") + b"\n" + one(2))
    assert [1, 2] == subjects(Mbox(path, delete=False).read({}))


def test_what_is_no_mbox_is_refused(path):
    path.write_bytes(b"Subject: a single message\n\nx\n")
    with pytest.raises(MailboxError) as caught:
        list(Mbox(path, delete=False).read({}))
    assert "bounces -" in str(caught.value.hint)


def test_a_pipe_that_never_says_anything_is_refused_unread(path):
    os.mkfifo(path)
    with pytest.raises(MailboxError, match="is no file"):
        list(Mbox(path, delete=False).read({}))


def test_a_missing_file_is_refused(path):
    with pytest.raises(MailboxError) as caught:
        list(Mbox(path, delete=False).read({}))
    assert caught.value.hint


def read_dropping(path, dropped) -> list[int]:
    reader = Mbox(path, delete=True)
    seen = []
    for found in reader.read({}):
        seen += subjects([found])
        if seen[-1] in dropped:
            reader.drop(found)
    return seen


def test_a_file_all_of_which_was_understood_is_emptied(path):
    path.write_bytes(one(1) + one(2))
    assert [1, 2] == read_dropping(path, {1, 2})
    assert (b"", [path.name]) == (path.read_bytes(), [each.name for each in path.parent.iterdir()])


def test_what_was_not_understood_is_put_beside_it(path):
    path.write_bytes(one(1) + one(2) + one(3) + one(4))
    read_dropping(path, {2})
    assert (b"", one(1) + one(3) + one(4)) == (path.read_bytes(), (path.parent / "box.kept").read_bytes())
    path.write_bytes(one(5))
    read_dropping(path, set())
    assert one(1) + one(3) + one(4) + one(5) == (path.parent / "box.kept").read_bytes()


def test_mail_that_arrives_while_it_is_read_is_read_as_well(path):
    path.write_bytes(one(1))
    reader = Mbox(path, delete=True)
    seen = []
    for found in reader.read({}):
        seen += subjects([found])
        reader.drop(found)
        if seen[-1] < 4:
            with path.open("ab") as file:
                file.write(one(seen[-1] + 1))
    assert ([1, 2, 3, 4], b"") == (seen, path.read_bytes())


def test_a_reading_that_is_given_up_deletes_nothing(path):
    path.write_bytes(one(1) + one(2))
    reader = Mbox(path, delete=True)
    found = next(messages := reader.read({}))
    reader.drop(found)
    messages.close()
    assert one(1) + one(2) == path.read_bytes()


def test_a_file_that_another_program_holds_is_not_emptied(path, monkeypatch):
    monkeypatch.setattr(mbox_lock, "PATIENCE", 0.1)
    path.write_bytes(one(1))
    (path.parent / "box.lock").touch()
    with pytest.raises(MailboxError):
        read_dropping(path, {1})
    assert one(1) == path.read_bytes()


def test_the_locks_are_those_of_other_programs(path):
    path.write_bytes(one(1))
    with path.open("r+b") as file, mbox_lock.locked(file, path, writing=True):
        other = mailbox.mbox(path)
        with pytest.raises(mailbox.ExternalClashError):
            other.lock()
        other.close()
    with path.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # given back


@given(st.lists(st.text(alphabet="aF From>\n", max_size=40), max_size=6))
def test_what_the_standard_library_writes_is_cut_into_the_same_messages(tmp_path_factory, bodies):
    path = tmp_path_factory.mktemp("mbox") / "box"
    box = mailbox.mbox(path)
    for body in bodies:
        message = EmailMessage()
        message["Subject"] = "x"
        message.set_payload(body)
        box.add(message)
    box.flush()
    expected = [re.sub(rb"(?m)^>(>*From )", rb"\1", box.get_bytes(key)).rstrip(b"\n") for key in box.iterkeys()]
    box.close()
    assert expected == [one.content.rstrip(b"\n") for one in Mbox(path, delete=False).read({})]
