"""Web hooks of sending services: a request to what came back, and to the status that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ruhrmail.bounce.classes import classify
from ruhrmail.config import Config
from ruhrmail.errors import InvalidInput
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.returns import take_in_event
from ruhrmail.hooks import Fetch, Hook, HookRefused, HookRequest, make_fetch, make_hooks
from ruhrmail.model.bounce import ReturnEvent
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.store import Store
from ruhrmail.tokens import Keyring

TAKEN, UNKNOWN = 200, 404
NO_KEY = phrase("this cannot be the key of a web hook: {value}", value="…")


@dataclass(frozen=True, slots=True)
class Hooks:
    """The hooks that are listened to. `alarm` is told what the operator must know now."""

    config: Config
    store: Store
    keyring: Keyring
    machine: Machine
    hooks: Mapping[str, Hook]
    alarm: Callable[[Phrase], None]

    def receive(self, service: str, headers: Mapping[str, str], body: bytes) -> int:
        """Acts upon a request, durably before it is answered; returns the HTTP status. `headers` have small names.

        200 also for events that mean nothing to us, 403 for what is not proven the service's, 404 for one that is not
        listened to. Sent again, nothing counts twice. Raises StoreError: the service comes again.
        """
        hook = self.hooks.get(service)
        if hook is None:
            return UNKNOWN
        try:
            events = hook(HookRequest(headers, body, self.machine.now()))
        except HookRefused as refused:
            return refused.status
        for event in events:
            taken = take_in_event(self.config, self.store, self.keyring, self.machine, self.checked(event))
            if taken.alarm is not None:
                self.alarm(taken.alarm)
        return TAKEN

    def checked(self, event: ReturnEvent) -> ReturnEvent:
        """The event without a Message-ID that is none of ours: services make their own."""
        ours = event.message_id.strip("<> ").lower().endswith("@" + sender_domain(self.config).lower())
        return event if ours else replace(event, message_id="")


def sender_domain(config: Config) -> str:
    """The domain that our Message-IDs end in."""
    return config.newsletter.sender.address.rpartition("@")[2]


def make_project_hooks(
    config: Config,
    store: Store,
    keyring: Keyring,
    machine: Machine,
    alarm: Callable[[Phrase], None],
    fetch: Fetch | None = None,
) -> Hooks:
    """The hooks of a project that the environment has keys for. Raises InvalidInput for a key that is none."""
    found = make_hooks(config.hooks, classify, fetch or make_fetch()) if config.hooks else {}
    for service in config.hooks.keys() - found.keys():
        at = Location(f"RUHRMAIL_HOOK_{service.upper()}", 0, 0)
        raise InvalidInput([Finding("config/hook", "error", at, NO_KEY, phrase("copy it anew from the service"))])
    return Hooks(config, store, keyring, machine, found, alarm)
