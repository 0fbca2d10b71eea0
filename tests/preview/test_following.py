"""Files change, windows learn."""

import shutil
import time
from contextlib import ExitStack

import httpx
from PIL import Image

from ruhrmail.preview.press import GRACE
from tests.preview.conftest import ISSUE

BROKEN = "subject: Licht in der Maschinenhalle"


def test_a_save_is_told_and_shown(preview):
    window = preview.window()
    preview.save("Der Radweg ist fertig", "Der Radweg ist eröffnet")
    told = window.wait_for("issue", lambda data: data["revision"] == preview.json("issues/2026-11")["revision"])
    assert told["ok"]
    assert "Der Radweg ist eröffnet" in preview.get("issues/2026-11/mail").text


def test_findings_follow_the_save(preview):
    window = preview.window()
    preview.save("preheader: Drei Geschichten aus Herne und Hamm\n", "")
    window.wait_for("findings", lambda data: data["summary"]["warning"] > 0)
    found = preview.json("issues/2026-11/findings")
    missing = next(one for one in found["findings"] if one["rule"].startswith("preheader/"))
    assert ("issues/2026-11/issue.yaml", "preheader", "warning") == (
        missing["file"],
        missing["group"],
        missing["severity"],
    )
    assert missing["source"] == "issues/2026-11/source?file=issues/2026-11/issue.yaml"


def test_a_broken_file_keeps_the_last_good_picture(preview):
    preview.json("issues/2026-11")
    window = preview.window()
    preview.save(BROKEN, "subject: [Licht")
    told = window.wait_for("issue", lambda data: not data["ok"])
    assert 1 == told["errors"]
    issue = preview.json("issues/2026-11")
    error = issue["errors"][0]
    assert ("yaml/syntax", 3, 10) == (error["rule"], error["line"], error["column"])
    assert error["excerpt"].startswith("subject: [Licht")
    assert 9 == error["caret"]
    assert error["hint"]
    assert issue["shown"]
    assert "Der Radweg ist fertig" in preview.get("issues/2026-11/mail").text
    assert 409 == preview.post("issues/2026-11/test", {"to": "inbox"}).status_code
    preview.restore()
    assert window.wait_for("issue", lambda data: data["ok"])
    assert [] == preview.json("issues/2026-11")["errors"]


def test_an_empty_file_for_a_moment_is_no_error(preview):
    """Editors truncate, then write; or write beside, then rename; or delete, then create."""
    preview.json("issues/2026-11")
    window = preview.window()
    for _ in range(20):
        longest, errors = save_in_steps(preview)
        window.wait_for("findings")
        time.sleep(0.5)
        told = window.all()
        if longest < GRACE:  # else the machine stood still, and it was no moment
            break
    assert longest < GRACE
    assert [] == errors
    assert all(data["ok"] for kind, data in told if kind == "issue")
    assert not any(data["summary"]["error"] for kind, data in told if kind == "findings")
    assert "fertig 3" in preview.get("issues/2026-11/mail").text


def save_in_steps(preview):
    """What editors do; the longest time for which the file was not whole, and the errors that were shown meanwhile."""
    lasted, errors = [], []
    for number in range(3):
        begun = time.monotonic()
        preview.issue.write_text("", encoding="utf-8")
        time.sleep(0.08)
        errors += preview.json("issues/2026-11")["errors"]
        preview.issue.write_text(ISSUE.replace("fertig", f"fertig {number}"), encoding="utf-8")
        lasted.append(time.monotonic() - begun)
        time.sleep(0.08)
    beside = preview.issue.with_name(".issue.yaml.swp")
    beside.write_text(ISSUE.replace("fertig", "fertig 3"), encoding="utf-8")
    begun = time.monotonic()
    preview.issue.unlink()
    time.sleep(0.05)
    beside.replace(preview.issue)
    lasted.append(time.monotonic() - begun)
    return max(lasted), errors


def test_a_vanished_picture_is_an_error_until_it_is_back(preview):
    preview.json("issues/2026-11")
    window = preview.window()
    picture = preview.issue.parent / "radweg.jpg"
    kept = picture.read_bytes()
    picture.unlink()
    assert not window.wait_for("issue")["ok"]
    error = preview.json("issues/2026-11")["errors"][0]
    assert ("img/missing", 11) == (error["rule"], error["line"])
    assert "web/assets/" in preview.get("issues/2026-11/mail").text
    picture.write_bytes(kept)
    assert window.wait_for("issue")["ok"]


def test_a_changed_picture_is_shown(preview):
    before = preview.json("issues/2026-11")["look"]
    window = preview.window()
    Image.new("RGB", (600, 300), "#0b5563").save(preview.issue.parent / "radweg.jpg")
    told = window.wait_for("issue", lambda data: data["look"] != before)
    assert told["ok"]
    (preview.issue.parent / "radweg.jpg").unlink()


def test_a_vanished_issue_is_told_and_comes_back(preview):
    preview.json("issues/2026-11")
    window = preview.window()
    away = preview.project / "weg"
    preview.issue.parent.rename(away)
    assert window.wait_for("issue", lambda data: not data["ok"])
    assert [] == preview.json("state")["issues"]
    away.rename(preview.issue.parent)
    assert window.wait_for("issue", lambda data: data["ok"])
    assert 1 == len(preview.json("state")["issues"])


def test_settings_count_at_once_and_broken_ones_are_told(preview):
    preview.json("issues/2026-11")
    window = preview.window()
    settings = preview.project / "ruhrmail.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("Zechenstraße 1", "Hafenstraße 2"), encoding="utf-8")
    preview.wait_to_show(window, "Hafenstraße 2", "issues/2026-11/text")
    settings.write_text(text.replace("imprint:", "imprinted:"), encoding="utf-8")
    time.sleep(0.1)
    window.wait_for("state", lambda data: preview.json("state")["trouble"])
    trouble = preview.json("state")["trouble"]
    assert {"schema/missing", "schema/unknown"} & {one["rule"] for one in trouble}
    assert "Hafenstraße 2" in preview.get("issues/2026-11/text").text


def test_own_templates_count_at_once(preview):
    window = preview.window()
    preview.json("issues/2026-11")
    folder = preview.project / "templates" / "blocks"
    folder.mkdir(parents=True)
    window.wait_for("issue")
    window.wait_for_silence()
    (folder / "text.txt.j2").write_text("Eigene Vorlage\n", encoding="utf-8")
    preview.wait_to_show(window, "Eigene Vorlage", "issues/2026-11/text")
    shutil.rmtree(preview.project / "templates")
    window.wait_for("issue", lambda data: "Eigene Vorlage" not in preview.get("issues/2026-11/text").text)


def test_a_new_issue_appears_in_the_list(preview):
    window = preview.window()
    other = preview.project / "issues" / "2026-12.yaml"
    other.write_text("date: 2026-12-04\nsubject: Schnee\ncontent: [{type: text, text: Kalt.}]\n", encoding="utf-8")
    window.wait_for("state", lambda data: len(preview.json("state")["issues"]) == 2)
    assert ["2026-12", "2026-11"] == [one["slug"] for one in preview.json("state")["issues"]]
    assert "Kalt." in preview.get("issues/2026-12/text").text
    other.unlink()
    window.wait_for("state", lambda data: len(preview.json("state")["issues"]) == 1)


def test_two_windows_each_learn_of_their_issue_and_the_others(preview):
    other = preview.project / "issues" / "2026-12.yaml"
    other.write_text("date: 2026-12-04\nsubject: Schnee\ncontent: [{type: text, text: Kalt.}]\n", encoding="utf-8")
    first, second = preview.window("2026-11"), preview.window("2026-12")
    preview.json("issues/2026-11")
    preview.json("issues/2026-12")
    preview.save("fertig", "eröffnet")
    first.wait_for("issue", lambda data: data["slug"] == "2026-11")
    second.wait_for("issue", lambda data: data["slug"] == "2026-11")
    other.write_text("date: 2026-12-04\nsubject: Eis\ncontent: [{type: text, text: Glatt.}]\n", encoding="utf-8")
    second.wait_for("issue", lambda data: data["slug"] == "2026-12")
    assert "Glatt." in preview.get("issues/2026-12/text").text
    other.unlink()


def test_two_hundred_saves_in_ten_seconds_end_with_the_last(preview):
    preview.json("issues/2026-11")
    window = preview.window()
    text = preview.issue.read_text(encoding="utf-8")
    start = time.monotonic()
    for number in range(200):
        preview.issue.write_text(text.replace("fertig", f"fertig {number}"), encoding="utf-8")
        time.sleep(max(0.0, start + 0.02 * (number + 1) - time.monotonic()))
    told = [window.wait_for("issue", lambda _data: "fertig 199" in preview.get("issues/2026-11/mail").text)]
    window.wait_for("findings", lambda data: data["revision"] >= told[0]["revision"])
    assert "fertig 199" in preview.get("issues/2026-11/mail").text
    assert 200 == preview.get("state").status_code


def test_a_window_that_does_not_read_holds_nobody_up(preview):
    """Its stream is open and never read; the other one learns, and only the newest waits for the slow one."""
    with (
        httpx.Client(trust_env=False, timeout=60) as client,
        client.stream("GET", f"{preview.address}events?issue=2026-11"),
    ):
        window = preview.window()
        preview.json("issues/2026-11")
        preview.save("fertig", "eröffnet")
        assert preview.wait_to_show(window, "eröffnet")


def test_too_many_windows_are_refused(start_preview):
    with start_preview() as preview:
        with ExitStack() as stack:
            pool = httpx.Limits(max_connections=None)
            client = stack.enter_context(httpx.Client(trust_env=False, timeout=60, limits=pool))
            streams = (client.stream("GET", preview.address + "events") for _ in range(66))
            answers = [stack.enter_context(stream).status_code for stream in streams]
        assert [200] * 64 + [503] * 2 == answers
