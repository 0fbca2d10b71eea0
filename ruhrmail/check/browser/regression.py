"""Mails and pages beside the pictures of them that somebody accepted."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PIL.Image import Image

from ruhrmail.check.browser.baselines import (
    OTHER_VERSION,
    Baseline,
    Difference,
    baseline_folder,
    compare,
    has_baselines,
    read_baseline,
    renew,
    without_details,
)
from ruhrmail.check.browser.chromium import Lost
from ruhrmail.check.browser.look import COMPARED, Look, Spot, View
from ruhrmail.check.browser.serving import Server
from ruhrmail.check.browser.session import point_at
from ruhrmail.check.browser.trace import name_of, trace
from ruhrmail.check.browser.viewing import address_of, forms_of, looks_at, served_files
from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext


@dataclass(frozen=True, slots=True)
class Comparison:
    """A view beside its baseline; both None where there is no baseline of it."""

    look: Look
    view: View
    baseline: Baseline | None
    difference: Difference | None
    tolerance: float = 0
    now: Image | None = None

    @property
    def exceeds(self) -> bool:
        """Whether somebody should look at it."""
        return self.difference is not None and self.difference.exceeds(self.tolerance)


def find_changes(dossier: Dossier) -> Iterator[Finding]:
    """The mail or a page looks different from the pictures in `baselines/`.

    Why: A change of a template or setting shows where nobody looked. `ruhrmail check --browser --accept` takes the
        pictures anew: review and commit them like text. An issue without pictures is not compared;
        `check.browser.tolerance` says how much may differ, six times as much with another version of Chromium.
    Bad:
        # a template that was changed, and the pictures of before
    Good:
        # the pictures of after: ruhrmail check --browser --accept
    Remedy: look at the pictures with `--report DIR`; where the change is meant, run with `--accept`
    """
    if not has_baselines(dossier.config.project, dossier.slug):
        return
    for look in looks_at(dossier):
        found = list(compare_look(look, dossier))
        changed = [one for one in found if one.exceeds]
        if changed:
            yield change(changed, dossier)
        fresh = ", ".join(one.view.name for one in found if one.baseline is None)
        if fresh:
            message = phrase("no picture yet: {page} ({views})", page=name_of(look), views=fresh)
            hint = phrase("take it with: ruhrmail check --browser --accept {slug}", slug=dossier.slug)
            yield Finding("visual/regression", "info", dossier.whole, message, hint)


def compare_look(look: Look, dossier: Dossier) -> Iterator[Comparison]:
    """Every view that is compared, beside its baseline."""
    folder = baseline_folder(dossier.config.project, dossier.slug)
    allowed = dossier.config.settings.check.browser.tolerance / 100
    major = dossier.equipment.browser.major if dossier.equipment.browser else 0
    for view, content in look.pictures.items():
        if view in COMPARED:
            before = read_baseline(folder / f"{look.name}-{view.name}.png")
            if before is None:
                yield Comparison(look, view, None, None)
                continue
            now = without_details(content, look.photos[view])
            tolerance = allowed * (1 if before.major in (0, major) else OTHER_VERSION)
            yield Comparison(look, view, before, compare(before.picture, now), tolerance, now)


def change(changed: list[Comparison], dossier: Dossier) -> Finding:
    """One finding for all views of a mail or page, at what differs first."""
    worst = max(changed, key=lambda one: one.difference.part if one.difference else 0)
    assert worst.difference is not None
    assert worst.baseline is not None
    values: dict[str, Any] = {
        "page": name_of(worst.look),
        "views": ", ".join(one.view.name for one in changed),
        "part": round(worst.difference.part * 100, 1),
    }
    message = phrase("{page} looks different from its baseline ({views}): up to {part} % of a strip", **values)
    major = dossier.equipment.browser.major if dossier.equipment.browser else 0
    if worst.baseline.major not in (0, major):
        message = other_version(values, worst.baseline.major, major)
    hint = phrase("look at it with --report DIR; where it is meant: ruhrmail check --browser --accept")
    return Finding("visual/regression", "warning", first_place(changed[0], dossier), message, hint)


def other_version(values: dict[str, Any], before: int, now: int) -> Phrase:
    """What is said where another Chromium took the baseline."""
    return phrase(
        "{page} looks different from its baseline ({views}): up to {part} % of a strip; that one is of "
        "Chromium {before}, this is Chromium {now}",
        before=before, now=now, **values,
    )  # fmt: skip


def first_place(one: Comparison, dossier: Dossier) -> Location:
    """The line behind the uppermost difference; the issue as a whole where nothing tells."""
    browser = dossier.equipment.browser
    if browser is None or one.difference is None or one.difference.first is None:
        return dossier.whole
    server = Server(address_of(one.look.sheet, dossier), served_files(dossier))
    html = forms_of(one.look.sheet, dossier)["plain"]
    spot = one.difference.first

    async def point(context: "BrowserContext") -> Spot:
        return await point_at(context, server, html, one.view, spot)

    try:
        return trace(browser.show(point), dossier)
    except Lost:
        return dossier.whole


def accept(dossier: Dossier) -> int:
    """Takes the issue's pictures for its baselines; gives how many files changed. Raises OSError.

    An issue of which the browser saw a part only keeps what it has.
    """
    looks = looks_at(dossier)
    if any(look.trouble for look in looks) or dossier.equipment.browser is None:
        return 0
    pictures = (
        (f"{look.name}-{view.name}", without_details(content, look.photos[view]))
        for look in looks
        for view, content in look.pictures.items()
        if view in COMPARED
    )
    folder = baseline_folder(dossier.config.project, dossier.slug)
    return renew(folder, pictures, dossier.equipment.browser.major)
