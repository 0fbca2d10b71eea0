"""What people agree to: the text on the form, and the hash that proves which one it was."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Wording:
    """The whole text that stands beside the form's button, in one language (`de` or `en`)."""

    text: str
    language: str

    @property
    def sha256(self) -> str:
        """The hexadecimal SHA-256 of the text's UTF-8 bytes."""
        return sha256(self.text.encode()).hexdigest()


DEFAULT = {
    "de": "Ich möchte den Newsletter „{name}“ von {organisation} an meine E-Mail-Adresse erhalten. Diese Einwilligung "
    "kann ich jederzeit für die Zukunft widerrufen: über den Link am Ende jeder Ausgabe oder formlos an {address}.",
    "en": "I would like to receive the newsletter “{name}” of {organisation} at my e-mail address. I can withdraw this "
    "consent at any time for the future: by the link at the end of each issue, or informally to {address}.",
}


def default_wording(language: str, name: str, organisation: str, address: str) -> Wording:
    """The text for settings that have none of their own: who writes, what, and how to leave."""
    return Wording(DEFAULT[language].format(name=name, organisation=organisation, address=address), language)
