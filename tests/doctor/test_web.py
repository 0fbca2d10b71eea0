"""Services that are not ours, not well or not what RFC 8058 wants."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ruhrmail.doctor.visit import MOST, visit
from ruhrmail.names import Answer
from ruhrmail.tokens import SAMPLE_TOKEN, Keyring
from tests.stories.project import SECRET

KEYS = list(Keyring((SECRET.encode(),)).key_ids)
HEALTHY = (200, {}, json.dumps({"status": "ok", "store": "", "keys": KEYS}).encode())
WAY_OUT = f"/u/{SAMPLE_TOKEN}"
NOBODY = (404, {}, b"nobody's")


@contextmanager
def served(**answers):
    """A web server with these answers, by path without its slash; `asked` holds method, path and body."""
    asked = []

    class Visitor(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append((self.command, self.path, self.headers.get("Content-Type", ""), body))
            status, headers, content = answers.get("u" if self.path == WAY_OUT else self.path[1:], (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self):
            self.do_GET()

        def log_message(self, *_):
            """Nothing is written to the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Visitor) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join(60)


def lines(surgery, *only, **answers):
    """What is said of a service."""
    with served(**answers) as (url, _):
        return {one.id.removeprefix("doctor/"): one for one in surgery.look(*only, RUHRMAIL_URL=url)}


def test_both_forms_of_one_click_are_tried(surgery):
    with served(healthz=HEALTHY, u=NOBODY) as (url, asked):
        assert ["ok web-service", "ok web-unsubscribe"] == surgery.told(
            "web-service", "web-unsubscribe", RUHRMAIL_URL=url
        )
    posts = [(kind.partition(";")[0], b"One-Click" in body) for method, path, kind, body in asked if method == "POST"]
    assert [("application/x-www-form-urlencoded", True), ("multipart/form-data", True)] == posts


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {}, b"welcome"), "is no ruhrmail"),
        ((200, {}, b"[" * 5000), "is no ruhrmail"),
        ((200, {}, b"\xff\x00"), "is no ruhrmail"),
        ((302, {"Location": "https://login.example/"}, b""), "is no ruhrmail (it answers 302)"),
        ((503, {}, b'{"store": "", "keys": [], "status": "store unavailable"}'), "is not well: store unavailable"),
        ((200, {}, b'{"store": "another", "keys": []}'), "has another store"),
        ((200, {}, b'{"store": "", "keys": "ab"}'), "does not know the key"),
        ((200, {}, b'{"store": "", "keys": ["zz"]}'), "does not know the key"),
    ],
)
def test_a_service_that_is_not_ours_is_an_error(surgery, answer, said):
    line = lines(surgery, "web-service", healthz=answer)["web-service"]
    assert "error" == line.state and said in str(line.message)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {}, b"fine"), "answers 200"),
        ((403, {}, b"csrf"), "answers 403"),
        ((301, {"Location": "https://www.kurzbrief.example/u/x"}, b""), "redirects to https://www."),
        ((404, {"Set-Cookie": "a=b"}, b""), "sets a cookie"),
    ],
)
def test_a_way_out_that_mail_clients_cannot_take_is_an_error(surgery, answer, said):
    line = lines(surgery, "web-unsubscribe", healthz=HEALTHY, u=answer)["web-unsubscribe"]
    assert "error" == line.state and said in str(line.message)


def test_without_a_service_the_way_out_is_unknown_and_a_trial_only_warned(surgery):
    found = surgery.told("web", RUHRMAIL_URL="http://127.0.0.1:9")
    assert ["warning web-address", "warning web-service", "unknown web-unsubscribe"] == found
    far = {"RUHRMAIL_URL": "http://127.0.0.1:9", "RUHRMAIL_RELAY": "smtp://relay.kurzbrief.example"}
    assert ["error web-service"] == surgery.told("web-service", **far)


def test_a_clock_that_is_wrong_is_told(surgery):
    with served(healthz=HEALTHY) as (url, _):
        assert ["ok project-clock"] == surgery.told("project-clock", RUHRMAIL_URL=url)
    wrong = (200, {"Date": "Sun, 06 Nov 1994 08:49:37 GMT"}, b"")

    class Old(BaseHTTPRequestHandler):
        def do_GET(self):
            self.wfile.write(b"HTTP/1.0 200 OK\r\nDate: %s\r\n\r\n" % wrong[1]["Date"].encode())

        def log_message(self, *_):
            """Nothing is written to the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Old) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        found = surgery.told("project-clock", RUHRMAIL_URL=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join(60)
    assert ["warning project-clock"] == found


def no_names(name, kind):
    return Answer("no-name")


def test_an_endless_answer_is_cut_and_a_slow_one_given_up():
    with served(big=(200, {}, b"x" * (3 * MOST))) as (url, _):
        assert MOST == len(visit(no_names, 5, "GET", f"{url}/big").body)

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self):
            for _ in range(100):
                self.wfile.write(b"H")
                time.sleep(0.05)

        def log_message(self, *_):
            """Nothing is written to the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        server.daemon_threads, server.block_on_close = True, False
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        answer = visit(no_names, 0.5, "GET", f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()
        thread.join(60)
    assert answer.silence in ("timeout", "broken")


def test_a_host_that_is_not_there_is_told():
    assert "no-name" == visit(no_names, 2, "GET", "https://kurzbrief.example/").silence
    assert "names" == visit(lambda *_: Answer("failed"), 2, "GET", "https://kurzbrief.example/").silence
