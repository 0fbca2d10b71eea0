"""Settings and private keys to DKIM signatures."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ruhrmail.config import Config, are_aligned, key_variable
from ruhrmail.errors import InvalidInput, RuhrmailError
from ruhrmail.model.finding import Finding, has_errors
from ruhrmail.model.location import Location
from ruhrmail.model.mail import Message
from ruhrmail.model.phrase import phrase

if TYPE_CHECKING:
    from ruhrmail.compose.dkim import PrivateKey, Signer

FOLDER = "dkim"
MISSING = "dkim/missing"


def seal_of(config: Config, now: Callable[[], datetime]) -> Callable[[Message], Message] | None:
    """The function that signs messages, None where the settings ask for none. Several threads may call it.

    Raises InvalidInput for keys that cannot be used.
    """
    if not config.settings.dkim:
        return None
    from ruhrmail.compose.dkim import signing

    signers, findings = read_signers(config)
    if has_errors(findings):
        raise InvalidInput(findings)
    return signing(signers, now)


def find_dkim_troubles(config: Config, *, missing: bool) -> list[Finding]:
    """What is wrong with the settings of `dkim` and their keys; a key that is not here counts only with `missing`."""
    findings = read_signers(config)[1] if config.settings.dkim else []
    return [one for one in findings if missing or one.rule != MISSING]


def refuse_broken_keys(config: Config) -> list[Finding]:
    """Warnings on DKIM keys. Raises InvalidInput for those that cannot be used, before anything begins."""
    findings = find_dkim_troubles(config, missing=True)
    if has_errors(findings):
        raise InvalidInput(findings)
    return findings


def read_signers(config: Config) -> tuple[list["Signer"], list[Finding]]:
    """The signers whose keys can be used, and what is wrong with the others and with the settings."""
    from ruhrmail.compose.dkim import Signer

    signers, findings = [], list(unaligned(config))
    for one in config.settings.dkim:
        try:
            key, found = read_private_key(config, one.selector)
        except InvalidInput as error:
            findings.extend(error.findings)
        else:
            signers.append(Signer(one.domain, one.selector, key))
            findings.extend(found)
    return signers, findings


def own_records(config: Config) -> dict[str, str]:
    """The DKIM records that belong to our private keys, by selector, as far as keys are here and can be used."""
    from ruhrmail.compose.keys import record_of

    return {one.selector: record_of(one.key) for one in read_signers(config)[0]} if config.settings.dkim else {}


def unaligned(config: Config) -> list[Finding]:
    """A warning where no signature is the sender's own: then DMARC does not count it (RFC 7489 section 3.1.1)."""
    sender = config.newsletter.sender.address.rpartition("@")[2]
    domains = [one.domain for one in config.settings.dkim]
    if not domains or any(are_aligned(domain, sender) for domain in domains):
        return []
    message = phrase("no DKIM signature is for the sender's domain {domain}", domain=sender)
    at = config.document.at_value(("dkim", 0, "domain"))
    return [Finding("dkim/domain", "warning", at, message, phrase("sign for {domain}, or DMARC fails", domain=sender))]


def read_private_key(config: Config, selector: str) -> tuple["PrivateKey", list[Finding]]:
    """A selector's private key, from the environment or else from its file, and warnings. Raises InvalidInput."""
    from ruhrmail.compose.keys import is_weak, read_key

    pem, at = find_pem(config, selector)
    try:
        key = read_key(pem, at)
    except RuhrmailError as error:
        raise InvalidInput([Finding("dkim/key", "error", at, error.message, error.hint)]) from None
    findings = readable_by_others(config, selector)
    if is_weak(key):
        hint = phrase("make another with: ruhrmail keys dkim SELECTOR")
        message = phrase("this RSA key has fewer than 2048 bits: some servers do not count its signatures")
        findings.append(Finding("dkim/weak", "warning", at, message, hint))
    return key, findings


def find_pem(config: Config, selector: str) -> tuple[bytes, Location]:
    """A selector's key as it was stored, and where it came from. Raises InvalidInput where there is none."""
    variable = key_variable(selector)
    if variable in config.dkim_keys:
        return config.dkim_keys[variable].encode(), Location(variable, 0, 0)
    path = key_path(config, selector)
    at = Location(config.name_of(path), 0, 0)
    try:
        return path.read_bytes(), at
    except FileNotFoundError:
        message = phrase("there is no key for the DKIM selector {selector}", selector=selector)
        hint = phrase(
            "make one with: ruhrmail keys dkim {selector}, or put it into {variable}",
            selector=selector, variable=variable,
        )  # fmt: skip
        raise InvalidInput([Finding(MISSING, "error", at, message, hint)]) from None
    except OSError as error:
        message = phrase("the DKIM key cannot be read: {reason}", reason=error.strerror or type(error).__name__)
        hint = phrase("check the permissions of the file")
        raise InvalidInput([Finding("dkim/key", "error", at, message, hint)]) from None


def readable_by_others(config: Config, selector: str) -> list[Finding]:
    """A warning where a key comes from a file that more people than its owner may read."""
    path = key_path(config, selector)
    if key_variable(selector) in config.dkim_keys or os.name == "nt" or not path.stat().st_mode & 0o077:
        return []
    name = config.name_of(path)
    message = phrase("others can read this private key")
    return [Finding("dkim/readable", "warning", Location(name, 0, 0), message, phrase("chmod 600 {file}", file=name))]


def key_path(config: Config, selector: str) -> Path:
    """Where a selector's key lies."""
    return config.state_folder / FOLDER / f"{selector}.pem"
