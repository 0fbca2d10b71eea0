"""Mails about joining to the relay: taken out of the store one by one, and kept there until a relay took them."""

import asyncio
from datetime import datetime, timedelta

from ruhrmail.config import Config
from ruhrmail.errors import RelayError
from ruhrmail.flows.machine import Machine
from ruhrmail.flows.signing import seal_of
from ruhrmail.flows.trial import send_one
from ruhrmail.flows.work import destination_of, policy_of, relays_for
from ruhrmail.model.mail import Attempt, Envelope, Message, Outcome
from ruhrmail.model.post import Post
from ruhrmail.store import Store, post_deferred, post_failed, post_sent, take_post

MOST_AT_ONCE = 100


def send_posts(config: Config, store: Store, machine: Machine, most: int = MOST_AT_ONCE) -> int:
    """Sends what is due, at most so many mails; returns how many a relay took.

    Blocks, in a thread of its own. Needs no sender's lock: whoever takes a mail out has it alone. One that a relay does
    not take for now is tried again after the gaps of `delivery.retry`, and given up when its time is over. After a
    crash between the relay's answer and its record the mail leaves a second time. Raises StoreError, InvalidInput for
    DKIM keys that cannot be used.
    """
    relay = relays_for(config, destination_of(config))[0]
    policy, seal = policy_of(config, machine), seal_of(config, machine.now)
    taken = 0
    for _ in range(most):
        post = take_post(store, machine.now())
        if post is None:
            break
        message = message_of(config, post)
        try:
            attempt = asyncio.run(send_one(seal(message) if seal else message, relay, policy))
        except RelayError as error:
            attempt = Attempt(Outcome.DEFERRED, relay.name, text=str(error))
        settle(config, store, post, attempt, machine.now())
        taken += attempt.outcome is Outcome.SENT
    return taken


def message_of(config: Config, post: Post) -> Message:
    """A mail of the outbox as relays take it."""
    envelope = Envelope(config.newsletter.sender.address, post.email)
    return Message(envelope, post.message.encode("ascii"), post.message_id)


def settle(config: Config, store: Store, post: Post, attempt: Attempt, now: datetime) -> None:
    """Writes down what a relay made of a mail."""
    reply = attempt.reply
    said = f"{reply.code} {reply.enhanced} {reply.text}" if reply else str(attempt.text)
    gaps = config.settings.delivery.retry.gaps
    tried_for = sum(gaps[min(number, len(gaps) - 1)] for number in range(post.attempts + 1))
    if attempt.outcome is Outcome.SENT:
        post_sent(store, post, said, now)
    elif attempt.outcome is Outcome.FAILED or tried_for > config.settings.delivery.retry.for_:
        post_failed(store, post, said)
    else:
        wait = gaps[min(post.attempts, len(gaps) - 1)]
        post_deferred(store, post, said, now + timedelta(seconds=wait))
