"""Where the store is: `store:` in the settings, or RUHRMAIL_STORE."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from ruhrmail.config.environment import environment_error
from ruhrmail.errors import InvalidInput, UsageError
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source import Document

VARIABLE = "RUHRMAIL_STORE"
FILE = "sqlite:///"
SERVER = ("postgresql://", "postgres://")
SUCH_AS = phrase("such as sqlite:///.ruhrmail/state.db or postgresql://user@host/database")

HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+(?:%25[\w.-]+)?\]|[^\[\]:]*)(?::(?P<port>[0-9]{0,5}))?")
SECRETS = frozenset(("password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"))
"""The parameters that nobody may read."""


def absolute_store(text: str, project: Path, document: Document, environ: Mapping[str, str]) -> str:
    """The store's URL; a relative SQLite path counts from the project. Raises InvalidInput."""
    if text.startswith(FILE) and len(text) > len(FILE):
        return f"{FILE}{project / text.removeprefix(FILE)}"
    is_from_environment = bool(environ.get(VARIABLE))
    if text.startswith(SERVER):
        trouble = trouble_with(text) or (None if is_from_environment else told_secret(text))
        if trouble is None:
            return text
        rule, message, hint = trouble
    else:
        shown = "…" if is_from_environment else beginning_of(text)
        rule, message, hint = "config/store", phrase("this is no store: {value}", value=shown), SUCH_AS
    if is_from_environment:
        raise environment_error(VARIABLE, rule, message, hint)
    at = replace(document.at_value(("store",)), excerpt="")  # any part of the line may be the password's
    raise InvalidInput([Finding(rule, "error", at, message, hint)])


def given_store(text: str, project: Path) -> str:
    """The URL of a store named on the command line. Raises UsageError, without repeating it."""
    if text.startswith(FILE) and len(text) > len(FILE):
        return f"{FILE}{project / text.removeprefix(FILE)}"
    if not text.startswith(SERVER):
        raise UsageError(phrase("this is no store: {value}", value=beginning_of(text)), hint=SUCH_AS)
    trouble = trouble_with(text)
    if trouble is not None:
        raise UsageError(trouble[1], hint=trouble[2])
    return text


def beginning_of(text: str) -> str:
    """As much of what is no address as nobody hides a password in."""
    scheme, mark, _ = text.partition(":")
    return f"{scheme}:…" if mark else text


def trouble_with(url: str) -> tuple[str, Phrase, Phrase] | None:
    """What is wrong with the address of a database, as rule, message and hint.

    It must be clear where a password ends: otherwise the driver takes a part of it for the host, and says so aloud.
    """
    netloc, _ = parts_of(url)
    hosts = netloc.rpartition("@")[2].split(",")
    is_clear = url.count("@") == netloc.count("@") <= 1 and all(map(is_host, hosts))
    if is_clear and "#" not in url and url.isprintable() and " " not in url:
        return None
    message = phrase("the address of the PostgreSQL database cannot be read")
    return "config/store", message, phrase("write what is special in user or password with %, such as %40 for @")


def parts_of(url: str) -> tuple[str, str]:
    """Who and where, and the parameters, as they are written. `urlsplit` would repeat what it does not like."""
    rest = url.partition("://")[2]
    return re.split("[/?#]", rest, maxsplit=1)[0], rest.partition("?")[2]


def names_in(url: str) -> Iterator[str]:
    """The names of an address's parameters."""
    query = parts_of(url)[1]
    return (unquote(part.partition("=")[0]) for part in query.split("&") if part)


def is_host(text: str) -> bool:
    """Whether this is one of the hosts of an address, with or without a port."""
    found = HOST.fullmatch(text)
    return found is not None and 0 < int(found["port"] or "1") < 65536


def holds_secret(url: str) -> bool:
    """Whether a password stands in the address."""
    login = parts_of(url)[0].rpartition("@")[0]
    return bool(login.partition(":")[2]) or not SECRETS.isdisjoint(names_in(url))


def told_secret(url: str) -> tuple[str, Phrase, Phrase] | None:
    """The error for a password in the settings."""
    if not holds_secret(url):
        return None
    message = phrase("a password stands in the address of the store")
    return "config/secret", message, phrase("give the address in RUHRMAIL_STORE, or the password in PGPASSWORD")
