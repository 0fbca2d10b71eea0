"""A dossier to what a browser sees of it: once for all rules that ask."""

from collections.abc import Iterator, Mapping
from functools import partial

from ruhrmail.check.browser.baselines import has_baselines
from ruhrmail.check.browser.chromium import Browser, Lost
from ruhrmail.check.browser.forms import Form, with_pictures, without_schemes, without_styles
from ruhrmail.check.browser.look import COMPARED, EVERY, Look, View
from ruhrmail.check.browser.serving import Served, Server
from ruhrmail.check.browser.session import look_at_sheet
from ruhrmail.check.dossier import Dossier
from ruhrmail.check.sheet import Sheet

MOST_TROUBLES = 2
"""After so many pages of an issue that the browser gave up, the others are left out."""


def looks_at(dossier: Dossier) -> tuple[Look, ...]:
    """What the browser of the equipment sees of each mail and page; nothing without one."""
    browser = dossier.equipment.browser
    if browser is None:
        return ()
    if browser.slug != dossier.slug:
        browser.slug, browser.looks = dossier.slug, tuple(look_around(dossier, browser))
    return browser.looks


def look_around(dossier: Dossier, browser: Browser) -> Iterator[Look]:
    """A look for each sheet."""
    files = served_files(dossier)
    kept = views_to_keep(dossier, browser)
    troubles = 0
    for sheet in dossier.sheets:
        if troubles == MOST_TROUBLES:
            return
        try:
            server = Server(address_of(sheet, dossier), files)
            forms = forms_of(sheet, dossier)
            yield browser.show(partial(look_at_sheet, server=server, sheet=sheet, forms=forms, kept=kept))
        except Lost as error:
            troubles += 1
            yield Look(sheet, trouble=error.reason)


def views_to_keep(dossier: Dossier, browser: Browser) -> frozenset[View]:
    """The views that somebody wants pictures of."""
    if browser.pictures:
        return frozenset(EVERY)
    return COMPARED if has_baselines(dossier.config.project, dossier.slug) else frozenset()


def address_of(sheet: Sheet, dossier: Dossier) -> str:
    """Where a sheet is looked at: its own address; a mail's beside the pages."""
    return dossier.address if sheet.kind == "web" else dossier.address + sheet.name


def served_files(dossier: Dossier) -> Mapping[str, Served]:
    """Pictures, calendars and pages by their addresses."""
    found = {}
    for edition in dossier.editions:
        for asset in edition.assets:
            found[f"{dossier.address}assets/{asset.name}"] = Served(asset.content, asset.media_type)
        for file in edition.files:
            found[dossier.address + file.name] = Served(file.content, file.media_type)
    return found


def forms_of(sheet: Sheet, dossier: Dossier) -> Mapping[Form, str]:
    """The HTML of each form in which a sheet is looked at. Styles are dropped, and schemes unheard, in mails alone."""
    if sheet.kind != "mail":
        return {"plain": sheet.marked, "forced-dark": sheet.marked, "images-off": sheet.marked}
    html = with_pictures(sheet.marked, f"{dossier.address}assets/")
    return {
        "plain": html,
        "forced-dark": without_schemes(html),
        "images-off": html,
        "styles-off": without_styles(html),
    }
