"""What a service manager hears and hands over, on real sockets."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ruhrmail.errors import UsageError
from ruhrmail.web.systemd import Systemd, inherited_listener, systemd_of
from tests.stories.project import REPOSITORY, small_project


@contextmanager
def manager(address):
    """The socket that a service manager listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(address)
        channel.settimeout(10)
        yield channel


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "notify")


def test_states_arrive_as_datagrams(place):
    with manager(place) as channel:
        systemd = systemd_of({"NOTIFY_SOCKET": place}, 1)
        systemd.ready()
        systemd.stopping()
        systemd.alive()
        assert [b"READY=1", b"STOPPING=1"] == [channel.recv(99), channel.recv(99)]
        channel.setblocking(False)
        with pytest.raises(BlockingIOError):
            channel.recv(99)


def test_an_abstract_socket_is_told_as_well():
    name = f"ruhrmail-test-{os.getpid()}-{time.monotonic_ns()}"
    with manager("\0" + name) as channel:
        Systemd("@" + name).ready()
        assert b"READY=1" == channel.recv(99)


def test_the_watchdog_hears_twice_in_its_time_and_not_more_often(place):
    with manager(place) as channel:
        systemd = systemd_of({"NOTIFY_SOCKET": place, "WATCHDOG_USEC": "60000000"}, 1)
        systemd.alive()
        systemd.alive()
        assert (60.0, b"WATCHDOG=1") == (systemd.interval, channel.recv(99))
        channel.setblocking(False)
        with pytest.raises(BlockingIOError):
            channel.recv(99)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"NOTIFY_SOCKET": ""},
        {"NOTIFY_SOCKET": "relative"},
        {"NOTIFY_SOCKET": "/nowhere/at/all", "WATCHDOG_USEC": "x"},
    ],
)
def test_without_a_manager_nothing_happens(environ):
    systemd = systemd_of(environ, 1)
    systemd.ready()
    systemd.alive()
    assert 0.0 == systemd.interval


def test_a_watchdog_for_another_process_is_not_ours(place):
    assert 0.0 == systemd_of({"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "2"}, 1).interval


def test_a_socket_for_another_process_is_not_ours():
    assert inherited_listener({"LISTEN_FDS": "1", "LISTEN_PID": "2"}, 1) is None


def test_two_sockets_are_one_too_many():
    with pytest.raises(UsageError):
        inherited_listener({"LISTEN_FDS": "2", "LISTEN_PID": "1"}, 1)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_the_service_tells_its_manager_when_it_is_ready_and_when_it_ends(tmp_path, place, processes):
    project = small_project(tmp_path / "project")
    with manager(place) as channel:
        process = project.start(
            "serve", "--port", "0", "--processes", processes, NOTIFY_SOCKET=place, WATCHDOG_USEC="400000"
        )
        try:
            heard = [channel.recv(99)]
            while b"READY=1" not in heard:
                heard.append(channel.recv(99))
            while heard.count(b"WATCHDOG=1") < 3:
                heard.append(channel.recv(99))
            process.terminate()
            while b"STOPPING=1" not in heard:
                heard.append(channel.recv(99))
            assert 0 == process.wait(60)
        finally:
            process.kill()
            process.communicate()
    assert {b"READY=1", b"WATCHDOG=1", b"STOPPING=1"} == set(heard)


def test_the_service_serves_a_socket_that_was_handed_over(tmp_path):
    """As systemd does it: the socket is file 3, and LISTEN_PID the number of the process itself."""
    project = small_project(tmp_path / "project")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        hand_over = (
            "import os, sys; os.dup2(int(sys.argv[1]), 3); "
            "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid())); "
            "os.execv(sys.executable, [sys.executable, '-m', 'ruhrmail', *sys.argv[2:]])"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", hand_over, str(listener.fileno()), "-C", str(project.folder), "serve"],
            pass_fds=[listener.fileno(), 3] if listener.fileno() != 3 else [3],
            env=project.environ, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert f"http://127.0.0.1:{port}" in process.stdout.readline()
            assert 200 == httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False, timeout=60).status_code
        finally:
            process.terminate()
            assert 0 == process.wait(60)
            process.stdout.close()
    assert Path(project.folder).is_dir()
