"""What ruhrmail.yaml may say about consent, and about audiences."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from ruhrmail.model.audience import BadAudience, parse_audience
from ruhrmail.model.links import Url, host_of
from ruhrmail.model.written import Line, Written, wrong

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
Wording = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000)]


def read_privacy(text: str) -> str:
    """The address of a web page, as a link may be; mail and telephone are none."""
    if not host_of(text):
        raise wrong("config/url", "this is no web address: {value}", "such as https://newsletter.example", value=text)
    return text


class ConsentWording(Written):
    """What people agree to, by the language of the page; without it, a text with the newsletter's name."""

    de: Wording | None = None
    en: Wording | None = None


class ConsentSettings(Written):
    """How people come onto the list by themselves."""

    wording: ConsentWording = ConsentWording()
    purge: Annotated[int, Field(ge=1, le=60)] = 14
    origin: bool = False
    privacy: Annotated[Url, AfterValidator(read_privacy)] | None = None


def read_audience_name(text: str) -> str:
    """What an audience is called: it names mailings."""
    if not NAME.fullmatch(text):
        raise wrong(
            "config/audience", "{value} cannot name an audience", "small letters a-z, digits, - and _", value=text
        )
    return text


def read_expression(text: str) -> str:
    """An expression that can be understood, as it is written."""
    try:
        parse_audience(text)
    except BadAudience as error:
        found = text[error.at : error.at + 20].strip() or "…"
        template = "this is no audience, at {found}: {reason}"
        raise wrong("config/audience", template, str(error.hint), found=found, reason=error.message) from None
    return text


AudienceName = Annotated[str, AfterValidator(read_audience_name)]
AudienceExpression = Annotated[Line, AfterValidator(read_expression)]
