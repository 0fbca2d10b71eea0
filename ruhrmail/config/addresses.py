"""Addresses of mail and web as ruhrmail.yaml may write them."""

import ipaddress
import re
from typing import Annotated
from urllib.parse import quote, urlsplit

import idna
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator

from ruhrmail.model.links import host_of
from ruhrmail.model.written import Line, wrong


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


def read_host(text: str) -> str:
    """A host without scheme and port, in small ASCII letters."""
    try:
        host = ascii_host(text.strip("[]")).strip("[]").lower()
    except ValueError:
        raise wrong("config/host", "this is no host: {value}", "such as www.halle.example", value=text) from None
    return host


def read_resolver(text: str) -> str:
    """The address of a name server: `192.0.2.53`, `127.0.0.1:5353`, `[2001:db8::53]:53`."""
    try:
        split_resolver(text)
    except ValueError:
        raise wrong("config/resolver", "this is no address of a name server: {value}", "such as 192.0.2.53 or "
                    "127.0.0.1:5353", value=text) from None  # fmt: skip
    return text


def split_resolver(text: str) -> tuple[str, int]:
    """Address and port of a name server. Raises ValueError."""
    match = re.fullmatch(r"\[([^\]]+)\](?::([0-9]{1,5}))?|([^:]+):([0-9]{1,5})|(.+)", text)
    host, port = (match[1] or match[3] or match[5], int(match[2] or match[4] or 53)) if match else ("", 0)
    if not 0 < port < 65536:
        raise ValueError(text)
    return str(ipaddress.ip_address(host)), port


Address = Annotated[Line, AfterValidator(read_address)]
Host = Annotated[Line, AfterValidator(read_host)]
Resolver = Annotated[Line, AfterValidator(read_resolver)]
Domain = Annotated[Line, AfterValidator(read_domain)]
WebUrl = Annotated[Line, AfterValidator(read_web_url)]
WebPage = Annotated[Line, AfterValidator(read_web_page)]
