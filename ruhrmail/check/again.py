"""A second build."""

from collections.abc import Iterator
from dataclasses import replace

from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase


def find_differences(dossier: Dossier) -> Iterator[Finding]:
    """A second build of the same files gives other bytes.

    Why: An archive must show what was sent, and a resumed mailing what was approved. Only a template of your own can do
        this, with Jinja's `random` filter.
    Bad:
        # templates/blocks/text.mjml.j2
        <mj-text>{{ range(99999)|random }}</mj-text>
    Good:
        # templates/blocks/text.mjml.j2
        <mj-text>{{ block.text.html }}</mj-text>
    Remedy: take what changes from one build to the next out of the template
    """
    again = dossier.again()
    if again is None:
        return
    for edition, other in zip(dossier.editions, again, strict=True):
        forms = {
            "mail.mjml.j2": edition.html == other.html,
            "mail.txt.j2": edition.text == other.text,
            "frame.html.j2": edition.web == other.web and edition.files == other.files,
        }
        differing = [name for name, same in forms.items() if not same]
        if differing or replace(edition, marked=None) != replace(other, marked=None):
            at = dossier.template_line(differing[0], 1) if differing else dossier.whole
            if random := first_random(dossier):
                at = dossier.template_line(*random)
            message = phrase("a second build gives other bytes")
            hint = phrase("take what changes from one build to the next out of the template")
            yield Finding("repro/deterministic", "error", at, message, hint)


def first_random(dossier: Dossier) -> tuple[str, int] | None:
    """The template of the project, and the line in it, that draws lots."""
    for template in dossier.templates:
        for number, line in enumerate(template.lines, 1):
            if "random" in line:
                return template.name, number
    return None
