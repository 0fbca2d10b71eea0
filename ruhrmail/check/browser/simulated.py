"""What is lost where mail programs show less than a browser, or in other colours."""

from collections.abc import Iterator

from ruhrmail.check.browser.forms import Form
from ruhrmail.check.browser.look import Look, Spot
from ruhrmail.check.browser.overflow import collect
from ruhrmail.check.browser.trace import once, quoted, trace
from ruhrmail.check.browser.viewing import looks_at
from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase


def find_lost_without_pictures(dossier: Dossier) -> Iterator[Finding]:
    """Where pictures are blocked, something essential is gone: nothing is left of a link or heading, or words cannot be
    read.

    Why: Outlook and company networks show pictures only after a click. What a picture alone says is not there until
        then: a button drawn as a picture, white words on a dark picture, words for a picture in the colour of the
        ground.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text><a href="https://halle.example/"><img src="{{ address }}assets/x.png" alt=""></a></mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text><a href="https://halle.example/"><img src="{{ address }}assets/x.png" alt="Zur Halle"></a></mj-text>
    Remedy: say it in words too, and give what stands on a picture a background colour
    """
    yield from once(
        found
        for look in looks_at(dossier)
        for found in (*(gone(spot, dossier) for spot in look.bare), *lost_texts(look, "images-off", dossier))
    )


def find_lost_without_styles(dossier: Dossier) -> Iterator[Finding]:
    """Without its style sheet the mail falls apart: something is wider than the window, or words cannot be read.

    Why: GMX and WEB.DE, which every third German reader uses, drop style sheets in the browser; only what stands at the
        elements themselves is left.
    Bad:
        # templates/extra.css.j2, in part
        .halle{background-color:#0b5563}
    Good:
        # templates/blocks/text.mjml.j2, in part
        <div style="background-color:#0b5563;color:#ffffff">
    Remedy: write widths, colours and backgrounds into `style` attributes; a style sheet only improves on them
    """
    known = collect(dossier, "plain")
    for at, (spot, widths) in collect(dossier, "styles-off").items():
        if at not in known:
            message = phrase(
                "without style sheets, <{tag}> reaches {pixels} pixels beyond the window's edge (windows of {widths} "
                "pixels): {words}",
                tag=spot.tag, pixels=round(spot.amount), widths=", ".join(map(str, widths)), words=quoted(spot.words),
            )  # fmt: skip
            yield Finding("visual/styles-off", "error", at, message, phrase("write max-width into its style attribute"))
    yield from once(found for look in looks_at(dossier) for found in lost_texts(look, "styles-off", dossier))


def find_lost_in_the_dark(dossier: Dossier) -> Iterator[Finding]:
    """Where a mail program darkens the mail by itself, words become unreadable.

    Why: Gmail and others on Android ask no mail for dark colours of its own: they invert light grounds and dark words,
        each for itself. Grounds of middle brightness stay, the words on them turn light.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text><div style="background-color:#c8c8c8;color:#404040">{{ block.text.html }}</div></mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text><div style="background-color:#f2f2f2;color:#404040">{{ block.text.html }}</div></mj-text>
    Remedy: take a lighter ground (it will be inverted with the words), or one that is dark already
    """
    yield from once(found for look in looks_at(dossier) for found in lost_texts(look, "forced-dark", dossier))


def gone(spot: Spot, dossier: Dossier) -> Finding:
    """The finding for a link or heading of which nothing is left."""
    at = trace(spot, dossier)
    if spot.tag == "a":
        message = phrase("without pictures nothing is left of the link to {url}", url=quoted(spot.words))
    else:
        message = phrase("without pictures nothing is left of the heading <{tag}>", tag=spot.tag)
    return Finding("visual/images-off", "error", at, message, phrase("give the picture an alternative text"))


def lost_texts(look: Look, form: Form, dossier: Dossier) -> Iterator[Finding]:
    """The findings for words that cannot be read in a form, the worst first."""
    for spot in sorted(look.lost.get(form, ()), key=lambda one: one.amount):
        yield unreadable(spot, form, dossier)


def unreadable(spot: Spot, form: Form, dossier: Dossier) -> Finding:
    """The finding for words that cannot be read."""
    values = {"words": quoted(spot.words), "contrast": round(max(1.0, spot.amount), 1)}
    at = trace(spot, dossier)
    if form == "forced-dark":
        message = phrase("darkened by a mail program, “{words}” cannot be read: contrast {contrast}", **values)
        return Finding("visual/forced-dark", "warning", at, message, phrase("take a lighter ground, or a dark one"))
    if form == "styles-off":
        message = phrase("without style sheets, “{words}” cannot be read: contrast {contrast}", **values)
        hint = phrase("write colour and background into style attributes")
        return Finding("visual/styles-off", "error", at, message, hint)
    message = phrase("without pictures, “{words}” cannot be read: contrast {contrast}", **values)
    return Finding("visual/images-off", "error", at, message, phrase("give the words a background colour"))
