"""What is wider than the window."""

from collections import defaultdict
from collections.abc import Iterator

from ruhrmail.check.browser.forms import Form
from ruhrmail.check.browser.look import Spot, View
from ruhrmail.check.browser.trace import once, quoted, trace
from ruhrmail.check.browser.viewing import looks_at
from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase


def find_overflow(dossier: Dossier) -> Iterator[Finding]:
    """Something is wider than the window, so readers scroll sideways or never see its end.

    Why: Two of three mails are opened on a telephone. Windows of 320, 375 and 640 pixels are tried, for each variant's
        mail, the web page and the pages of articles. WCAG 2.2, 1.4.10.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-raw><div style="width:700px">{{ block.text.html }}</div></mj-raw>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-raw><div style="max-width:600px">{{ block.text.html }}</div></mj-raw>
    Remedy: give it a `max-width` in place of a width, break long words with `\\-`, or shorten them
    """
    worst = collect(dossier, "plain")
    yield from once(overflow(at, *worst[at]) for at in worst)


def collect(dossier: Dossier, form: Form) -> dict[Location, tuple[Spot, list[int]]]:
    """By place what goes furthest beyond the window's edge, and the windows in which it does."""
    found: dict[Location, list[tuple[View, Spot]]] = defaultdict(list)
    for look in looks_at(dossier):
        for view, spots in look.wide.items():
            if view.form == form:
                for spot in spots:
                    found[trace(spot, dossier)].append((view, spot))
    return {
        at: (max((spot for _, spot in pairs), key=lambda one: one.amount), sorted({view.width for view, _ in pairs}))
        for at, pairs in found.items()
    }


def overflow(at: Location, spot: Spot, widths: list[int]) -> Finding:
    """The finding for one place."""
    values = {"pixels": round(spot.amount), "widths": ", ".join(map(str, widths))}
    if spot.written:
        message = phrase(
            "the word {word} is too long: {pixels} pixels beyond the window's edge (windows of {widths} pixels)",
            word=quoted(spot.words), **values,
        )  # fmt: skip
        return Finding("visual/overflow", "error", at, message, phrase("write \\- where the word may be divided"))
    message = phrase(
        "<{tag}> reaches {pixels} pixels beyond the window's edge (windows of {widths} pixels): {words}",
        tag=spot.tag, words=quoted(spot.words), **values,
    )  # fmt: skip
    return Finding("visual/overflow", "error", at, message, phrase("write max-width in place of a fixed width"))
