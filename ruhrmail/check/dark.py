"""What dark mode needs."""

from collections.abc import Iterator

from ruhrmail.check.dossier import Dossier
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase

METAS = ("color-scheme", "supported-color-schemes")


def find_missing_metas(dossier: Dossier) -> Iterator[Finding]:
    """The mail does not say that it has a dark form.

    Why: Apple Mail shows the dark colours of a style sheet only where both metas name the scheme; without them it turns
        light colours around by itself.
    Bad:
        # templates/mail.mjml.j2, in part
        <mj-head><mj-title>{{ issue.title }}</mj-title></mj-head>
    Good:
        # templates/mail.mjml.j2, in part
        <mj-raw>
          <meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
        </mj-raw>
    Remedy: write both metas into <mj-raw> in <mj-head>
    """
    for sheet in dossier.sheets_of("mail"):
        said = {meta.get("name", ""): meta.get("content", "") for meta in sheet.elements("meta")}
        missing = [name for name in METAS if "dark" not in said.get(name, "")]
        if missing:
            at = dossier.find_in_template("mail.mjml.j2", "<mj-head")
            message = phrase("the mail has no meta {names} with dark", names=", ".join(missing))
            hint = phrase("write both metas into <mj-raw> in <mj-head>")
            yield Finding("dark/meta", "warning", at, message, hint)
