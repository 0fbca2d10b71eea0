"""The page of `--report`: all pictures with the findings beside them, for everybody."""

import json
import re

import pytest

from ruhrmail.check.browser.session import axe_source
from ruhrmail.cli.formats import Report
from ruhrmail.cli.formats.album import write_album
from ruhrmail.flows.viewing import Viewing
from ruhrmail.i18n import translator
from tests.check.desk import write_project
from tests.stories.project import Project, environment

PALE = """\
<mj-section><mj-column><mj-text>
<div style="background-color:#ffffff;color:#b0b0b0">{{ block.text.html }}</div>
</mj-text></mj-column></mj-section>
"""
ISSUE = """\
content:
  - {type: text, text: Die Halle ist voll.}
  - {type: text, text: Das Boot ist leer., only_for: kultur}
"""


CASE = {"issue": ISSUE, "files": {"templates/blocks/text.mjml.j2": PALE}}


@pytest.fixture(scope="module")
def album(inspect, tmp_path_factory):
    """A report on a project with a fault, in both languages."""
    project = tmp_path_factory.mktemp("project")
    viewing = Viewing(folder=project / "report")
    found = inspect(write_project(project, CASE), viewing)
    pages = {name: write_album(Report(found, translator(name)), viewing.exhibits) for name in ("de", "en")}
    return project / "report", pages


def test_every_picture_is_there_and_nothing_else_is_fetched(album):
    folder, pages = album
    shown = set(re.findall(r'src="([^"]+)"', pages["de"]))
    assert 9 + 9 + 8 == len(shown)
    assert shown == {path.relative_to(folder).as_posix() for path in folder.rglob("*.png")}
    assert [] == re.findall(r"<script|<link|https?://(?!dequeuniversity)|url\(|\son\w+=", pages["de"])


def test_findings_and_captions_are_in_the_readers_language(album):
    _, pages = album
    assert all(
        word in pages["de"] for word in ('lang="de"', "Die Mail an kultur", "375 Pixel, dunkel", "(Kontrast 2,2)")
    )
    assert all(
        word in pages["en"] for word in ('lang="en"', "The mail to kultur", "375 pixels, dark", "(contrast 2.2)")
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits_a_telephone(album, browser, scheme):
    folder, pages = album
    (folder / "index.html").write_text(pages["de"], encoding="utf-8")

    async def look(context):
        page = await context.new_page()
        await page.emulate_media(color_scheme=scheme)
        await page.set_viewport_size({"width": 375, "height": 800})
        await page.goto((folder / "index.html").as_uri())
        wide = await page.evaluate("document.documentElement.scrollWidth")
        await page.evaluate(axe_source())
        found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return wide, [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]

    assert (375, []) == browser.show(look)


def test_every_picture_that_is_not_compared_is_in_sight_on_a_desktop(album, browser):
    folder, pages = album
    (folder / "index.html").write_text(pages["de"], encoding="utf-8")

    async def look(context):
        page = await context.new_page()
        await page.set_viewport_size({"width": 1280, "height": 800})
        await page.goto((folder / "index.html").as_uri())
        return await page.evaluate(
            "[...document.querySelectorAll('.row')].map(one => one.scrollWidth - one.clientWidth)"
        )

    assert [0] * 9 == browser.show(look)


def test_the_command_prints_findings_and_writes_the_same_bytes_as_another_process(album, tmp_path):
    project = Project(write_project(tmp_path, CASE), environment())
    folder = tmp_path / "report"
    command = ("check", "one", "--browser", "--report", str(folder), "--format", "json", "--select", "a11y/*,visual/*")
    done = project.run(*command, RUHRMAIL_LANG="de")
    found = json.loads(done.stdout)["findings"]
    assert (1, [("a11y/axe", "templates/blocks/text.mjml.j2", 2, 1)]) == (
        done.returncode,
        [(one["rule"], one["file"], one["line"], one["column"]) for one in found],
    )
    assert f"der Bericht: {folder / 'index.html'}" in done.stderr
    assert "ohne Vergleichsbilder, darum nicht verglichen: one" in done.stderr
    here, other = ({path.name: path.read_bytes() for path in one.rglob("*.png")} for one in (folder, album[0]))
    assert here == other
