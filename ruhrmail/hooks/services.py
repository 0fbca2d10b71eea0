"""Keys of the environment to hooks: a service without one is not listened to."""

from collections.abc import Mapping
from functools import partial

from ruhrmail.hooks.fetch import Fetch
from ruhrmail.hooks.mailgun import read_mailgun
from ruhrmail.hooks.postmark import read_postmark
from ruhrmail.hooks.request import Classify, Hook
from ruhrmail.hooks.sendgrid import read_public_key, read_sendgrid
from ruhrmail.hooks.ses import read_ses
from ruhrmail.hooks.sns import Certificates


def make_hooks(proofs: Mapping[str, str], classify: Classify, fetch: Fetch) -> dict[str, Hook]:
    """The hooks by service; one whose key cannot be used is left out."""
    found: dict[str, Hook] = {}
    if "mailgun" in proofs:
        found["mailgun"] = partial(read_mailgun, key=proofs["mailgun"], classify=classify)
    if "postmark" in proofs:
        found["postmark"] = partial(read_postmark, proof=proofs["postmark"], classify=classify)
    key = read_public_key(proofs.get("sendgrid", ""))
    if key is not None:
        found["sendgrid"] = partial(read_sendgrid, key=key, classify=classify)
    if "ses" in proofs:
        topics = tuple(proofs["ses"].replace(",", " ").split())
        found["ses"] = partial(read_ses, topics=topics, certificates=Certificates(fetch), classify=classify)
    return found
