"""The imprint as lines, for the pages of the web service."""

from ruhrmail.config import Config
from ruhrmail.i18n import translator


def imprint_lines(config: Config) -> list[str]:
    """Who answers for the newsletter (§ 5 DDG, § 18 MStV), in the newsletter's language."""
    words = translator(config.newsletter.language)
    imprint = config.imprint
    labelled = (
        ("Phone: {value}", imprint.phone),
        ("E-mail: {value}", imprint.email),
        ("Represented by: {value}", imprint.represented_by),
        ("Register: {value}", imprint.register_),
        ("VAT id: {value}", imprint.vat_id),
        ("Responsible for the content: {value}", imprint.responsible),
    )
    return [
        imprint.organisation,
        f"{imprint.street}, {imprint.city}",
        *(words(label, value=value) for label, value in labelled if value),
        *([imprint.web] if imprint.web else []),
    ]
