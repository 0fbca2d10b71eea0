"""The follower over real folders: whatever becomes of them, the last state is shown."""

import asyncio
import shutil
from contextlib import asynccontextmanager

import pytest
from PIL import Image

from ruhrmail.flows.newsroom import Newsroom
from ruhrmail.flows.proof import Proofs
from ruhrmail.preview.follow import Follower
from ruhrmail.preview.press import Press
from ruhrmail.preview.windows import Window, Windows
from tests.preview.conftest import make_project

SLUG = "2026-11"
FURTHER = """\
date: 2026-12-04
subject: Schnee
content: [{type: image, src: ../../bilder/schnee.jpg, alt: Schnee auf der Halde}]
"""


@pytest.fixture
def project(tmp_path):
    return make_project(tmp_path)


@asynccontextmanager
async def following(project):
    """A press that is told of changes."""
    proofs = Proofs(project, {}, project / ".ruhrmail" / "pictures")
    press, stop = Press(proofs, Newsroom(project), Windows()), asyncio.Event()
    await press.work(proofs.open)
    follower = Follower(press, stop)
    task = press.begin(follower.run())
    try:
        await follower.ready.wait()
        yield press
    finally:
        stop.set()
        await asyncio.wait([task], timeout=5)
        await press.close()


async def look(press, slug, right):
    """Looks at an issue until it is right."""
    window = Window(slug)
    press.windows.open.append(window)
    while not right(await press.proof(slug)):
        await window.take()


def test_a_folder_in_the_place_of_another_is_followed(project):
    """As a checkout of another branch does it: nothing tells that the folder is not the one that is watched."""

    def says(words):
        return lambda proof: words in "".join(map(str, proof.made.editions[0].html))

    async def story():
        async with following(project) as press, asyncio.timeout(60):
            await look(press, SLUG, says("Der Radweg ist fertig"))
            issues, other = project / "issues", project / "weg"
            shutil.copytree(issues, other)
            issue = other / SLUG / "issue.yaml"
            text = issue.read_text(encoding="utf-8")
            issue.write_text(text.replace("ist fertig", "ist eröffnet"), encoding="utf-8")
            issues.rename(project / "alt")
            other.rename(issues)
            await look(press, SLUG, says("Der Radweg ist eröffnet"))
            (issues / SLUG / "issue.yaml").write_text(text.replace("ist fertig", "ist gesperrt"), encoding="utf-8")
            await look(press, SLUG, says("Der Radweg ist gesperrt"))

    asyncio.run(story())


def test_pictures_of_an_issue_that_was_opened_just_now_are_followed(project):
    """They lie beside the issues, and nothing changed since the window was opened."""
    picture = project / "bilder" / "schnee.jpg"
    picture.parent.mkdir()
    (project / "issues" / "2026-12").mkdir()
    (project / "issues" / "2026-12" / "issue.yaml").write_text(FURTHER, encoding="utf-8")

    def draw(colour):
        Image.new("RGB", (600, 300), colour).save(picture)

    async def story():
        async with following(project) as press, asyncio.timeout(60):
            before = (await press.proof("2026-12")).look
            draw("#b5563b")
            await look(press, "2026-12", lambda proof: proof.look != before)

    draw("#0b5563")
    asyncio.run(story())
