"""Where the store is: `store:` in the settings, or RUHRMAIL_STORE."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from ruhrmail.config.environment import environment_error
from ruhrmail.errors import InvalidInput, UsageError
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source import Document

VARIABLE = "RUHRMAIL_STORE"
FILE = "sqlite:///"
SERVER = ("postgresql://", "postgres://")
SUCH_AS = phrase("such as sqlite:///.ruhrmail/state.db or postgresql://user@host/database")


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
        shown = "…" if is_from_environment else text.rsplit("@", maxsplit=1)[-1]
        rule, message, hint = "config/store", phrase("this is no store: {value}", value=shown), SUCH_AS
    if is_from_environment:
        raise environment_error(VARIABLE, rule, message, hint)
    raise InvalidInput([Finding(rule, "error", document.at_value(("store",)), message, hint)])


def given_store(text: str, project: Path) -> str:
    """The URL of a store named on the command line. Raises UsageError, without repeating it."""
    if text.startswith(FILE) and len(text) > len(FILE):
        return f"{FILE}{project / text.removeprefix(FILE)}"
    if not text.startswith(SERVER):
        raise UsageError(phrase("this is no store: {value}", value=text.rsplit("@", maxsplit=1)[-1]), hint=SUCH_AS)
    trouble = trouble_with(text)
    if trouble is not None:
        raise UsageError(trouble[1], hint=trouble[2])
    return text


def trouble_with(url: str) -> tuple[str, Phrase, Phrase] | None:
    """What is wrong with the address of a database, as rule, message and hint.

    It must be clear where a password ends: otherwise the driver takes a part of it for the host, and says so aloud.
    """
    netloc = urlsplit(url).netloc
    is_clear = url.count("@") == netloc.count("@") <= 1 and all(map(is_host, netloc.rpartition("@")[2].split(",")))
    if is_clear and "#" not in url and not any(letter.isspace() for letter in url):
        return None
    message = phrase("the address of the PostgreSQL database cannot be read")
    return "config/store", message, phrase("write what is special in user or password with %, such as %40 for @")


def is_host(text: str) -> bool:
    """Whether this is one of the hosts of an address, with or without a port."""
    try:
        return urlsplit(f"//{text}").port != 0
    except ValueError:
        return False


def told_secret(url: str) -> tuple[str, Phrase, Phrase] | None:
    """The error for a password in the settings."""
    parts = urlsplit(url)
    if parts.password is None and "password=" not in parts.query:
        return None
    message = phrase("a password stands in the address of the store")
    return "config/secret", message, phrase("give the address in RUHRMAIL_STORE, or the password in PGPASSWORD")
