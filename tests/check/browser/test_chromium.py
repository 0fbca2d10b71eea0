"""A browser that is missing, hangs or dies ends in a finding or an error that says what to do."""

import asyncio
import os
import signal

import pytest

from ruhrmail.check.browser import open_browser
from ruhrmail.check.browser.chromium import Lost, find_executable
from ruhrmail.errors import RuhrmailError
from ruhrmail.i18n import translator
from tests.check.desk import write_project
from tests.stories.project import Project, environment


def test_a_browser_that_is_not_there_is_an_error_with_the_remedy(tmp_path):
    project = Project(write_project(tmp_path, {}), environment())
    done = project.run("check", "--browser", RUHRMAIL_BROWSER="/no/browser", RUHRMAIL_LANG="en")
    assert (1, "") == (done.returncode, done.stdout)
    assert "there is no browser at /no/browser (RUHRMAIL_BROWSER)\ntry: install Chromium" in done.stderr


def test_a_program_that_is_no_browser_is_an_error(tmp_path):
    with pytest.raises(RuhrmailError, match="does not start"), open_browser("/bin/false"):
        pass


def test_a_name_is_looked_up_on_the_path():
    with pytest.raises(RuhrmailError, match="no browser at none-such"):
        find_executable("none-such")
    assert "sh" == find_executable("sh").name


def test_the_engine_without_windows_is_taken_first(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("chromium", "chromium-headless-shell"):
        (tmp_path / name).touch(0o755)
        assert name == find_executable("").name


@pytest.mark.parametrize("option", [["--accept"], ["--report", "x"]])
def test_options_of_the_browser_are_refused_without_it(tmp_path, option):
    done = Project(write_project(tmp_path, {}), environment()).run("check", *option, RUHRMAIL_LANG="en")
    assert (2, True) == (done.returncode, f"{option[0]} needs --browser" in done.stderr)


async def hang(context):
    page = await context.new_page()
    await page.evaluate("() => { for (;;) {} }")


async def fine(context):
    page = await context.new_page()
    return await page.evaluate("() => 1 + 1")


def test_a_page_that_hangs_is_given_up_and_the_next_one_seen(browser):
    limit, browser.limit = browser.limit, 4.0
    try:
        with pytest.raises(Lost, match="not finished after 4 seconds"):
            browser.show(hang)
    finally:
        browser.limit = limit
    assert 2 == browser.show(fine)


def test_a_browser_that_dies_is_a_finding_that_names_the_page(browser, inspect, tmp_path):
    async def processes(context):
        session = await context.browser.new_browser_cdp_session()
        return (await session.send("SystemInfo.getProcessInfo"))["processInfo"]

    (main,) = [one["id"] for one in browser.show(processes) if one["type"] == "browser"]
    os.kill(main, signal.SIGKILL)
    (found,) = inspect(write_project(tmp_path, {}))
    assert ("error", "check/browser", "issues/one.yaml:1:1") == (found.severity, found.rule, str(found.at))
    assert translator("en")(found.message).startswith("Chromium gave up on the mail: ")
    assert [] == inspect(tmp_path)


def test_no_script_of_a_page_runs_and_no_request_leaves(browser, tmp_path):
    from ruhrmail.check.browser.serving import Server

    server = Server(
        "https://letter.example/x",
        {},
        "<!doctype html><title>a</title><body onload='document.title=1'><script>document.title=2</script>"
        "<img src='https://foreign.example/p.png'><a href='javascript:document.title=3'>x</a>",
    )

    async def visit(context):
        await context.route("**/*", server.answer)
        page = await context.new_page()
        await page.goto(server.address)
        await page.click("a")
        await asyncio.sleep(0.1)
        return await page.title()

    assert "a" == browser.show(visit)
    assert ["https://foreign.example/p.png"] == server.refused
