"""The imprint as lines, for the pages of the web service and around the issues."""

from ruhrmail.config import Config
from ruhrmail.i18n import translator
from ruhrmail.model.imprint import ImprintLine


def imprint_lines(config: Config, language: str) -> list[ImprintLine]:
    """Who answers for the newsletter (§ 5 DDG, § 18 MStV), in this language (`de`, `en`), as the mails have it."""
    words = translator(language)
    imprint = config.imprint
    labelled = (
        ("Phone", imprint.phone, f"tel:{(imprint.phone or '').replace(' ', '')}"),
        ("E-mail", imprint.email, f"mailto:{imprint.email}"),
        ("Web", imprint.web, imprint.web),
        ("Represented by", imprint.represented_by, ""),
        ("Register", imprint.register_, ""),
        ("VAT ID", imprint.vat_id, ""),
        ("Responsible for the content", imprint.responsible, ""),
    )
    return [
        ImprintLine(imprint.organisation),
        ImprintLine(f"{imprint.street}, {imprint.city}"),
        *(ImprintLine(value, words(label), url or "") for label, value, url in labelled if value),
    ]
