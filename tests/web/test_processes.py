"""Several processes on one socket: what dies is replaced, nobody outlives the parent."""

import os
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from ruhrmail.web.processes import Child
from ruhrmail.web.processes import Crew as Crewmen
from tests.driver.hatched import Hatched, start_module
from tests.stories.project import small_project


@dataclass
class Crew:
    process: Hatched | subprocess.Popen
    folder: Path

    def line(self):
        return self.process.stdout.readline().strip()

    def alive(self):
        """The children that live, by their number of place."""
        found = [file.name.split("-") for file in self.folder.iterdir() if "-" in file.name]
        return sorted((int(index), int(pid)) for index, pid in found if is_alive(int(pid)))

    def places(self):
        return [index for index, _ in self.alive()]


def is_alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def wait_until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "not in time"
        time.sleep(0.02)


@contextmanager
def crew(folder, count=2, manner="steady", *more):
    with start_module("tests.web.trial_crew", [str(count), manner, str(folder), *more], os.environ) as process:
        found = Crew(process, folder)
        try:
            yield found
        finally:
            process.kill()
            for _, pid in found.alive():
                with suppress(ProcessLookupError):  # it was about to end by itself
                    os.kill(pid, signal.SIGKILL)


def test_it_is_ready_when_all_are(tmp_path):
    with crew(tmp_path, 3) as one:
        assert one.line().startswith("ready ")
        assert [0, 1, 2] == one.places()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_them(tmp_path, number):
    with crew(tmp_path) as one:
        one.line()
        one.process.send_signal(number)
        assert (0, "ends") == (one.process.wait(10), one.line())
        assert [] == one.alive()


def test_who_dies_is_replaced_and_it_is_said(tmp_path):
    with crew(tmp_path) as one:
        one.line()
        (_, first), (_, second) = one.alive()
        os.kill(first, signal.SIGKILL)
        assert "process 1 of the web service ended (signal 9); another begins in 1 s" == one.line()
        wait_until(lambda: [0, 1] == one.places())
        assert second in [pid for _, pid in one.alive()]


def test_who_dies_again_and_again_is_waited_for_longer(tmp_path):
    with crew(tmp_path) as one:
        one.line()
        (tmp_path / "worse").touch()
        os.kill(one.alive()[0][1], signal.SIGKILL)
        assert ["1 s", "2 s"] == [one.line().rpartition(" in ")[2] for _ in range(2)]
        (tmp_path / "worse").unlink()
        wait_until(lambda: [0, 1] == one.places())


def test_what_is_wrong_for_all_ends_the_service_before_others_begin(tmp_path):
    with crew(tmp_path, 4, "broken") as one:
        assert ("ends", 7) == (one.line(), one.process.wait(10))


def test_a_mistake_of_ours_shows_its_traceback(tmp_path):
    with crew(tmp_path, 2, "bug") as one:
        assert 1 == one.process.wait(10)
        assert "ZeroDivisionError: a mistake of ours" in one.process.stderr.read()


def test_nobody_outlives_a_parent_that_was_killed(tmp_path):
    with crew(tmp_path) as one:
        one.line()
        assert 2 == len(one.alive())
        one.process.kill()
        wait_until(lambda: [] == one.alive())


def test_who_does_not_hear_is_killed_in_time(tmp_path):
    with crew(tmp_path, 2, "deaf", "1.0") as one:
        one.line()
        one.process.terminate()
        assert 0 == one.process.wait(10)
        assert [] == one.alive()


@pytest.mark.parametrize(("manner", "how"), [("deaf", "signal 9"), ("steady", "signal 15")])
def test_who_hangs_is_ended_and_replaced_and_it_is_said(tmp_path, manner, how):
    with crew(tmp_path, 2, manner, "9.5", "3") as one:
        one.line()
        (_, first), (_, second) = one.alive()
        (tmp_path / "hang").touch()
        wait_until((tmp_path / "hangs").exists)
        (tmp_path / "hang").unlink()
        assert "process 1 of the web service hangs; it is ended" == one.line()
        assert one.line().startswith(f"process 1 of the web service ended ({how}); another begins in ")
        wait_until(lambda: [0, 1] == one.places())
        assert (False, True) == (is_alive(first), second in [pid for _, pid in one.alive()])


def silent_crew(said, **child):
    one = Crewmen(1, lambda _index, _line: 0, said.append, lambda: None, lambda: None, lambda: None, begun=True)
    one.children[os.getpid()] = Child(0, 0.0, **child)
    one.turned_at = 100.0
    return one, one.children[os.getpid()]


def test_a_clock_that_jumped_while_the_machine_slept_takes_nobody_for_hanging(tmp_path):
    said = []
    one, child = silent_crew(said, ready=True, silent=20.0)
    one.watch(5000.0)
    assert (21.0, 5000.0, []) == (child.silent, one.turned_at, said)
    one.greet(os.getpid())
    assert 0.0 == child.silent


def test_who_takes_long_to_begin_does_not_hang(tmp_path):
    said = []
    one, child = silent_crew(said)
    for second in range(101, 200):
        one.watch(float(second))
    assert (0.0, []) == (child.silent, said)


def test_told_twice_it_ends_at_once(tmp_path):
    with crew(tmp_path, 2, "deaf", "60") as one:
        one.line()
        one.process.terminate()
        one.line()
        one.process.terminate()
        assert 0 == one.process.wait(10)


def test_a_hangup_puts_new_processes_in_the_place_of_all_without_a_gap(tmp_path):
    with crew(tmp_path) as one:
        one.line()
        before = one.alive()
        one.process.send_signal(signal.SIGHUP)
        wait_until(lambda: len(one.alive()) == 2 and not set(before) & set(one.alive()))
        assert [0, 1] == one.places()


def test_new_processes_that_do_not_begin_leave_the_old_ones_at_work(tmp_path):
    with crew(tmp_path) as one:
        one.line()
        before = one.alive()
        (tmp_path / "worse").touch()
        one.process.send_signal(signal.SIGHUP)
        assert "the new process did not begin to serve; the old ones go on as they are" == one.line()
        assert before == one.alive()


def test_a_hangup_before_all_are_ready_is_heard_once_they_are(tmp_path):
    """The first process has read its settings, then they change: it must not keep the old ones for ever."""
    with crew(tmp_path, 2, "slow") as one:
        wait_until((tmp_path / "waiting0").exists)
        [first] = children_of(one.process.pid)
        one.process.send_signal(signal.SIGHUP)
        (tmp_path / "go").touch()
        assert one.line().startswith("ready ")
        wait_until(lambda: [0, 1] == one.places() and first not in children_of(one.process.pid))


def test_who_dies_while_the_others_begin_is_not_taken_for_them(tmp_path):
    with crew(tmp_path, 2, "stumbling") as one:
        assert "process 1 of the web service ended (exit code 1); another begins in 1 s" == one.line()
        (tmp_path / "go").touch()
        assert one.line().startswith("ready ")
        assert [0, 1] == one.places()
        assert 1 == len(list(tmp_path.glob("1-*")))


def test_a_place_whose_last_process_is_only_finishing_is_taken_again():
    """The first was replaced and finishes what is under way, the second died, and the third did not begin."""
    now = time.monotonic()
    finishing, third = Child(0, now, ready=True, retired=True), Child(0, now)
    said = []
    one = Crewmen(1, lambda _index, _line: 0, said.append, lambda: None, lambda: None, lambda: None, begun=True)
    one.children[1] = finishing
    one.miss(third, 1)
    assert ["process 1 of the web service ended (exit code 1); another begins in 1 s"] == [str(line) for line in said]
    assert [0] == list(one.due)


def children_of(pid):
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_the_service_answers_with_all_its_processes_and_while_they_are_renewed(tmp_path):
    project = small_project(tmp_path / "project")
    process = project.start("serve", "--port", "0", "--processes", "2")
    try:
        address = process.stdout.readline().rpartition(" ")[2].strip()
        with httpx.Client(base_url=address, trust_env=False, timeout=60, headers={"Connection": "close"}) as client:
            before = children_of(process.pid)
            process.send_signal(signal.SIGHUP)
            codes = []
            while len(codes) < 50 or set(before) & set(children_of(process.pid)):
                codes.append(client.get("/healthz").status_code)
            os.kill(children_of(process.pid)[0], signal.SIGKILL)
            codes += [client.get("/healthz").status_code for _ in range(50)]
        process.terminate()
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
    assert ({200}, 0) == (set(codes), process.returncode)
    assert "signal 9" in said


@pytest.mark.soak
def test_a_process_of_the_service_that_hangs_is_replaced_and_one_at_rest_is_not(tmp_path):
    """Half a minute of silence is what it takes."""
    project = small_project(tmp_path / "project")
    process = project.start("serve", "--port", "0", "--processes", "2")
    try:
        process.stdout.readline()
        hanging, other = children_of(process.pid)
        os.kill(hanging, signal.SIGSTOP)
        said = [process.stderr.readline() for _ in range(2)]
        wait_until(lambda: len(children_of(process.pid)) == 2 and hanging not in children_of(process.pid))
        assert other in children_of(process.pid)
        process.terminate()
        process.communicate(timeout=10)
    finally:
        process.kill()
    assert (True, True, 0) == ("hangs" in said[0], "signal 9" in said[1], process.returncode)


def test_settings_that_cannot_be_used_are_said_once(tmp_path):
    project = small_project(tmp_path / "project")
    (project.folder / ".ruhrmail").mkdir()
    (project.folder / ".ruhrmail" / "state.db").write_text("no database at all", encoding="utf-8")
    ended = project.run("serve", "--port", "0", "--processes", "3", timeout=30)
    assert (1, "", 1) == (ended.returncode, ended.stdout, ended.stderr.count("database"))
