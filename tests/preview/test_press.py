"""What the press shows, whatever happens while files change."""

import asyncio
import threading

import pytest

from ruhrmail.flows.newsroom import Newsroom
from ruhrmail.flows.proof import MOST_KEPT, Proofs
from ruhrmail.preview.press import Press
from ruhrmail.preview.windows import Window, Windows
from tests.preview.conftest import make_project

SLUG = "2026-11"
OTHER = "date: 2026-12-04\nsubject: Schnee\ncontent: [{type: text, text: Kalt.}]\n"


@pytest.fixture
def press(tmp_path):
    project = make_project(tmp_path)
    proofs = Proofs(project, {}, project / ".ruhrmail" / "pictures")
    proofs.open()
    press = Press(proofs, Newsroom(project), Windows())
    yield press
    press.thread.shutdown(wait=True, cancel_futures=True)


def save(press, old, new):
    issue = press.proofs.project / "issues" / SLUG / "issue.yaml"
    issue.write_text(issue.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return issue


def html(proof):
    return "".join(part for part in proof.made.editions[0].html if isinstance(part, str))


def test_a_change_whose_window_closes_meanwhile_is_seen_by_the_next_window(press):
    """The window closes after the change was noted and before it was rendered: nobody settles the doubt any more."""

    async def story():
        await press.proof(SLUG)
        window = Window(SLUG)
        press.windows.open.append(window)
        issue = save(press, "Der Radweg ist fertig", "Der Radweg ist eröffnet")
        begin = threading.Event()
        press.thread.submit(begin.wait, 10)
        changing = asyncio.create_task(press.changed([issue]))
        await asyncio.sleep(0)
        press.windows.open.remove(window)
        begin.set()
        await changing
        return await press.proof(SLUG)

    assert "Der Radweg ist eröffnet" in html(asyncio.run(play(press, story)))


def test_errors_that_nobody_looked_at_long_enough_are_seen_by_the_next_window(press):
    """An error waits for its grace, something else changes, and the window is gone."""

    async def story():
        await press.proof(SLUG)
        window = Window(SLUG)
        press.windows.open.append(window)
        issue = save(press, "subject: Licht", "subject: [Licht")
        await press.changed([issue])
        press.windows.open.remove(window)
        await press.changed([press.proofs.project / "subscribers.csv"])
        return await press.proof(SLUG)

    assert ["yaml/syntax"] == [one.rule for one in asyncio.run(play(press, story)).errors]


def test_what_changes_while_an_issue_is_rendered_is_rendered_again(press):
    """The rendering began with the old files: it is shown, and still counts as outdated."""

    async def story():
        await press.proof(SLUG)
        issue = save(press, "Der Radweg ist fertig", "Der Radweg ist eröffnet")
        await press.work(press.proofs.note, [issue])
        old = await press.work(press.proofs.render, SLUG)
        save(press, "Der Radweg ist eröffnet", "Der Radweg ist gesperrt")
        await press.work(press.proofs.note, [issue])
        await press.work(press.proofs.keep, old)
        return html(old), html(await press.proof(SLUG))

    old, new = asyncio.run(play(press, story))
    assert "Der Radweg ist eröffnet" in old
    assert "Der Radweg ist gesperrt" in new


def test_a_rendering_that_is_told_late_does_not_replace_a_newer_one(press):
    """The thread has rendered, noted the next change and rendered for somebody who asked, before the loop turns."""

    async def story():
        await press.proof(SLUG)
        issue = save(press, "Der Radweg ist fertig", "Der Radweg ist eröffnet")
        press.thread.submit(press.proofs.note, [issue]).result(60)
        first = press.thread.submit(press.proofs.renew, SLUG).result(60)
        save(press, "Der Radweg ist eröffnet", "Der Radweg ist gesperrt")
        press.thread.submit(press.proofs.note, [issue]).result(60)
        press.thread.submit(press.proofs.proof, SLUG).result(60)
        press.show(first, press.generation)
        return await press.proof(SLUG)

    assert "Der Radweg ist gesperrt" in html(asyncio.run(play(press, story)))


def test_errors_that_lasted_while_somebody_saw_them_mended_are_not_shown(press):
    """The issue was saved right and asked for before the system told of it; then the grace of the errors ends."""

    async def story():
        await press.proof(SLUG)
        issue = save(press, "subject: Licht", "subject: [Licht")
        await press.work(press.proofs.note, [issue])
        errors = await press.work(press.proofs.renew, SLUG)
        save(press, "subject: [Licht", "subject: Licht")
        assert () == (await press.proof(SLUG)).errors
        await press.show_errors(SLUG, press.generation)
        return errors, await press.proof(SLUG)

    errors, shown = asyncio.run(play(press, story))
    assert (["yaml/syntax"], ()) == ([one.rule for one in errors.errors], shown.errors)


def test_errors_that_were_mended_in_time_are_not_shown_though_nobody_has_told_of_it_yet(press):
    """On a busy machine the grace of the errors ends before the system tells of the file that is right again."""

    async def story():
        await press.proof(SLUG)
        window = Window(SLUG)
        press.windows.open.append(window)
        issue = save(press, "subject: Licht", "subject: [Licht")
        await press.changed([issue])
        save(press, "subject: [Licht", "subject: Licht in Herne")
        return (await told(window))["ok"]

    assert asyncio.run(asyncio.wait_for(play(press, story), 60))


def test_errors_that_last_are_shown(press):
    async def story():
        await press.proof(SLUG)
        window = Window(SLUG)
        press.windows.open.append(window)
        await press.changed([save(press, "subject: Licht", "subject: [Licht")])
        return await told(window)

    seen = asyncio.run(asyncio.wait_for(play(press, story), 60))
    assert (False, 1) == (seen["ok"], seen["errors"])


def test_a_mistake_of_ours_over_one_issue_keeps_no_change_from_the_others(press, caplog):
    class Columns(frozenset):
        def __contains__(self, name):
            raise ZeroDivisionError("a mistake of ours")

    async def story():
        other = press.proofs.project / "issues" / "2026-12.yaml"
        other.write_text(OTHER, encoding="utf-8")
        for slug in (SLUG, "2026-12"):
            await press.proof(slug)
        windows = [Window("2026-12"), Window(SLUG)]
        press.windows.open += windows
        press.proofs.columns = Columns()
        issue = save(press, "Der Radweg ist fertig", "Der Radweg ist eröffnet")
        other.write_text(OTHER.replace("Kalt", "Glatt"), encoding="utf-8")
        await press.changed([issue, other])
        with pytest.raises(ZeroDivisionError):
            await press.proof(SLUG)
        return await press.proof("2026-12")

    assert "Glatt" in html(asyncio.run(play(press, story)))
    assert ["the preview stumbled"] == [one.message for one in caplog.records]


def test_an_issue_in_view_is_followed_though_many_others_were_looked_at_since(press):
    """Of so many issues the first is not kept in memory any more."""

    async def story():
        issues = [press.proofs.project / "issues" / f"2027-{number:02}.yaml" for number in range(MOST_KEPT + 1)]
        for issue in issues:
            issue.write_text(OTHER, encoding="utf-8")
            await press.proof(issue.stem)
        window = Window(issues[0].stem)
        press.windows.open.append(window)
        issues[0].write_text(OTHER.replace("Kalt", "Glatt"), encoding="utf-8")
        await press.changed([issues[0]])
        return window.waiting

    assert ("issue", "2027-00") in asyncio.run(play(press, story))


def test_a_template_of_ones_own_counts_again_when_it_comes_back(press):
    template = press.proofs.project / "templates" / "blocks" / "text.txt.j2"
    template.parent.mkdir(parents=True)

    def shown():
        press.proofs.note([template])
        return "Eigene Vorlage" in "".join(map(str, press.proofs.proof(SLUG).made.editions[0].text))

    seen = [shown()]
    for _ in range(2):
        template.write_text("Eigene Vorlage\n", encoding="utf-8")
        seen.append(shown())
        template.unlink()
        seen.append(shown())
    assert [False, True, False, True, False] == seen


async def told(window):
    """What a window is told first of its issue."""
    while ("issue", SLUG) not in window.waiting:
        window.news.clear()
        await window.news.wait()
    return window.waiting["issue", SLUG]


async def play(press, story):
    """A story to its end, with what it began."""
    try:
        return await story()
    finally:
        for task in tuple(press.tasks):
            task.cancel()
        await asyncio.gather(*press.tasks, return_exceptions=True)
