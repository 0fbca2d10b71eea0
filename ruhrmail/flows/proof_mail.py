"""A proof to what one reader gets: HTML, text, headers and the whole message, and what lies beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from typing import TYPE_CHECKING

from ruhrmail.compose import Filling, fill_html, fill_subject, fill_text, merge, name_message, prepare
from ruhrmail.config import Config
from ruhrmail.flows.build import file_label, sample_date
from ruhrmail.flows.edition import Made
from ruhrmail.flows.headers import headers_of
from ruhrmail.flows.letter import Letter
from ruhrmail.flows.readers import Reader
from ruhrmail.model.edition import Asset, Edition, File
from ruhrmail.simulate import DOCTYPE, Mode, View, mark_clip, prefer, rewrite_tags, simulate
from ruhrmail.tokens import SAMPLE_TOKEN

if TYPE_CHECKING:
    from ruhrmail.flows.sent import SentMail

BASE = re.compile(r"<head\b[^<>]*>", re.IGNORECASE)
CONNECTING = re.compile(r"<(?:link|i?frame)\b", re.IGNORECASE)
TARGET = re.compile(r"(?<=[\s\"'/])target\s*=", re.IGNORECASE)
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
        filling = Filling(self.reader.person, name, SAMPLE_TOKEN, headers.sender_address, SAMPLE_TOKEN)
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


def mail_frame(chosen: Chosen, view: View, clipped: str) -> str:
    """The mail for a frame: pictures come from beside it, links open a window of their own.

    `clipped` is what the line says that shows where Gmail ends it.
    """
    html = mark_clip(chosen.html, clipped) if view.clip else chosen.html
    return open_outside(simulate(near_pictures(html, chosen), view))


def stored_frame(config: Config, sent: "SentMail", view: View) -> str:
    """A mailing of the store for a frame; pictures that its issue still has are shown."""
    depth = 2 + sent.mailing.name.count("/")
    return open_outside(simulate(near_archive(sent.html, config.url, depth), view))


def letter_frame(letter: Letter, url: str) -> str:
    """A kept message for a frame."""
    return open_outside(prefer(near_archive(letter.html, url, 2), "light"))


def near_archive(html: str, url: str, depth: int) -> str:
    """The HTML with pictures of the archive taken from the issues as they are now, `depth` folders up."""
    known = re.compile(rf"([\"'(]){re.escape(url)}/archive/([A-Za-z0-9][\w.-]*)/assets/")
    return known.sub(lambda match: f"{match[1]}{'../' * depth}issues/{match[2]}/web/assets/", html)


def page_frame(html: str, mode: Mode) -> str:
    """A public page for a frame."""
    return open_outside(prefer(html, "light" if mode == "light" else "dark"))


def near_pictures(html: str, chosen: Chosen) -> str:
    """The HTML with its pictures beside it in `web/assets/` instead of in the archive or the message."""
    edition = chosen.edition
    for asset in edition.assets if edition.embedded else ():
        html = html.replace(f"cid:{asset.content_id}", f"web/assets/{asset.name}")
    return html.replace(f'"{chosen.config.url}/archive/{edition.slug}/assets/', '"web/assets/')


def open_outside(html: str) -> str:
    """The HTML with its links opening in a window of their own: a frame shows only what is ours.

    No policy keeps a browser from connecting to where `<link rel="preconnect">` or `<iframe src>` say, even if it
    loads nothing from there; so there are no such elements.
    """
    html = rewrite_tags(CONNECTING.sub("<meta", html), lambda _name, tag: TARGET.sub("data-target=", tag))
    opened, count = BASE.subn(lambda match: match[0] + NEW_WINDOW, html, count=1)
    return opened if count else DOCTYPE.sub(lambda match: match[0] + NEW_WINDOW, html, count=1)


def find_asset(made: Made, name: str) -> Asset | None:
    """A fitted picture by its name."""
    return next((one for one in made.edition.assets if one.name == name), None)


def find_file(made: Made, name: str) -> File | None:
    """An article's page or a calendar by its name."""
    return next((one for one in made.edition.files if one.name == name), None)
