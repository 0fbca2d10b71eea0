"""Before a list is mailed over the network, the web service that the links lead to says that it knows list and key."""

import asyncio
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from tests.servers.sink import Sink
from tests.servers.smtp_sink import free_port
from tests.servers.web import WebServer
from tests.stories.project import Project, small_project

ADDRESS = r"http://[\d.]+:\d+"
OTHER_SECRET = "another-secret-for-tests-long-enough-for-one"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return small_project(tmp_path / "project", 3)


@contextmanager
def far_relay(folder: Path) -> Iterator[tuple[Sink, dict[str, str]]]:
    """A relay that is not on loopback by its address (0.0.0.0 reaches this machine), and how to send through it."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("0.0.0.0").configure_cert(context)
    authority.cert_pem.write_to_path(folder / "authority.pem")
    sink, loop, begun, end = Sink(tls=context), asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def live() -> None:
        async with sink:
            begun.set()
            await end.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(live()))
    thread.start()
    assert begun.wait(60)
    try:
        yield (
            sink,
            {
                "RUHRMAIL_RELAY": f"smtps://0.0.0.0:{sink.port}",
                "SSL_CERT_FILE": str(folder / "authority.pem"),
            },
        )
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(60)
        loop.close()


@contextmanager
def served(project: Project, **environ: str) -> Iterator[str]:
    """The project's own service; its address."""
    kept = dict(project.environ)
    project.environ.update(environ)
    try:
        with project.service("serve", "--port", "0", ready=ADDRESS) as address:
            project.environ.clear()
            project.environ.update(kept)
            yield address
    finally:
        project.environ.clear()
        project.environ.update(kept)


def unchecked(project: Project) -> str | None:
    found: str | None = json.loads(project.run("status", "kurz", "--format", "json").stdout)["unchecked_at"]
    return found


def test_with_the_right_service_everybody_is_mailed(project: Project, tmp_path: Path) -> None:
    with far_relay(tmp_path) as (sink, environ), served(project) as address:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_URL=address, **environ)
    assert (0, 3) == (done.returncode, len(sink.accepted)), done.stderr
    assert f"{address} answers, with this store and key" in done.stderr
    assert unchecked(project) is None


def test_a_fresh_clone_mails_nobody(project: Project, tmp_path: Path) -> None:
    """The same project in another place has a store of its own: it would mail everybody again."""
    clone = small_project(tmp_path / "clone", 3)
    with far_relay(tmp_path) as (sink, environ), served(project) as address:
        done = clone.run("send", "kurz", "--yes", RUHRMAIL_URL=address, **environ)
        german = clone.run("send", "kurz", "--yes", RUHRMAIL_URL=address, RUHRMAIL_LANG="de", **environ)
    assert (1, []) == (done.returncode, sink.accepted)
    assert "keeps another list: its store is " in done.stderr
    assert "RUHRMAIL_STORE" in done.stderr
    assert "führt eine andere Liste" in german.stderr
    assert "no mailing of kurz began" in clone.run("status", "kurz").stderr


def test_another_key_mails_nobody(project: Project, tmp_path: Path) -> None:
    with far_relay(tmp_path) as (sink, environ), served(project, RUHRMAIL_SECRET=OTHER_SECRET) as address:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_URL=address, **environ)
    assert (1, []) == (done.returncode, sink.accepted)
    assert "does not know the key that signs here" in done.stderr


def test_a_key_that_was_rotated_here_must_be_known_there(project: Project, tmp_path: Path) -> None:
    both = f"{OTHER_SECRET},{project.environ['RUHRMAIL_SECRET']}"
    with far_relay(tmp_path) as (sink, environ), served(project) as address:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_URL=address, RUHRMAIL_SECRET=both, **environ)
        assert (1, []) == (done.returncode, sink.accepted)
    with far_relay(tmp_path) as (sink, environ), served(project, RUHRMAIL_SECRET=both) as address:
        done = project.run("send", "kurz", "--yes", RUHRMAIL_URL=address, **environ)
    assert (0, 3) == (done.returncode, len(sink.accepted)), done.stderr


def test_without_a_service_nobody_is_mailed_unless_somebody_says_so(project: Project, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    with far_relay(tmp_path) as (sink, environ):
        done = project.run("send", "kurz", "--yes", RUHRMAIL_URL=nobody, **environ)
        assert (1, []) == (done.returncode, sink.accepted)
        assert "does not answer" in done.stderr
        assert "--no-service-check" in done.stderr
        done = project.run("send", "kurz", "--yes", "--no-service-check", RUHRMAIL_URL=nobody, **environ)
        assert (0, 3) == (done.returncode, len(sink.accepted)), done.stderr
        again = project.run("send", "kurz", "--yes", RUHRMAIL_URL=nobody, **environ)
    assert 0 == again.returncode, "nobody is left to mail, so nobody asks"
    assert unchecked(project) is not None
    assert "sent without asking the web service" in project.run("status", "kurz").stdout


def test_what_goes_on_asks_again(project: Project, tmp_path: Path) -> None:
    with far_relay(tmp_path) as (sink, environ), served(project) as address:
        stopped = {**environ, "RUHRMAIL_RELAY": f"smtps://0.0.0.0:{free_port()}"}
        assert 1 == project.run("send", "kurz", "--yes", RUHRMAIL_URL=address, **stopped).returncode
        nobody = f"http://127.0.0.1:{free_port()}"
        done = project.run("send", "kurz", "--yes", RUHRMAIL_URL=nobody, **environ)
        assert (1, []) == (done.returncode, sink.accepted)
        assert "does not answer" in done.stderr
        assert 0 == project.run("send", "kurz", "--yes", RUHRMAIL_URL=address, **environ).returncode
    assert 3 == len(sink.accepted)


def test_a_dry_run_tells_and_asks_nobody(project: Project, tmp_path: Path) -> None:
    with WebServer().running() as web:
        url = f"http://127.0.0.1:{web.port}"
        relay = "smtp://relay.newsletter.example"
        told = project.run("send", "kurz", "--dry-run", RUHRMAIL_URL=url, RUHRMAIL_RELAY=relay)
        over = project.run("send", "kurz", "--dry-run", "--no-service-check", RUHRMAIL_URL=url, RUHRMAIL_RELAY=relay)
        near = project.run("send", "kurz", "--dry-run", RUHRMAIL_URL=url, RUHRMAIL_RELAY="smtp://127.0.0.1")
    assert [] == web.asked
    assert "is asked before the first mail" in told.stderr
    assert "is not asked (--no-service-check)" in over.stderr
    assert "service:" not in near.stderr


def test_what_stays_on_this_machine_and_test_mails_ask_nobody(project: Project, tmp_path: Path) -> None:
    with WebServer().running() as web, far_relay(tmp_path) as (sink, environ):
        url = f"http://127.0.0.1:{web.port}/404"
        test = project.run("send", "kurz", "--test", "a@halde.example", RUHRMAIL_URL=url, **environ)
        rehearsed = project.run("rehearse", "kurz", "--calm", RUHRMAIL_URL=url, **environ)
        kept = project.run("send", "kurz", "--yes", RUHRMAIL_URL=url, RUHRMAIL_RELAY=f"maildir:{tmp_path}/out")
    assert [0, 0, 0] == [test.returncode, rehearsed.returncode, kept.returncode], test.stderr + rehearsed.stderr
    assert ([], 1) == (web.asked, len(sink.accepted))
    assert 3 == len(list((tmp_path / "out" / "new").iterdir()))
