"""Asking the web service who it is: whatever answers, it is over in seconds and ends in a service or an error."""

import json
import socket
import ssl
import threading
import time
from urllib.parse import quote

import pytest
import trustme

from ruhrmail.errors import ServiceError
from ruhrmail.flows.service import Service, ask_service
from tests.servers.smtp_sink import free_port
from tests.servers.web import WebServer

GOOD = {"status": "ok", "store": "0123456789abcdef", "keys": ["a1", "b2"], "version": "9"}


@pytest.fixture
def web():
    with WebServer().running() as server:
        yield server


def address(web: WebServer, path: str) -> str:
    return f"http://127.0.0.1:{web.port}/{path}"


def said(value: object) -> str:
    return "text/" + quote(value if isinstance(value, str) else json.dumps(value), safe="")


def failure(url: str, patience: float = 10.0) -> str:
    began = time.monotonic()
    with pytest.raises(ServiceError) as caught:
        ask_service(url, patience, pause=0.1)
    assert time.monotonic() - began < patience + 60
    assert caught.value.hint is not None
    return str(caught.value)


def test_a_service_says_its_store_and_keys(web):
    assert Service("0123456789abcdef", ("a1", "b2")) == ask_service(address(web, said(GOOD)))


@pytest.mark.parametrize(
    "body",
    [
        "", "hello", "[]", "null", "{}", "[" * 20_000, {"store": 1, "keys": []}, {"store": "x"},
        {"store": "x", "keys": "a1"},
        {"store": "x", "keys": [1]}, '{"store": "x", "keys": ["a1"]', "\ufeff{}",
    ],
)  # fmt: skip
def test_what_is_no_service_of_ours_is_said_to_be_none(web, body):
    assert "is no web service of ruhrmail (status 200)" in failure(address(web, said(body)))


@pytest.mark.parametrize("status", ["404", "403", "401", "418"])
def test_another_status_is_no_service_of_ours(web, status):
    assert f"(status {status})" in failure(address(web, status))


def test_a_numeric_address_of_version_6_is_asked():
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        asked = []

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                asked.append(connection.recv(65536))
                body = json.dumps(GOOD).encode()
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        assert GOOD["store"] == ask_service(f"http://[::1]:{port}", 5).store
        thread.join(60)
    assert f"Host: [::1]:{port}\r\n".encode() in asked[0]


def test_a_service_that_is_busy_for_a_moment_is_asked_again(web):
    assert "0123456789abcdef" == ask_service(address(web, "down/1/" + quote(said(GOOD), safe="")), 10).store


def test_one_that_stays_unwell_is_given_up(web):
    assert "does not answer: it says 503" in failure(address(web, "503"))
    assert 3 == len(web.asked)


@pytest.mark.parametrize("fault", ["silent", "drip", "headers", "wait-for-it"])
def test_one_that_never_ends_its_answer_costs_seconds_only(web, fault):
    assert "does not answer" in failure(address(web, fault), 2.0)


@pytest.mark.parametrize("fault", ["endless", "bomb"])
def test_an_answer_without_end_is_read_in_part(web, fault):
    assert "is no web service of ruhrmail" in failure(address(web, fault))


@pytest.mark.parametrize("fault", ["garbage", "close", "reset"])
def test_broken_answers_are_no_answers(web, fault):
    assert "does not answer" in failure(address(web, fault))


def test_nobody_there_is_said_as_the_system_says_it():
    assert "does not answer: " in failure(f"http://127.0.0.1:{free_port()}")


def test_redirects_on_the_same_host_are_followed(web):
    path = quote("/" + said(GOOD), safe="")
    assert "0123456789abcdef" == ask_service(address(web, f"to/307/{path}?")).store


def test_a_redirect_to_another_host_is_not_followed(web):
    with WebServer().running() as other:
        url = quote(f"http://localhost:{other.port}/{said(GOOD)}", safe="")
        assert "leads to another host: localhost" in failure(address(web, f"to/301/{url}"))
        assert [] == other.asked


def test_another_port_is_another_server(web):
    with WebServer().running() as other:
        url = quote(f"http://127.0.0.1:{other.port}/{said(GOOD)}", safe="")
        assert "leads to another host" in failure(address(web, f"to/301/{url}"))
        assert [] == other.asked


@pytest.mark.parametrize("fault", ["circle", "raw-location", "to/301/file:%2F%2F%2Fetc%2Fpasswd"])
def test_redirects_that_lead_nowhere_are_given_up(web, fault):
    failure(address(web, fault))
    assert len(web.asked) <= 12


def tls(*names: str, **more: object):
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **more).configure_cert(context)
    return authority, context


def test_certificates_are_checked(tmp_path, monkeypatch):
    authority, context = tls("127.0.0.1")
    _, unknown = tls("127.0.0.1")
    _, misnamed = tls("other.example")
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with WebServer(tls=context).running() as web:
        assert "0123456789abcdef" == ask_service(f"https://127.0.0.1:{web.port}/{said(GOOD)}").store
    for wrong in (unknown, misnamed):
        with WebServer(tls=wrong).running() as web:
            assert "its certificate is not valid" in failure(f"https://127.0.0.1:{web.port}/{said(GOOD)}")


def test_a_proxy_of_the_environment_is_not_asked(web, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{free_port()}")
    assert "0123456789abcdef" == ask_service(address(web, said(GOOD))).store


@pytest.mark.parametrize("url", ["http://xn--a.example", "http://a..example", "http://" + "a" * 80 + ".invalid"])
def test_impossible_names_are_errors_too(url):
    assert "does not answer" in failure(url)
