"""What ruhrmail.yaml may say."""

import ipaddress
import re
from typing import Annotated, Literal, Self
from urllib.parse import quote, urlsplit

import idna
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from ruhrmail.config.dkim import read_selector
from ruhrmail.config.relays import Rate, parse_relay, read_rates, read_relay_url
from ruhrmail.model.blocks import Line, Written, host_of, wrong
from ruhrmail.model.issue import Language

RATE_SCHEMA = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*/\s*[smhd]\s*$"}
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}


def read_duration(text: object) -> object:
    """`1s`, `5m`, `24h`, `2d` to seconds."""
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m|h|d)", str(text).strip())
    if not match:
        raise wrong(
            "config/duration", "this is no duration: {value}", "a number and s, m, h or d, such as 5m", value=str(text)
        )
    return float(match[1]) * UNITS[match[2]]


def read_address(text: str) -> str:
    """A mail address, its domain in ASCII."""
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        raise wrong(
            "config/address", "this is no mail address: {value}", "such as redaktion@newsletter.example", value=text
        ) from None
    return checked.ascii_email or checked.normalized


def read_domain(text: str) -> str:
    """A domain that a mail address can end in, in ASCII."""
    try:
        checked = validate_email(f"u@{text}", check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        raise wrong(
            "config/domain", "this is no domain: {value}", "such as bounce.newsletter.example", value=text
        ) from None
    return checked.ascii_domain


def read_web_url(text: str) -> str:
    """A web address as headers and browsers have it: ASCII, without login and query, its trailing slash dropped."""
    try:
        parts = urlsplit(text)
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:  # a broken port, bracket or name
        host, port = "", None
    if not host_of(text) or not host or "@" in parts.netloc or re.search(r"[\s?#]", text):
        raise wrong("config/url", "this is no web address: {value}", "such as https://newsletter.example", value=text)
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{path}".rstrip("/")


def read_web_page(text: str) -> str:
    """A web address as people read it: checked, and left as it is written."""
    read_web_url(text)
    return text.rstrip("/")


def ascii_host(host: str) -> str:
    """A host as browsers send it (RFC 5891). Raises ValueError for what is none."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return idna.encode(host, uts46=True).decode("ascii")
    return f"[{address}]" if address.version == 6 else str(address)


def read_relay_name(text: str) -> str:
    """What a relay is called: its login stands in variables of that name."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,39}", text):
        raise wrong(
            "config/relay", "{value} cannot name a relay", "letters a-z, digits and _, such as main", value=text
        )
    return text


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


YEAR = 366 * 86400
MAX_FONTS = 200
FONT_NAME = re.compile(r"-?[A-Za-z][A-Za-z0-9-]*(?: [A-Za-z][A-Za-z0-9-]*)*")
GENERIC_FONTS = ("serif", "sans-serif", "monospace")
MAX_RADIUS = 30
Duration = Annotated[
    float,
    BeforeValidator(read_duration),
    Field(gt=0, le=YEAR),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(ms|s|m|h|d)\s*$"}),
]
Address = Annotated[Line, AfterValidator(read_address)]
Domain = Annotated[Line, AfterValidator(read_domain)]
WebUrl = Annotated[Line, AfterValidator(read_web_url)]
WebPage = Annotated[Line, AfterValidator(read_web_page)]
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


class RelaySettings(Written):
    """A server that takes mail from us."""

    url: Annotated[Line, AfterValidator(read_relay_url)]
    name: Annotated[str, AfterValidator(read_relay_name)] | None = None
    connections: Annotated[int, Field(ge=1, le=1000)] = 5
    rate: Annotated[tuple[Rate, ...], BeforeValidator(read_rates), WithJsonSchema(RATE_SCHEMA)] = ()

    @model_validator(mode="after")
    def login_has_a_name(self) -> Self:
        if self.name is None and parse_relay(self.url).user:
            raise wrong(
                "config/relay",
                "a relay with a user needs a name",
                "add `name: main`; its password is read from RUHRMAIL_RELAY_MAIN_PASSWORD",
                at="url",
            )
        return self


class Retry(Written):
    """When deferred mail is tried again, in seconds; the last gap repeats until `for` is over."""

    gaps: Annotated[tuple[Duration, ...], Field(min_length=1)] = (60, 300, 900, 3600, 14400)
    for_: Annotated[Duration, Field(alias="for")] = 86400


class Timeout(Written):
    """How long a relay may take, in seconds (RFC 5321 section 4.5.3.2)."""

    connect: Duration = 30
    command: Duration = 300
    dot: Duration = 600


class Delivery(Written):
    """How mail leaves."""

    relays: tuple[RelaySettings, ...] = ()
    retry: Retry = Retry()
    timeout: Timeout = Timeout()
    return_path: Literal["verp", "plain"] = "verp"
    return_domain: Domain | None = None


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
    store: Line = "sqlite:///.ruhrmail/state.db"
    delivery: Delivery = Delivery()
    dkim: tuple[DkimSettings, ...] = ()
