"""Settings and environment to the mailboxes that are read: those of returned mail, and seed addresses."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ruhrmail.config.environment import environment_error
from ruhrmail.config.mailboxes import Imap, Mailbox, MailboxSettings, SeedSettings, parse_imap, parse_mailbox
from ruhrmail.errors import InvalidInput
from ruhrmail.model.finding import Finding
from ruhrmail.model.phrase import phrase
from ruhrmail.source import Document

Use = Literal["BOUNCES", "SEEDS"]
"""What a mailbox is read for; the variables of passwords say it."""


@dataclass(frozen=True, slots=True)
class Seed:
    """An address of ours at a provider, and the mailbox behind it."""

    name: str
    address: str
    imap: Imap


def mailboxes_from(
    several: Sequence[MailboxSettings], project: Path, document: Document, environ: Mapping[str, str]
) -> tuple[Mailbox, ...]:
    """The mailboxes of returned mail. Raises InvalidInput for one that stands there twice, and for logins."""
    found = tuple(
        replace(
            log_in_mailbox(parse_mailbox(one.source, project, one.name or ""), one.name or "", environ),
            every=one.every,
            delete=one.delete,
        )
        for one in several
    )
    twice(("bounces",), [one.key for one in found], "source", document)
    twice(("bounces",), [(one.name or "").lower() for one in several], "name", document)
    return found


def seeds_from(several: Sequence[SeedSettings], document: Document, environ: Mapping[str, str]) -> tuple[Seed, ...]:
    """The seed addresses. Raises InvalidInput for one that stands there twice, and for logins."""
    twice(("seeds",), [one.address.lower() for one in several], "address", document)
    twice(("seeds",), [(one.name or "").lower() for one in several], "name", document)
    return tuple(
        Seed(one.name or one.address, one.address, with_login(parse_imap(one.imap), "SEEDS", one.name or "", environ))
        for one in several
    )


def log_in_mailbox(mailbox: Mailbox, name: str, environ: Mapping[str, str]) -> Mailbox:
    """The mailbox with its password: that of its own name, without a name the one of RUHRMAIL_BOUNCES_PASSWORD."""
    if mailbox.imap is None:
        return mailbox
    return replace(mailbox, imap=with_login(mailbox.imap, "BOUNCES", name, environ))


def with_login(imap: Imap, use: Use, name: str, environ: Mapping[str, str]) -> Imap:
    """The account with what logs it in: RUHRMAIL_BOUNCES_PASSWORD, …_TOKEN, or with the name between them.

    Raises InvalidInput where both are given.
    """
    start = f"RUHRMAIL_{use}_{name.upper()}_" if name else f"RUHRMAIL_{use}_"
    password, token = environ.get(start + "PASSWORD", ""), environ.get(start + "TOKEN", "").strip()
    if password and token:
        message = phrase("this mailbox has both a password and a token")
        raise environment_error(
            start + "TOKEN", "config/mailbox", message, phrase("keep the one that the server wants")
        )
    return replace(imap, password=password, token=token, variable=start + "PASSWORD")


def twice(where: tuple[str, ...], keys: Sequence[str], key: str, document: Document) -> None:
    """Raises InvalidInput at the second of two equal mailboxes; what is empty is never equal."""
    count: Counter[str] = Counter()
    for number, one in enumerate(keys):
        count[one] += 1
        if one and count[one] > 1:
            at = document.at_value((*where, number, key))
            message, hint = phrase("this stands here twice"), phrase("leave one of them")
            raise InvalidInput([Finding("config/mailbox", "error", at, message, hint)])
