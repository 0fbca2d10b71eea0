"""A test mail: an issue to a few named addresses, without a ledger entry."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from ruhrmail.compose import SAMPLE_PERSON, Filling, merge, prepare
from ruhrmail.config import Config, Relay
from ruhrmail.deliver import Dialling, Policy, connect, deliver_one
from ruhrmail.errors import UsageError
from ruhrmail.flows.edition import make_edition
from ruhrmail.flows.headers import headers_of
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.roster import merge_columns
from ruhrmail.flows.signing import seal_of
from ruhrmail.flows.work import destination_of, policy_of, relays_for
from ruhrmail.model.edition import Edition
from ruhrmail.model.mail import Attempt, Message, Outcome
from ruhrmail.model.people import Person
from ruhrmail.model.phrase import phrase
from ruhrmail.tokens import SAMPLE_TOKEN


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one test mail; `variant` is empty for the one that readers without tags get."""

    address: str
    attempt: Attempt
    variant: str = ""

    @property
    def sent(self) -> bool:
        """True when the relay took it."""
        return self.attempt.outcome is Outcome.SENT


def send_trials(config: Config, slug: str, addresses: Sequence[str], machine: Machine) -> Iterator[Trial]:
    """Sends every variant of the issue, filled in for a made-up reader, to each address: a test mail is there to be
    looked at before readers do. Its unsubscribe link opens nothing.

    Raises UsageError for an impossible address, InvalidInput for errors in the issue and DKIM keys, RelayError.
    """
    people = [replace(SAMPLE_PERSON, email=read_address(one, config)) for one in addresses]
    made = make_edition(config, slug, merge_columns(config))
    relay = relays_for(config, destination_of(config))[0]
    policy = policy_of(config, machine)
    seal = seal_of(config, machine.now) or (lambda message: message)
    for person in people:
        for edition in made.editions:
            message = seal(trial_message(config, edition, person, machine))
            yield Trial(person.email, asyncio.run(send_one(message, relay, policy)), edition.variant)


def send_trial(
    config: Config, edition: Edition, person: Person, machine: Machine, inbox: Path | None = None
) -> tuple[Trial, str]:
    """Sends one variant to somebody, whose address is a test address; with `inbox` into that Maildir.

    Returns what became of it, and the relay's name. Raises InvalidInput for DKIM keys that cannot be used,
    RuhrmailError for an address that no header can hold, RelayError.
    """
    seal = seal_of(config, machine.now) or (lambda message: message)
    message = seal(trial_message(config, edition, person, machine))
    relay = relays_for(config, destination_of(config))[0]
    if inbox is not None:
        relay = Relay("inbox", "maildir", path=str(inbox.absolute()), connections=1)
    attempt = asyncio.run(send_one(message, relay, policy_of(config, machine)))
    return Trial(person.email, attempt, edition.variant), relay.name


def read_address(text: str, config: Config) -> str:
    """An address with its domain in ASCII, and the rest too unless SMTPUTF8 is allowed. Raises UsageError."""
    smtputf8 = config.settings.delivery.smtputf8
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=smtputf8, test_environment=True)
    except EmailNotValidError as error:
        hint = phrase("write it as name@domain, without a display name")
        raise UsageError(phrase("this is no mail address: {value}", value=text), hint=hint) from error
    return f"{checked.local_part}@{checked.ascii_domain}"


def trial_message(config: Config, edition: Edition, person: Person, machine: Machine) -> Message:
    """The message for one test address; every run gives it a Message-ID of its own."""
    now = machine.now()
    sender = config.newsletter.sender.address
    digest = sha256(f"{edition.slug} {edition.variant} {person.email} {now.isoformat()}".encode()).hexdigest()[:32]
    filling = Filling(person, f"<{digest}@{sender.rpartition('@')[2]}>", SAMPLE_TOKEN, sender, SAMPLE_TOKEN)
    return merge(prepare(edition, headers_of(config, now)), filling)


async def send_one(message: Message, relay: Relay, policy: Policy) -> Attempt:
    """One message over a connection of its own. Raises RelayError."""
    connection = await connect(relay, Dialling(policy.local_hostname, policy.timeout))
    try:
        return await deliver_one(connection, message)
    finally:
        await connection.quit()
