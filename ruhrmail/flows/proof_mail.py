"""A proof to what one reader gets: HTML, text, headers and the whole message, and what lies beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser

from ruhrmail.compose import Filling, fill_html, fill_subject, fill_text, merge, name_message, prepare
from ruhrmail.config import Config
from ruhrmail.flows.build import file_label, sample_date
from ruhrmail.flows.edition import Made
from ruhrmail.flows.headers import headers_of
from ruhrmail.flows.readers import Reader
from ruhrmail.model.edition import Asset, Edition, File
from ruhrmail.simulate import View, simulate
from ruhrmail.tokens import SAMPLE_TOKEN

BASE = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
NEW_WINDOW = '<base target="_blank">'


@dataclass(frozen=True, slots=True)
class Chosen:
    """One variant of an issue, as one reader gets it."""

    config: Config
    made: Made
    edition: Edition
    reader: Reader

    @property
    def html(self) -> str:
        """The HTML part as it is sent."""
        return fill_html(self.edition.html, self.reader.person, self.edition.language, SAMPLE_TOKEN)

    @property
    def text(self) -> str:
        """The text part."""
        return fill_text(self.edition.text, self.reader.person, self.edition.language, SAMPLE_TOKEN)

    @property
    def subject(self) -> str:
        """The subject."""
        return fill_subject(self.edition.subject, self.reader.person, self.edition.language)

    @property
    def preheader(self) -> str:
        """The preview text, empty where there is none."""
        return fill_subject(self.edition.preheader, self.reader.person, self.edition.language)

    def message(self) -> bytes:
        """The whole message, with a token that opens nothing."""
        headers = headers_of(self.config, sample_date(self.made))
        name = name_message(f"preview {self.edition.slug} {self.edition.variant}", b"", headers.list_domain)
        filling = Filling(self.reader.person, name, SAMPLE_TOKEN, headers.sender_address)
        return merge(prepare(self.edition, headers), filling).content

    def headers(self) -> Sequence[tuple[str, str]]:
        """The headers of the message as people read them."""
        parsed = BytesParser(policy=policy.default).parsebytes(self.message(), headersonly=True)
        return [(name, str(value)) for name, value in parsed.items()]

    def file_stem(self) -> str:
        """A name for the message as a file."""
        label = file_label(self.made, self.edition.variant)
        return re.sub(r"[^A-Za-z0-9.+-]", "-", f"{self.edition.slug}.{label}" if label else self.edition.slug)


def choose(config: Config, made: Made, reader: Reader, variant: str | None) -> Chosen | None:
    """The named variant, else the one that the reader's tags select; None for a name that the issue does not have."""
    name = made.variants.choose(reader.tags_in(made)) if variant is None else variant
    edition = next((one for one in made.editions if one.variant == name), None)
    return None if edition is None else Chosen(config, made, edition, reader)


def mail_frame(chosen: Chosen, view: View) -> str:
    """The mail for a frame: pictures come from beside it, links open a window of their own."""
    return open_outside(simulate(near_pictures(chosen.html, chosen), view))


def near_pictures(html: str, chosen: Chosen) -> str:
    """The HTML with its pictures beside it in `web/assets/` instead of in the archive or the message."""
    edition = chosen.edition
    for asset in edition.assets if edition.embedded else ():
        html = html.replace(f"cid:{asset.content_id}", f"web/assets/{asset.name}")
    return html.replace(f'"{chosen.config.url}/archive/{edition.slug}/assets/', '"web/assets/')


def open_outside(html: str) -> str:
    """The HTML with its links opening in a window of their own: a frame shows only what is ours."""
    return BASE.sub(lambda match: match[0] + NEW_WINDOW, html, count=1)


def find_asset(made: Made, name: str) -> Asset | None:
    """A fitted picture by its name."""
    return next((one for one in made.edition.assets if one.name == name), None)


def find_file(made: Made, name: str) -> File | None:
    """An article's page or a calendar by its name."""
    return next((one for one in made.edition.files if one.name == name), None)
