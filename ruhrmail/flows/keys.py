"""New DKIM keys, and the DNS records that publish them."""

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic_core import PydanticCustomError

from ruhrmail.compose.keys import KeyType, make_key, record_of, split_record
from ruhrmail.config import Config, key_variable, read_selector
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.signing import key_path, read_private_key
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.tokens import Keyring, rotate_secrets

ANOTHER = phrase("take another selector, or see its record with --show")


@dataclass(frozen=True, slots=True)
class Record:
    """The DNS record that publishes a key: `name` without a dot at its end, the strings of a TXT record.

    `listed` is False where no entry of `dkim` in the settings uses the key yet; `file` is where keys of its name lie.
    """

    name: str
    domain: str
    strings: tuple[str, ...]
    listed: bool
    file: str
    findings: tuple[Finding, ...] = ()


def check_selector(text: str) -> None:
    """Raises UsageError for what cannot be a selector."""
    try:
        read_selector(text)
    except PydanticCustomError as error:
        context = error.context or {}
        message = Phrase(str(context["template"]), {"value": text})
        raise UsageError(message, hint=phrase(str(context["hint"]))) from None


def make_dkim_key(config: Config, selector: str, kind: KeyType) -> Record:
    """Writes a new key (mode 0600) and says what to publish. Raises RuhrmailError where there is a key already."""
    variable = key_variable(selector)
    if variable in config.dkim_keys:
        raise RuhrmailError(phrase("{variable} holds a key already", variable=variable), hint=ANOTHER)
    path = key_path(config, selector)
    try:
        config.state_folder.mkdir(mode=0o700, exist_ok=True)
        write_private(path, make_key(kind))
    except FileExistsError:
        raise RuhrmailError(phrase("{file} is in the way", file=config.name_of(path)), hint=ANOTHER) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        message = phrase("{file} cannot be written: {reason}", file=config.name_of(path), reason=reason)
        raise RuhrmailError(message) from None
    return show_dkim_record(config, selector)


def rotate_keys(config: Config, machine: Machine) -> Keyring:
    """Makes a new key that signs the tokens of links; the others go on verifying. Raises RuhrmailError."""
    if config.secrets:
        raise RuhrmailError(
            phrase("RUHRMAIL_SECRET holds the secrets, not the file in .ruhrmail/"),
            hint=phrase(
                "put a new one in front, with a comma: the first signs, all verify. Make one with: "
                "python -c 'import secrets; print(secrets.token_hex(32))'"
            ),
        )
    return rotate_secrets(config.state_folder, machine.randomness)


def write_private(path: Path, content: bytes) -> None:
    """Writes a new file for its owner alone. Raises FileExistsError and other OSErrors; then nothing is left of it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink()
        raise


def show_dkim_record(config: Config, selector: str) -> Record:
    """What to publish for a selector's key. Raises InvalidInput."""
    key, findings = read_private_key(config, selector)
    listed = [one.domain for one in config.settings.dkim if one.selector == selector]
    domain = listed[0] if listed else config.newsletter.sender.address.rpartition("@")[2]
    file = config.name_of(key_path(config, selector))
    strings = split_record(record_of(key))
    return Record(f"{selector}._domainkey.{domain}", domain, strings, bool(listed), file, tuple(findings))
