"""One mail or page, looked at in all its forms."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, cast

from ruhrmail.check.browser.forms import Form
from ruhrmail.check.browser.ink import READABLE, Rect, is_lost, legibility, read_rgb
from ruhrmail.check.browser.look import MIDDLE, WIDTHS, Look, Scheme, Spot, Text, View, Violation, read_wide
from ruhrmail.check.browser.serving import Server
from ruhrmail.check.sheet import Sheet
from ruhrmail.model.color import contrast

if TYPE_CHECKING:
    from PIL.Image import Image
    from playwright.async_api import BrowserContext, CDPSession, Page

READY = """() => Promise.race([
  Promise.all([document.fonts.ready, ...[...document.images].map((one) => {
    one.loading = "eager";
    return one.decode().catch(() => null);
  })]),
  new Promise((done) => setTimeout(done, 5000)),
])"""
EXTENT = """() => [document.documentElement.scrollHeight, [...document.images].map((one) => {
  const box = one.getBoundingClientRect();
  return [box.x + scrollX, box.y + scrollY, box.width, box.height];
})]"""
TALLEST = 16000
"""Pixels; Chromium draws no taller picture."""
CELLS = 6
"""Lines of a text that are measured, at most."""
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OURS = ("html-has-lang", "document-title", "heading-order", "link-name")
"""What rules without a browser find as well."""
LANDMARKS = ("region", "landmark-one-main", "page-has-heading-one", "landmark-unique", "skip-link")
"""About the regions of a page, which a mail inside a mail program does not have."""


@dataclass(slots=True)
class Session:
    """A page of a context at work; the views in `kept` are pictured. `frame`: axe may judge the page's landmarks."""

    page: "Page"
    server: Server
    kept: frozenset[View] = frozenset()
    frame: bool = True
    wide: dict[View, Sequence[Spot]] = field(default_factory=dict)
    lost: dict[Form, Sequence[Spot]] = field(default_factory=dict)
    bare: list[Spot] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    pictures: dict[View, bytes] = field(default_factory=dict)
    photos: dict[View, Sequence[Rect]] = field(default_factory=dict)
    protocol: "CDPSession | None" = None

    async def look(self, sheet: Sheet, forms: Mapping[Form, str]) -> Look:
        """Everything, in an order that needs few loads. `forms` holds the HTML of each form."""
        before = await self.look_plain(forms["plain"])
        for form in ("forced-dark", "images-off", "styles-off"):
            if form in forms:
                await self.simulate(form, forms[form], before)
        return Look(
            sheet,
            self.wide,
            self.lost,
            self.bare,
            self.violations,
            refused=tuple(self.server.refused),
            pictures=self.pictures,
            photos=self.photos,
        )

    async def look_plain(self, html: str) -> dict[int, float]:
        """The mail or page itself, light and dark; gives how legible each text is."""
        await self.load(html)
        before: dict[int, float] = {}
        for width in WIDTHS:
            view = View("plain", width)
            rows = await self.measure(view, texts=width == MIDDLE)
            if width == MIDDLE:
                before = {one.number: one.spot.amount for one in await self.read_texts(rows, view)}
            elif view in self.kept:
                await self.take(view)
        self.violations += await self.ask_axe("light", first=True)
        await self.page.emulate_media(color_scheme="dark")
        for width in WIDTHS:
            if View("plain", width, "dark") in self.kept:
                await self.resize(width)
                await self.take(View("plain", width, "dark"))
        self.violations += await self.ask_axe("dark")
        await self.page.emulate_media(color_scheme="light")
        return before

    async def simulate(self, form: Form, html: str, before: Mapping[int, float]) -> None:
        """One of the ways in which mail programs change what they show."""
        self.server.pictures = form != "images-off"
        await self.darken(form == "forced-dark")
        await self.load(html)
        for width in WIDTHS if form == "styles-off" else [MIDDLE]:
            rows = await self.measure(View(form, width), texts=width == MIDDLE)
            if width == MIDDLE:
                await self.note_lost(form, rows, before)
        if form == "images-off":
            await self.note_blocked()
        self.server.pictures = True
        await self.darken(False)

    async def note_lost(self, form: Form, rows: Mapping[str, Any], before: Mapping[int, float]) -> None:
        """The texts that could be read before; blocked pictures take away only what is written on some."""
        view = View(form, MIDDLE)
        if form == "images-off" and not rows["painted"] and view not in self.kept:
            return
        pairs = [(one.spot, before.get(one.number, 0.0)) for one in await self.read_texts(rows, view)]
        self.lost[form] = [spot for spot, was in pairs if is_lost(was, spot.amount)]

    async def note_blocked(self) -> None:
        """What is left in the place of pictures, light and dark."""
        view = View("images-off", MIDDLE)
        for scheme in ("dark", "light"):
            await self.page.emulate_media(color_scheme=scheme)
            rows = await self.measure(view, texts=True)
            self.lost["images-off"] = [*self.lost.get("images-off", ()), *faint_words(rows["pictures"])]
        self.bare += [Spot(row["mark"], row["words"], tag=row["tag"]) for row in rows["bare"]]

    async def load(self, html: str) -> None:
        """Shows HTML at the sheet's address."""
        self.server.page = html
        await self.page.goto(self.server.address)
        await self.page.evaluate(READY)

    async def darken(self, on: bool) -> None:
        """Chromium's forced dark, as Android's mail programs have it."""
        if self.protocol is None:
            self.protocol = await self.page.context.new_cdp_session(self.page)
        await self.protocol.send("Emulation.setAutoDarkModeOverride", {"enabled": True} if on else {})

    async def resize(self, width: int) -> None:
        """Another window."""
        await self.page.set_viewport_size({"width": width, "height": 800})

    async def measure(self, view: View, *, texts: bool) -> dict[str, Any]:
        """What measure.js sees in a window of that width; notes what is too wide."""
        await self.resize(view.width)
        rows = await self.page.evaluate(script("measure.js"), {"texts": texts, "cells": CELLS})
        self.wide[view] = read_wide(rows["wide"])
        return cast("dict[str, Any]", rows)

    async def read_texts(self, rows: Mapping[str, Any], view: View) -> list[Text]:
        """Every text with the contrast that it has in the picture."""
        picture = open_picture(await self.take(view, keep=view in self.kept))
        return [
            Text(row["number"], Spot(row["mark"], row["words"], legibility(picture, row["rects"])))
            for row in rows["texts"]
        ]

    async def take(self, view: View, *, keep: bool = True) -> bytes:
        """A picture of the whole page."""
        height, photos = await self.page.evaluate(EXTENT)
        clip = {"x": 0, "y": 0, "width": view.width, "height": max(1, min(height, TALLEST))}
        content = await self.page.screenshot(full_page=True, clip=cast("Any", clip), animations="disabled")
        if keep:
            self.pictures[view], self.photos[view] = content, photos
        return content

    async def ask_axe(self, scheme: Scheme, *, first: bool = False) -> list[Violation]:
        """axe in the window as it is."""
        if first:
            await self.page.evaluate(axe_source())
        off = [*OURS, *(() if self.frame else LANDMARKS)]
        rows = await self.page.evaluate(script("axe.js"), {"tags": TAGS, "off": off})
        return [
            Violation(scheme, row["id"], row["impact"] in ("serious", "critical"), row["help"], spot_of(row))
            for row in rows
        ]


async def look_at_sheet(
    context: "BrowserContext", server: Server, sheet: Sheet, forms: Mapping[Form, str], kept: frozenset[View]
) -> Look:
    """The sheet in all these forms; the views in `kept` are pictured."""
    await context.route("**/*", server.answer)
    page = await context.new_page()
    return await Session(page, server, kept, sheet.kind != "mail").look(sheet, forms)


async def point_at(context: "BrowserContext", server: Server, html: str, view: View, place: tuple[int, int]) -> Spot:
    """What stands at a place of a plain view."""
    await context.route("**/*", server.answer)
    page = await context.new_page()
    session = Session(page, server)
    await page.emulate_media(color_scheme=view.scheme)
    await session.load(html)
    await session.measure(view, texts=False)
    row = await page.evaluate(script("point.js"), list(place))
    return Spot(row["mark"], row["words"])


def spot_of(row: Mapping[str, Any]) -> Spot:
    """A row of axe.js as a place."""
    return Spot(row["mark"], row["words"], row["ratio"])


def faint_words(rows: Sequence[Mapping[str, Any]]) -> list[Spot]:
    """The words for pictures that nobody could read in the picture's place."""
    return [
        Spot(row["mark"], row["words"], ratio, "img")
        for row in rows
        if (ratio := contrast(read_rgb(row["color"]), read_rgb(row["ground"]))) < READABLE
    ]


def open_picture(content: bytes) -> "Image":
    """A screenshot as pixels."""
    from PIL import Image

    return Image.open(io.BytesIO(content)).convert("RGB")


@cache
def script(name: str) -> str:
    """A script of ours."""
    return (resources.files("ruhrmail.check.browser") / name).read_text(encoding="utf-8")


@cache
def axe_source() -> str:
    """axe-core, as the package of the extra bundles it."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
