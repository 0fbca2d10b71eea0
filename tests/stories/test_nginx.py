"""The service behind a real nginx with the configuration that we ship."""

import re
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.servers.nginx import NAME, command, nginx, require, write_settings
from tests.servers.smtp_sink import free_port
from tests.stories.project import Project, read_maildir, small_project
from tests.stories.test_killed import wait_until

TOKEN_LINK = re.compile(rf"https://{re.escape(NAME)}/u/([A-Za-z0-9_-]+)")


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """Three people who got an issue, in the name of the example's host."""
    project = small_project(tmp_path_factory.mktemp("nginx") / "project", 3)
    project.environ["RUHRMAIL_URL"] = f"https://{NAME}"
    done = project.run("send", "kurz", "--yes", RUHRMAIL_RELAY=f"maildir:{project.folder}/out")
    assert 0 == done.returncode, done.stderr
    return project


@pytest.fixture(scope="module")
def proxy(project, tmp_path_factory):
    require()
    ready = project.service("serve", "--port", "0", "--processes", "2", ready=r"http://[\d.]+:\d+")
    with ready as address, nginx(tmp_path_factory.mktemp("proxy"), int(address.rpartition(":")[2])) as found:
        yield found


def token(project: Project, number: int) -> str:
    mail = read_maildir(project.folder / "out")[number]
    return TOKEN_LINK.search(mail["List-Unsubscribe"])[1]


def test_nginx_finds_nothing_wrong_with_the_example(tmp_path: Path) -> None:
    require()
    write_settings(tmp_path, free_port())
    done = subprocess.run(command(tmp_path, "-t"), capture_output=True, text=True, timeout=60, check=False)
    assert (0, True) == (done.returncode, "test is successful" in done.stderr), done.stderr
    assert "[warn]" not in done.stderr


def test_plain_requests_are_sent_to_the_encrypted_side(proxy):
    answer = httpx.get(
        f"http://127.0.0.1:{proxy.http}/archive/?lang=en", headers={"Host": NAME}, trust_env=False, timeout=60
    )
    assert (301, f"https://{NAME}/archive/?lang=en") == (answer.status_code, answer.headers["Location"])


def test_pages_arrive_bound_to_https(proxy):
    with proxy.client() as client:
        answer = client.get("/")
    assert (200, "max-age=31536000") == (answer.status_code, answer.headers["Strict-Transport-Security"])


def test_one_click_takes_a_reader_off_the_list(proxy, project):
    path = f"/u/{token(project, 0)}"
    with proxy.client() as client:
        before = client.get(path)
        gone = client.post(path, data={"List-Unsubscribe": "One-Click"})
    shown = project.run("subscribers", "show", "leser0@liste0.example", "--format", "json")
    assert ([200, 200], True) == ([before.status_code, gone.status_code], '"unsubscribed"' in shown.stdout)


def test_a_mail_programs_large_body_is_taken_at_the_way_out_and_nowhere_else(proxy, project):
    body = b"x" * 2_000_000
    with proxy.client() as client:
        assert 200 == client.post(f"/u/{token(project, 1)}", content=body).status_code
        assert 413 == client.post("/subscribe", content=body).status_code


def test_tokens_stand_in_no_log(proxy, project):
    one = token(project, 2)
    with proxy.client() as client:
        client.get(f"/u/{one}")
        client.get("/archive/?last")
    wait_until(lambda: "/archive/?last" in proxy.logs)  # it writes a line after the answer
    assert one not in proxy.logs


def test_the_proxy_hands_on_whose_request_it_is_and_not_what_that_one_claims(proxy):
    """Figures are for this machine alone, and a proxy asks for others."""
    with proxy.client("127.0.0.2") as client:
        answer = client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http"})
        page = client.get("/", headers={"X-Forwarded-Proto": "http"})
    assert 403 == answer.status_code
    assert "Strict-Transport-Security" in page.headers


def test_a_flood_of_forms_is_turned_away_for_that_address_alone(proxy):
    with proxy.client("127.0.0.3") as flood, proxy.client("127.0.0.4") as other:
        codes = [flood.get("/subscribe").status_code for _ in range(40)]
        assert ({200, 429}, 200) == (set(codes), codes[0])
        assert 200 == other.get("/subscribe").status_code


def test_a_foreign_host_gets_nothing_of_the_newsletter(proxy):
    with proxy.client() as client:
        assert 400 == client.get("/", headers={"Host": "other.example"}).status_code
