"""Seed addresses: a test mail to mailboxes of our own at providers, and where it arrives."""

import asyncio
import base64
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from ruhrmail.collect.authentication import Authentication
from ruhrmail.collect.search import wait_for_mail
from ruhrmail.compose import SAMPLE_PERSON
from ruhrmail.config import Config, Seed
from ruhrmail.errors import MailboxError, RelayError, UsageError
from ruhrmail.flows.edition import make_edition
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.roster import merge_columns
from ruhrmail.flows.signing import seal_of
from ruhrmail.flows.trial import send_one, trial_message
from ruhrmail.flows.work import destination_of, policy_of, relays_for
from ruhrmail.model.mail import Envelope, Message, Outcome
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.tokens import SAMPLE_TOKEN, return_address

PAUSE = 5.0
"""Seconds between two looks into a mailbox."""
INBOX, JUNK, MISSING, UNSENT, UNREADABLE = "inbox", "junk", "missing", "unsent", "unreadable"


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long a mail is waited for, and how long between two looks; both in seconds."""

    patience: float
    pause: float = PAUSE


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one seed's mail.

    `state`: `inbox` (or another folder that is none for spam), `junk`, `missing` (not in time), `unsent` (no relay took
    it), `unreadable` (the mailbox). `folder` names where it lies, `seconds` how long it took at most, `trouble` why it
    is unsent or unreadable.
    """

    name: str
    address: str
    state: str
    folder: str = ""
    seconds: float = 0.0
    authentications: tuple[Authentication, ...] = ()
    trouble: Phrase | None = None

    @property
    def good(self) -> bool:
        """Whether it arrived in front of the reader, and no check of its sender failed."""
        return self.state == INBOX and all(one.result not in ("fail", "permerror") for one in self.authentications)


def try_seeds(config: Config, slug: str, machine: Machine, waiting: Waiting) -> list[Arrival]:
    """Sends the issue, filled in for a made-up reader, to every seed address, and waits for it.

    The envelope sender is of the kind that mailings have. Raises UsageError where the settings name no seeds,
    InvalidInput for errors in the issue and DKIM keys.
    """
    seeds = config.seeds
    if not seeds:
        raise UsageError(
            phrase("the settings name no seed addresses"),
            hint=phrase("write `seeds` into ruhrmail.yaml: mailboxes of your own at providers"),
        )
    letters = letters_to(config, slug, machine, seeds)
    with ThreadPoolExecutor(len(seeds)) as pool:
        return list(pool.map(lambda one: try_seed(config, machine, one[0], one[1], waiting), letters))


def letters_to(config: Config, slug: str, machine: Machine, seeds: Sequence[Seed]) -> list[tuple[Seed, Message]]:
    """The finished mail for each seed: what readers without tags get."""
    edition = make_edition(config, slug, merge_columns(config)).editions[0]
    seal = seal_of(config, machine.now) or (lambda message: message)
    sender = envelope_sender(config)
    made = []
    for seed in seeds:
        message = seal(trial_message(config, edition, replace(SAMPLE_PERSON, email=seed.address), machine))
        made.append((seed, replace(message, envelope=Envelope(sender, message.envelope.recipient))))
    return made


def envelope_sender(config: Config) -> str:
    """A return address like those of mailings, so that SPF is tried as it will be; its token is nobody's."""
    if config.settings.delivery.return_path == "plain":
        return config.newsletter.sender.address
    token = base64.b32encode(base64.urlsafe_b64decode(SAMPLE_TOKEN)).decode().lower().rstrip("=")
    return return_address(token, config.return_domain)


def try_seed(config: Config, machine: Machine, seed: Seed, message: Message, waiting: Waiting) -> Arrival:
    """One seed: sent, waited for, found."""
    begun = time.monotonic()
    relay = relays_for(config, destination_of(config))[0]
    try:
        attempt = asyncio.run(send_one(message, relay, policy_of(config, machine)))
    except RelayError as error:
        return Arrival(seed.name, seed.address, UNSENT, trouble=error.message)
    if attempt.outcome is not Outcome.SENT:
        said = str(attempt.reply.text if attempt.reply else attempt.text)
        return Arrival(seed.name, seed.address, UNSENT, trouble=phrase("the relay says: {text}", text=said))
    try:
        found = wait_for_mail(seed.imap, message.message_id, begun + waiting.patience, waiting.pause)
    except MailboxError as error:
        return Arrival(seed.name, seed.address, UNREADABLE, trouble=error.message)
    seconds = round(time.monotonic() - begun, 1)
    if found is None:
        return Arrival(seed.name, seed.address, MISSING, seconds=seconds)
    state = JUNK if found.junk else INBOX
    return Arrival(seed.name, seed.address, state, found.folder, seconds, found.authentications)
