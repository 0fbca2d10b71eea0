"""The imprint as lines, for the pages of the web service."""

from ruhrmail.config import Config
from ruhrmail.i18n import translator
from ruhrmail.model.phrase import phrase


def imprint_lines(config: Config, language: str) -> list[str]:
    """Who answers for the newsletter (§ 5 DDG, § 18 MStV), in this language (`de`, `en`)."""
    words = translator(language)
    imprint = config.imprint
    labelled = (
        (phrase("Phone: {value}"), imprint.phone),
        (phrase("E-mail: {value}"), imprint.email),
        (phrase("Represented by: {value}"), imprint.represented_by),
        (phrase("Register: {value}"), imprint.register_),
        (phrase("VAT id: {value}"), imprint.vat_id),
        (phrase("Responsible for the content: {value}"), imprint.responsible),
    )
    return [
        imprint.organisation,
        f"{imprint.street}, {imprint.city}",
        *(words(label.template, value=value) for label, value in labelled if value),
        *([imprint.web] if imprint.web else []),
    ]
