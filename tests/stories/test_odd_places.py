"""Folders, links and names that nobody would choose on purpose: a message, never a traceback."""

import re
import smtplib
import subprocess

import httpx
import pytest

from tests.stories.project import SMALL_CONFIG, SMALL_ISSUE, small_project

LONG = "a" * 400


@pytest.fixture
def project(tmp_path):
    return small_project(tmp_path / "project")


def ended(project, *arguments):
    """Exit code and output; fails on a traceback."""
    done = project.run(*arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("folder", ["x" * 5000, "ruhrmail.yaml", "/dev/null", "nowhere/at/all"])
def test_a_project_that_is_none_is_wrong_usage(project, folder):
    done = project.run("--project", folder, "check")
    assert (2, "try: go to the newsletter's folder") == (done.returncode, done.stderr.splitlines()[-1][:34])


def test_a_current_folder_that_is_gone_is_wrong_usage(project, tmp_path):
    command = ["bash", "-c", 'mkdir "$1"; cd "$1"; rmdir "$1"; "${@:2}"', "bash", str(tmp_path / "gone")]
    command += [part for part in project.command("check") if part not in ("--project", str(project.folder))]
    done = subprocess.run(command, env=project.environ, capture_output=True, text=True, timeout=60, check=False)
    assert (2, False) == (done.returncode, "Traceback" in done.stderr)


@pytest.mark.parametrize("src", [f"{LONG}.jpg", "loop.jpg"])
def test_a_picture_that_cannot_be_reached_is_a_finding_at_its_line(project, src):
    folder = project.folder / "issues" / "kurz"
    (folder / "loop.jpg").symlink_to("loop.jpg")
    (folder / "issue.yaml").write_text(f"{SMALL_ISSUE}  - {{type: image, alt: x, src: {src}}}\n", encoding="utf-8")
    code, output = ended(project, "check")
    assert (1, "issues/kurz/issue.yaml:8:32: ") == (code, output[:29])


@pytest.mark.parametrize("setting", [f"theme: {{logo: {LONG}}}", "theme: {logo: loop}", f"subscribers: {LONG}"])
def test_settings_that_name_no_file_are_findings(project, setting):
    (project.folder / "loop").symlink_to("loop")
    (project.folder / "ruhrmail.yaml").write_text(f"{SMALL_CONFIG}{setting}\n", encoding="utf-8")
    assert 1 == ended(project, "check")[0]


def test_an_issue_behind_a_link_is_sent_and_goes_on(project, tmp_path):
    own = project.folder / "issues" / "kurz" / "issue.yaml"
    own.rename(tmp_path / "elsewhere.yaml")
    own.symlink_to(tmp_path / "elsewhere.yaml")
    project.environ["RUHRMAIL_RELAY"] = "maildir:out"
    assert [0, 0] == [ended(project, "send", "kurz", "--yes")[0] for _ in range(2)]
    (tmp_path / "elsewhere.yaml").write_text(SMALL_ISSUE + "title: Anders\n", encoding="utf-8")
    assert "kurz changed since its mailing began" in ended(project, "send", "kurz", "--yes")[1]


def test_a_public_issue_keeps_its_page_while_its_file_is_broken(project):
    file = project.folder / "issues" / "kurz" / "issue.yaml"
    file.write_text(f"{SMALL_ISSUE}published: true\n", encoding="utf-8")
    codes = []
    with project.service("serve", "--port", "0", ready=r"http://\S+") as address:
        for text in (None, "subject: [\n", f"{SMALL_ISSUE}published: false\n", f"{SMALL_ISSUE}published: true\n", ""):
            if text is not None:
                file.write_text(text, encoding="utf-8")
            codes.append(httpx.get(f"{address}/archive/kurz/", trust_env=False, timeout=60).status_code)
        file.unlink()
        codes.append(httpx.get(f"{address}/archive/kurz/", trust_env=False, timeout=60).status_code)
    assert [200, 200, 404, 200, 200, 404] == codes


def test_the_inbox_keeps_mail_that_nobody_reads_about(project):
    process = project.start("inbox", "--port", "0", "--dir", str(project.folder / "in"))
    assert process.stdout is not None
    try:
        port = re.search(r":(\d+) ", process.stdout.readline())
        process.stdout.close()
        with smtplib.SMTP("127.0.0.1", int(port[1]), timeout=60) as client:
            refused = [client.sendmail("a@a.example", "b@b.example", "Subject: x\r\n\r\ny") for _ in range(2)]
    finally:
        process.terminate()
        process.wait(60)
    assert ([{}, {}], 2) == (refused, len(list((project.folder / "in" / "new").iterdir())))


def test_a_host_that_cannot_be_one_is_told(project):
    assert 1 == ended(project, "serve", "--port", "0", "--host", "\udcff")[0]
