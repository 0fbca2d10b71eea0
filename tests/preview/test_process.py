"""The program: starting, ending, ports, projects that are broken or go away, and what it needs."""

import shutil
import signal
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.preview import conftest


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_though_windows_are_open(start_preview, number):
    with start_preview() as preview:
        window = preview.window()
        assert 0 == preview.stop(number)
        window.wait_for("bye")


def test_it_ends_though_a_relay_keeps_a_test_mailing_waiting(start_preview, tmp_path):
    project = conftest.make_project(tmp_path / "project")
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as beside:
        relay = f"  relays: [{{url: 'smtp://127.0.0.1:{silent.getsockname()[1]}'}}]\n"
        (project / "ruhrmail.yaml").write_text(conftest.SETTINGS + relay, encoding="utf-8")
        with start_preview(project=project) as preview:
            waiting = beside.submit(preview.post, "issues/2026-11/test", {"to": "probe@newsletter.example"})
            connection, _ = silent.accept()
            assert 0 == preview.stop()
            assert 503 == waiting.result(60).status_code
            connection.close()


def test_a_wanted_port_in_use_is_explained(tmp_path):
    project = conftest.make_project(tmp_path / "project")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = conftest.ruhrmail(project, "preview", "--no-open", "--port", port)
    assert (1, "") == (done.returncode, done.stdout)
    assert port in done.stderr
    assert "--port" in done.stderr


def test_an_issue_that_does_not_exist_is_explained(tmp_path):
    project = conftest.make_project(tmp_path / "project")
    done = conftest.ruhrmail(project, "preview", "2031-01")
    assert (1, "") == (done.returncode, done.stdout)
    assert "2031-01" in done.stderr
    assert "2026-11" in done.stderr


def test_two_previews_stand_side_by_side(start_preview):
    """Each with a token of its own: the default port is taken by the first at the latest."""
    with (
        start_preview() as first,
        conftest.run_preview(first.project) as second,
        conftest.run_preview(first.project) as third,
    ):
        assert 3 == len({one.port for one in (first, second, third)})
        assert 3 == len({one.address.split("/")[-2] for one in (first, second, third)})
        assert [200] * 3 == [one.get("state").status_code for one in (first, second, third)]


def test_broken_settings_are_shown_until_they_are_mended(start_preview, tmp_path):
    project = conftest.make_project(tmp_path / "project")
    (project / "ruhrmail.yaml").write_text("newsletter: [", encoding="utf-8")
    with start_preview(project=project) as preview:
        state = preview.json("state")
        assert ["yaml/syntax"] == [one["rule"] for one in state["trouble"]]
        assert state["newsletter"] is None
        assert not preview.json("issues/2026-11")["shown"]
        assert 409 == preview.get("issues/2026-11/mail").status_code
        window = preview.window()
        (project / "ruhrmail.yaml").write_text(conftest.SETTINGS, encoding="utf-8")
        window.wait_for("issue", lambda data: data["ok"])
        assert preview.json("issues/2026-11")["shown"]
        assert [] == preview.json("state")["trouble"]


def test_a_project_that_vanishes_is_told_and_comes_back(start_preview, tmp_path):
    with start_preview() as preview:
        window = preview.window()
        away = tmp_path / "weg"
        preview.project.rename(away)
        window.wait_for("state", lambda data: preview.json("state")["gone"])
        assert "Der Radweg ist fertig" in preview.get("issues/2026-11/mail").text
        window.wait_for_silence()
        away.rename(preview.project)
        window.wait_for("state", lambda data: not preview.json("state")["gone"])
        window.wait_for_silence()
        preview.save("fertig", "wieder da")
        assert preview.wait_to_show(window, "wieder da")


def test_what_was_sent_is_compared_with_what_is_written_now(start_preview):
    with start_preview() as preview:
        window = preview.window()
        assert [] == preview.json("state")["mailings"]
        sent = conftest.ruhrmail(preview.project, "send", "2026-11", "--yes")
        assert 0 == sent.returncode, sent.stderr
        window.wait_for("state", lambda data: [2] == [one["sent"] for one in preview.json("state")["mailings"]])
        state = preview.json("state")
        assert ["2026-11@maildir"] == [one["name"] for one in state["mailings"]]
        assert state["mailings"][0]["subject"].startswith("Licht in der Maschinenhalle")
        assert ("complete", 2) == (state["mailings"][0]["state"], state["mailings"][0]["sent"])
        assert "2026-11@maildir" == state["issues"][0]["mailing"]["name"]
        preview.save("in Herne brennt", "in Hamm brennt")
        preview.wait_to_show(window, "in Hamm brennt")
        found = preview.json("issues/2026-11/differences?reader=named&with=mailing:2026-11@maildir")
        changed = next(one for one in found["blocks"] if one["kind"] == "changed")
        assert ["removed", "Herne"] in changed["left"]
        assert ["added", "Hamm"] in changed["right"]
        mail = preview.get(found["left"]["mail"])
        assert 200 == mail.status_code
        assert "in Herne brennt" in mail.text
        assert "Sehr geehrte Frau Beispiel" in mail.text
        assert mail.headers["content-security-policy"].startswith("sandbox ")


def test_its_own_inbox_takes_what_send_delivers(start_preview):
    with start_preview("--inbox") as preview:
        address = preview.json("inbox")["address"]
        assert address.startswith("smtp://127.0.0.1:")
        window = preview.window()
        sent = conftest.ruhrmail(
            preview.project, "send", "2026-11", "--test", "probe@newsletter.example", RUHRMAIL_RELAY=address
        )
        assert 0 == sent.returncode, sent.stderr
        window.wait_for("inbox")
        messages = preview.json("inbox")["messages"]
        assert {"probe@newsletter.example"} == {one["recipient"] for one in messages}


def test_nothing_is_written_about_readers(start_preview):
    """Neither standard output nor the project holds who was looked for."""
    with start_preview() as preview:
        preview.json("readers?q=lea")
        preview.get("nothing?q=lea@leserin.example")
        preview.stop()
        said = preview.process.stdout.read()
        assert "lea" not in said
        kept = [file for file in (preview.project / ".ruhrmail").rglob("*") if file.is_file()]
        assert not any(b"lea@leserin" in file.read_bytes() for file in kept)


def resident_memory(preview):
    """In KiB, from the system."""
    lines = Path(f"/proc/{preview.process.pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@pytest.mark.soak
def test_memory_is_flat_over_a_thousand_saves(start_preview):
    with start_preview() as preview:
        window = preview.window()
        text = preview.issue.read_text(encoding="utf-8")
        sizes = []
        for number in range(1, 1001):
            preview.issue.write_text(text.replace("fertig", f"fertig {number}"), encoding="utf-8")
            window.wait_for("issue")
            if number % 100 == 0:
                preview.get("issues/2026-11/mail")
                preview.get("issues/2026-11/mail?mode=forced-dark&outlook=on")
                sizes.append(resident_memory(preview))
    assert sizes[-1] < 1.1 * sizes[2]


@pytest.mark.soak
def test_a_list_of_a_million_is_searched_and_holds_nothing_up(start_preview, tmp_path):
    project = conftest.make_project(tmp_path / "project")
    with (project / "subscribers.csv").open("w", encoding="utf-8") as file:
        file.write("email;vorname;nachname;tags\n")
        file.writelines(f"leser{number}@leser.example;Vor{number};Nach{number};\n" for number in range(1_000_000))
    with start_preview(project=project) as preview:
        window = preview.window()
        found = preview.json("readers?q=leser999999@")
        assert ["leser999999@leser.example"] == [one["email"] for one in found["readers"]]
        assert not preview.json("readers?q=leser")["complete"]
        preview.save("fertig", "eröffnet")
        assert preview.wait_to_show(window, "eröffnet")
        assert resident_memory(preview) < 400_000


def test_files_are_looked_at_where_the_system_tells_nothing(start_preview, monkeypatch):
    monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    with start_preview() as preview:
        window = preview.window()
        preview.save("fertig", "eröffnet")
        assert preview.wait_to_show(window, "eröffnet")


def test_a_stranger_who_floods_it_is_bounded(start_preview):
    """Half a request, then silence: others are served meanwhile."""
    with start_preview() as preview, ExitStack() as stack:
        for _ in range(50):
            silent = stack.enter_context(socket.create_connection(("127.0.0.1", preview.port)))
            silent.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert 200 == preview.get("state").status_code


def test_a_project_without_issues_says_so(start_preview, tmp_path):
    project = conftest.make_project(tmp_path / "project")
    shutil.rmtree(project / "issues")
    with start_preview(project=project) as preview:
        assert [] == preview.json("state")["issues"]
        window = preview.window("")
        issue = project / "issues" / "2026-12.yaml"
        issue.parent.mkdir()
        issue.write_text("date: 2026-12-04\nsubject: Schnee\ncontent: [{type: text, text: Kalt.}]\n", encoding="utf-8")
        window.wait_for("state", lambda data: len(preview.json("state")["issues"]) == 1)
        assert "Kalt." in preview.get("issues/2026-12/text").text
