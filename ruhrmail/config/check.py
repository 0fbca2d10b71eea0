"""What ruhrmail.yaml says about checking: severities and thresholds."""

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ruhrmail.config.addresses import Domain, Host, Resolver
from ruhrmail.config.delivery import Duration
from ruhrmail.config.shares import Clients, Percent, usual_clients
from ruhrmail.model.written import Line, Written, wrong

Level = Literal["off", "info", "warning", "error"]
SIZE = re.compile(r"(\d{1,6})\s*(B|KB|KiB|MB|MiB)?", re.IGNORECASE)
FACTORS = {"": 1, "b": 1, "kb": 1024, "kib": 1024, "mb": 1024**2, "mib": 1024**2}


def read_size(text: object) -> int:
    """`80KB` to bytes; a kilobyte has 1024, as mail programs count them."""
    if isinstance(text, int):
        return text
    match = SIZE.fullmatch(str(text).strip())
    if not match:
        raise wrong("config/size", "this is no size: {value}", "such as 80KB", value=str(text))
    return int(match[1]) * FACTORS[(match[2] or "").lower()]


Size = Annotated[
    int,
    BeforeValidator(read_size),
    WithJsonSchema({"type": ["string", "integer"], "pattern": rf"(?i)^\s*{SIZE.pattern}\s*$"}),
]


class HtmlSize(Written):
    """How large the mail's HTML may grow."""

    warn: Size = 80 * 1024
    error: Size = 102 * 1024


class TextLength(Written):
    """How many characters a line should have."""

    least: Annotated[int, Field(ge=0, le=500)]
    most: Annotated[int, Field(ge=1, le=500)]

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.most < self.least:
            raise wrong("schema/range", "`most` is smaller than `least`", "swap them", at="most")
        return self


class SpamScore(Written):
    """From which score of SpamAssassin on `check --spam` complains."""

    warn: Annotated[float, Field(ge=-50, le=50)] = 2
    error: Annotated[float, Field(ge=-50, le=50)] = 5


class OnlineSettings(Written):
    """Whom `check --online` asks, and how long: seconds for a request, and for all of them."""

    timeout: Duration = 10
    total: Duration = 180
    skip: tuple[Host, ...] = ()
    allow: tuple[Host, ...] = ()
    resolver: Resolver | None = None


class BrowserSettings(Written):
    """What `check --browser` forgives: how many percent of the pixels may differ from the baseline."""

    tolerance: Annotated[float, Field(ge=0, le=100)] = 0.5


class CheckSettings(Written):
    """What `check` finds, and how badly it takes it."""

    rules: dict[Line, Level] = Field(default_factory=dict)
    size: HtmlSize = HtmlSize()
    subject: TextLength = TextLength(least=5, most=70)
    preheader: TextLength = TextLength(least=15, most=140)
    picture: Size = 400 * 1024
    hosts: tuple[Domain, ...] = ()
    clients: Clients = Field(default_factory=usual_clients)
    support: Percent = 5
    spam: SpamScore = SpamScore()
    online: OnlineSettings = OnlineSettings()
    browser: BrowserSettings = BrowserSettings()
