"""What ruhrmail.yaml may say."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from ruhrmail.config.addresses import Address, Domain, WebPage, WebUrl
from ruhrmail.config.check import CheckSettings
from ruhrmail.config.consent import AudienceExpression, AudienceName, ConsentSettings
from ruhrmail.config.delivery import Delivery, RelaySettings, Retry, Timeout
from ruhrmail.config.dkim import read_selector
from ruhrmail.config.mailboxes import MailboxSettings, SeedSettings
from ruhrmail.config.redirects import Redirects
from ruhrmail.config.topics import Topics
from ruhrmail.model.color import light_tone
from ruhrmail.model.issue import Language
from ruhrmail.model.written import Line, Written, wrong

__all__ = [
    "Colors",
    "Delivery",
    "Fonts",
    "Imprint",
    "Newsletter",
    "RelaySettings",
    "Retry",
    "Sender",
    "Settings",
    "Theme",
    "Timeout",
]


def read_color(text: str) -> str:
    """`#0b5563` or `#0bc`, in small letters with six digits."""
    match = re.fullmatch(r"#([0-9a-f]{6}|[0-9a-f]{3})", text.strip().lower())
    if not match:
        raise wrong("config/theme", "this is no colour: {value}", "write it as #0b5563, in quotation marks", value=text)
    digits = match[1]
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def read_fonts(text: str) -> str:
    """`"Times New Roman", serif` as `Times New Roman,serif`: names alone, for it stands in style attributes."""
    names = [re.sub(r"""^(["'])(.*)\1$""", r"\2", name.strip()).strip() for name in text.split(",")]
    if len(text) > MAX_FONTS or names[-1] not in GENERIC_FONTS or not all(map(FONT_NAME.fullmatch, names)):
        raise wrong(
            "config/theme",
            "this is no list of fonts: {value}",
            "names of letters and digits with commas between them, serif, sans-serif or monospace last, such as "
            "Georgia, Times New Roman, serif",
            value=text,
        )
    return ",".join(names)


MAX_FONTS = 200
FONT_NAME = re.compile(r"-?[A-Za-z][A-Za-z0-9-]*(?: [A-Za-z][A-Za-z0-9-]*)*")
GENERIC_FONTS = ("serif", "sans-serif", "monospace")
MAX_RADIUS = 30
Color = Annotated[
    str,
    AfterValidator(read_color),
    WithJsonSchema({"type": "string", "pattern": r"^\s*#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})\s*$"}),
]

FontList = Annotated[Line, AfterValidator(read_fonts)]


class Sender(Written):
    """Whom the mail comes from."""

    name: Line
    address: Address


class Newsletter(Written):
    """What the newsletter is and where it lives."""

    name: Line
    url: WebUrl
    sender: Sender
    language: Language = "de"
    reply_to: Address | None = None
    legal_basis: Line | None = None


class Imprint(Written):
    """Who answers for it (§ 5 DDG, § 18 MStV)."""

    organisation: Line
    street: Line
    city: Line
    email: Address
    phone: Line | None = None
    web: WebPage | None = None
    represented_by: Line | None = None
    register_: Annotated[Line | None, Field(alias="register")] = None
    vat_id: Line | None = None
    responsible: Line | None = None


class Colors(Written):
    """The theme's palette."""

    primary: Color = "#0b5563"
    accent: Color = "#b4530a"
    text: Color = "#17252a"
    background: Color = "#f2f5f4"
    muted: Color = "#5b6b6f"

    @property
    def dark_link(self) -> str:
        """`primary` as links have it in dark mode."""
        return light_tone(self.primary)

    @property
    def dark_accent(self) -> str:
        """`accent` as it is written in dark mode."""
        return light_tone(self.accent)


class Fonts(Written):
    """The theme's typefaces; what is missing is the theme's own choice."""

    heading: FontList | None = None
    text: FontList | None = None


class Theme(Written):
    """Which templates, in which colours and typefaces; `radius` rounds corners, in pixels."""

    name: Literal["ruhr", "magazin"] = "ruhr"
    logo: Line | None = None
    colors: Colors = Colors()
    fonts: Fonts = Fonts()
    radius: Annotated[int | None, Field(ge=0, le=MAX_RADIUS)] = None


class DkimSettings(Written):
    """One signature under each mail."""

    domain: Domain
    selector: Annotated[Line, AfterValidator(read_selector)]


class Settings(Written):
    """The whole of ruhrmail.yaml."""

    newsletter: Newsletter
    imprint: Imprint
    theme: Theme = Theme()
    images: Literal["hosted", "embedded"] = "hosted"
    subscribers: Line = "subscribers.csv"
    audiences: dict[AudienceName, AudienceExpression] = Field(default_factory=dict)
    topics: Topics = Field(default_factory=dict)
    redirects: Redirects = Field(default_factory=dict)
    consent: ConsentSettings = ConsentSettings()
    approval: Literal["required", "off"] = "off"
    store: Line = "sqlite:///.ruhrmail/state.db"
    delivery: Delivery = Delivery()
    dkim: tuple[DkimSettings, ...] = ()
    bounces: Annotated[tuple[MailboxSettings, ...], Field(max_length=20)] = ()
    seeds: Annotated[tuple[SeedSettings, ...], Field(max_length=20)] = ()
    check: CheckSettings = CheckSettings()
