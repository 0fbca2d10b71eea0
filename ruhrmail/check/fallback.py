"""What is left of a mail where its style sheet is dropped."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from ruhrmail.check.cascade import Cascade, Rule, cascade, matches, rules_of
from ruhrmail.check.clients import STYLE_FILES, in_own_templates, known_shares, list_clients
from ruhrmail.check.dossier import Dossier
from ruhrmail.check.sheet import Sheet, words_of
from ruhrmail.clients import Client, read_support
from ruhrmail.model.finding import Finding, Severity
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase

PLAIN = {
    "background-color": ("transparent", "none", "initial", "inherit"),
    "background-image": ("none",),
    "color": ("inherit", "initial"),
    "display": ("block", "inline", "initial", "inherit", "contents", "list-item"),
    "float": ("none",),
    "font-size": ("inherit", "100%", "1em"),
    "position": ("static", "relative"),
    "text-align": ("left", "start", "inherit"),
    "visibility": ("visible",),
}
"""What makes a mail readable, each with the values that change nothing."""
OF_TEXT = frozenset({"color", "font-size", "text-align"})


def find_lost_styles(dossier: Dossier) -> Iterator[Finding]:
    """Only a style sheet makes something readable, and some mail programs drop style sheets.

    Why: GMX and WEB.DE in the browser and Gmail's mobile page remove <style>. A colour, a size or a place in the layout
        that stands only there is gone: white words on a ground that turned white. What holds in dark mode or on narrow
        screens only may stand in the style sheet alone. A warning or a note by the share of readers, as with
        client/feature.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-raw><style>.note{background-color:#0b5563;color:#ffffff}</style>
          <div class="note">{{ block.text.html }}</div></mj-raw>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-raw><div style="background-color:#0b5563;color:#ffffff">{{ block.text.html }}</div></mj-raw>
    Remedy: write it into the style attribute of the element too
    """
    shares = known_shares(dossier.config)
    dropping = tuple(client for client in shares if read_support().features["html-style"].level(client) == "n")
    if not dropping:
        return
    told = set()
    for sheet in dossier.sheets_of("mail"):
        for rule, name in lost_in(sheet):
            if (rule.selector, name) not in told:
                told.add((rule.selector, name))
                yield complain(rule, name, dossier, dropping, shares)


def lost_in(sheet: Sheet) -> Iterator[tuple[Rule, str]]:
    """Rules and properties that an element of the mail has from nowhere else."""
    held = cascade(sheet.root)
    for rule in rules_of(sheet.root):
        names = [name for name, value, _ in rule.parts if value not in PLAIN.get(name, (value,))]
        if names and not rule.dark:
            elements = matches(rule, sheet.root)
            yield from ((rule, name) for name in names if any(is_lost(one, name, held) for one in elements))


def is_lost(element: HtmlElement, name: str, held: Cascade) -> bool:
    """True where the element's own attributes do not say the property, and it matters there."""
    if element.tag in ("html", "head") or (name in OF_TEXT and not words_of(element)):
        return False
    own = element.get("style", "").lower()
    said = re.search(rf"(?:^|[;\s]){name}\s*:", own) or ("background" in own and name.startswith("background"))
    return not said and not element.get({"background-color": "bgcolor", "text-align": "align"}.get(name, name))


def complain(
    rule: Rule, name: str, dossier: Dossier, dropping: tuple[Client, ...], shares: dict[Client, float]
) -> Finding:
    """The finding for one property of one selector."""
    share = sum(shares[client] for client in dropping)
    message = phrase(
        "only a style sheet gives {selector} its {property}; {clients} drop it: about {share} % of readers",
        selector=rule.selector,
        property=name,
        clients=list_clients(dropping, shares),
        share=f"{share:.0f}" if share >= 1 else "<1",
    )
    severity: Severity = "warning" if share >= dossier.config.settings.check.support else "info"
    hint = phrase("write it into the style attribute of the element too")
    return Finding("client/no-style-fallback", severity, place_of_rule(rule, name, dossier), message, hint)


def place_of_rule(rule: Rule, name: str, dossier: Dossier) -> Location:
    """Where the project's own templates write the selector, else the property."""
    selector = re.compile(r"\s*".join(map(re.escape, rule.selector.split())))
    declared = re.compile(rf"(?<![\w-]){name.partition('-')[0] if 'background' in name else name}[\w-]*\s*:")
    found = in_own_templates(selector, dossier) or in_own_templates(declared, dossier)
    return found or dossier.blame(*STYLE_FILES)
