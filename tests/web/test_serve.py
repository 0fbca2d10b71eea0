"""The server as a process: ready, stopped, in the way of another."""

import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.listening import listen

SCRIPT = Path(__file__).with_name("trial_server.py")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_service_in_order(start_service, number):
    """Exit code 0, nothing said, although a browser keeps its connection open."""
    with start_service() as service, service.client() as client:
        client.get("/healthz")
        service.process.send_signal(number)
        _, errors = service.process.communicate(timeout=10)
    assert (0, "") == (service.process.returncode, errors)


def test_a_request_under_way_is_answered_before_the_end(start_service):
    """SIGTERM lets the slow page finish."""
    with start_service() as service, service.client() as client, ThreadPoolExecutor(1) as pool:
        client.get("/healthz")
        answer = pool.submit(client.get, "/u/slow")
        while not service.database.with_name("slow").exists():
            time.sleep(0.02)
        service.process.terminate()
        assert 200 == answer.result(timeout=60).status_code
        assert 0 == service.process.wait(timeout=10)


def test_a_client_that_never_finishes_does_not_keep_the_service_alive(start_service):
    """Half a request is cut off after the time that requests get."""
    with start_service() as service:
        host, port = service.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"POST /u/lea HTTP/1.1\r\nHost: loc")
            time.sleep(0.2)
            service.process.terminate()
            assert 0 == service.process.wait(timeout=10)


def test_a_taken_port_is_an_error_with_advice(service, tmp_path):
    """The message names the port and the way out; uvicorn says nothing of its own."""
    port = service.address.rpartition(":")[2]
    command = [sys.executable, str(SCRIPT), str(tmp_path / "x.db"), "https://newsletter.example", "de", port]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert 1 == ended.returncode
    assert ended.stderr.startswith(f"cannot listen on 127.0.0.1:{port}: Address already in use")
    assert "attempting" not in ended.stderr, "what Python adds to the reason"
    assert "--port" in ended.stderr
    assert 1 == len(ended.stderr.splitlines())


def test_impossible_ports_and_hosts_are_refused():
    """A port beyond 65535 is wrong usage; a host that is not ours cannot be had."""
    with pytest.raises(UsageError):
        listen("127.0.0.1", 70000)
    with pytest.raises(RuhrmailError) as caught:
        listen("192.0.2.1", 0)
    assert "--host" in str(caught.value.hint)


def test_requests_and_tokens_stay_out_of_the_log(start_service):
    """Neither pages nor wrong links nor broken requests write an address or a token anywhere."""
    with start_service() as service, service.client() as client:
        client.get("/u/lea")
        client.post("/u/wrongtoken")
        client.post("/subscribe", content=b"\xff" * 99, headers={"Content-Type": "multipart/form-data; boundary=B"})
        service.process.terminate()
        output, errors = service.process.communicate(timeout=10)
    assert ("", "") == (output, errors)
