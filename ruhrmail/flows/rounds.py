"""Mailboxes of returned mail looked at again and again: a duty for each."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ruhrmail.config import Config, Mailbox
from ruhrmail.errors import StoreLocked
from ruhrmail.flows.housekeeping import Duty, Tell
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.mailboxes import Intake, Word, intake_of, mailboxes_of, read_mailbox
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import Store
from ruhrmail.tokens import Keyring


def mailbox_duties(
    config: Config,
    store: Store,
    keyring: Keyring,
    machine: Machine,
    tell: Tell,
    mailboxes: Sequence[Mailbox] | None = None,
) -> tuple[Duty, ...]:
    """Reads the mailboxes (without them those of the settings), each `every` so often and in a thread of its own."""
    intake = intake_of(config, store, keyring, machine, teller(tell))
    chosen = mailboxes_of(config) if mailboxes is None else mailboxes
    return tuple(Duty(one.name, one.every, Round(intake, one).go) for one in chosen)


@dataclass(frozen=True, slots=True)
class Round:
    """One mailbox, looked at once in a while."""

    intake: Intake
    mailbox: Mailbox

    def go(self, leave: threading.Event) -> Phrase | None:
        """Reads what is new; returns what could not be read. Where another process reads it, nothing is to be done.

        Raises MailboxError, StoreError.
        """
        try:
            tally = read_mailbox(replace(self.intake, stopping=leave.is_set), self.mailbox)
        except StoreLocked:
            return None
        if not tally.unreadable:
            return None
        return phrase("{mailbox}: {count} messages cannot be read", mailbox=tally.mailbox, count=tally.unreadable)


def teller(tell: Tell) -> Callable[[Word], None]:
    """From a message's line to one that names its mailbox, and its place there."""

    def say(word: Word) -> None:
        place = f"{word.mailbox}, {word.place}" if word.place else word.mailbox
        tell(phrase("{place}: {text}", place=place, text=word.text))

    return say
