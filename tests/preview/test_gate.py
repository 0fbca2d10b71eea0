"""Who gets in, and what answers carry."""

import socket

import pytest

FRAMES = ("issues/2026-11/mail", "issues/2026-11/web/")


def test_a_wrong_or_missing_token_is_not_found(preview):
    token = preview.address.rstrip("/").rpartition("/")[2]
    for path in ("", "state", f"{token}", f"{token[:-1]}x/state", f"x{token}/state", f"{token}é/", "issues/2026-11"):
        assert 404 == preview.client.get(f"{preview.origin}/{path}").status_code, path


@pytest.mark.parametrize(
    "host", ["newsletter.example", "127.0.0.1", "127.0.0.1:1", "localhost.newsletter.example:{port}"]
)
def test_a_foreign_host_is_refused(preview, host):
    """A page elsewhere whose name leads to this machine (DNS rebinding) learns nothing."""
    answer = preview.get("state", headers={"Host": host.format(port=preview.port)})
    assert (421, b"") == (answer.status_code, answer.content)


def test_localhost_is_this_machine(preview):
    assert 200 == preview.get("state", headers={"Host": f"localhost:{preview.port}"}).status_code


@pytest.mark.parametrize("origin", ["https://newsletter.example", "null", "", "http://127.0.0.1:1"])
def test_a_post_from_elsewhere_is_refused(preview, origin):
    headers = {"Origin": origin} if origin else {}
    answer = preview.client.post(preview.address + "issues/2026-11/test", json={"to": "inbox"}, headers=headers)
    assert 403 == answer.status_code


@pytest.mark.parametrize(
    "path",
    [
        "issues/..%2F..%2Fruhrmail.yaml/mail",
        "issues/%2e%2e/source",
        "issues/2026-11/web/..%2f..%2fruhrmail.yaml",
        "issues/2026-11/web/assets/..%2f..%2f..%2fsubscribers.csv",
        "static/..%2fapp.py",
        "static/%2e%2e%2fapp.py",
        "inbox/..%2f..%2fruhrmail.yaml/raw",
        "issues/2026-11/source?file=../../subscribers.csv",
        "issues/2026-11/source?file=subscribers.csv",
        "issues/2026-11/source?file=/etc/passwd",
        "issues/2026-11/source?file=.ruhrmail/secret",
        "issues/2026-11/source?file=templates/../subscribers.csv",
    ],
)
def test_no_path_leads_out(preview, path):
    assert 404 == preview.get(path).status_code


def test_the_desk_has_a_strict_policy(preview):
    answer = preview.get("")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", FRAMES)
def test_nothing_runs_in_frames(preview, path):
    policy = preview.get(path).headers["content-security-policy"]
    assert policy.startswith("sandbox allow-same-origin ")
    assert "allow-scripts" not in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["", "state", "issues/2026-11", "issues/2026-11/message.eml", "nothing", *FRAMES])
def test_every_answer_is_kept_from_others(preview, path):
    headers = preview.get(path).headers
    assert "no-referrer" == headers["referrer-policy"]
    assert "nosniff" == headers["x-content-type-options"]
    assert "no-store" == headers["cache-control"]
    assert "content-security-policy" in headers


def test_scripts_in_an_issue_arrive_as_text(preview):
    window = preview.window()
    preview.save("in Herne brennt", "<script>alert(1)</script><img src=x onerror=alert(1)> in Herne brennt")
    preview.wait_to_show(window, "alert(1)")
    html = preview.get("issues/2026-11/mail").text
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_the_server_listens_on_this_machine_only(preview):
    with socket.socket() as other:
        other.settimeout(2)
        assert 0 != other.connect_ex(("127.0.0.2", preview.port))


def test_a_slow_or_wild_request_is_refused(preview):
    too_long = {"variant": "x" * 20_000, "to": "inbox"}
    assert 413 == preview.post("issues/2026-11/test", too_long).status_code
    assert 400 == preview.post("issues/2026-11/test", ["inbox"]).status_code
    assert 400 == preview.post("issues/2026-11/test", {"to": 3}).status_code
