"""What axe-core finds: the parts of WCAG 2.2 AA that a program can judge."""

from collections.abc import Iterator

from ruhrmail.check.browser.look import Violation
from ruhrmail.check.browser.trace import once, quoted, trace
from ruhrmail.check.browser.viewing import looks_at
from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase


def find_violations(dossier: Dossier) -> Iterator[Finding]:
    """axe-core finds a barrier in the mail or a page, in light or dark colours.

    Why: Every tenth reader depends on contrast, names and order of what is on the page; the European Accessibility Act
        demands WCAG 2.2 AA of many senders. Rules about a page's landmarks are left out for mails.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text><div style="color:#b0b0b0">{{ block.text.html }}</div></mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text><div style="color:#505050">{{ block.text.html }}</div></mj-text>
    Remedy: do what the name of axe's rule says; https://dequeuniversity.com/rules/axe explains each
    """
    names = sorted({one.rule for look in looks_at(dossier) for one in look.violations})
    for name in names:
        own = [one for look in looks_at(dossier) for one in look.violations if one.rule == name]
        yield from once(violation(one, dossier) for one in sorted(own, key=lambda one: one.spot.amount))


def violation(found: Violation, dossier: Dossier) -> Finding:
    """The finding for one place."""
    return Finding(
        "a11y/axe",
        "error" if found.grave else "warning",
        trace(found.spot, dossier),
        describe(found),
        phrase("see https://dequeuniversity.com/rules/axe/html/4.12/{rule}", rule=found.rule),
    )


def describe(found: Violation) -> Phrase:
    """axe's rule with its help, and the contrast where it is about that."""
    values = {"rule": found.rule, "help": found.help, "words": quoted(found.spot.words)}
    if found.spot.amount and found.scheme == "dark":
        ratio = round(found.spot.amount, 1)
        return phrase("axe: {rule} (contrast {ratio} in dark colours): {words}", ratio=ratio, **values)
    if found.spot.amount:
        return phrase("axe: {rule} (contrast {ratio}): {words}", ratio=round(found.spot.amount, 1), **values)
    if found.spot.words:
        return phrase("axe: {rule}: {help}: {words}", **values)
    return phrase("axe: {rule}: {help}", **values)
