"""What proves that a web hook comes from a sending service: keys of the environment."""

import base64
import binascii
import re
from collections.abc import Mapping
from types import MappingProxyType

from ruhrmail.config.environment import environment_error
from ruhrmail.model.phrase import Phrase, phrase

MAILGUN, POSTMARK = "RUHRMAIL_HOOK_MAILGUN", "RUHRMAIL_HOOK_POSTMARK"
SENDGRID, SES = "RUHRMAIL_HOOK_SENDGRID", "RUHRMAIL_HOOK_SES"
SERVICES: Mapping[str, str] = MappingProxyType(
    {"mailgun": MAILGUN, "postmark": POSTMARK, "sendgrid": SENDGRID, "ses": SES}
)
"""The services whose events are understood, and the variable that lets each in."""
LEAST = 16
TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]{1,40}:[0-9]{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?")


def hooks_from(environ: Mapping[str, str]) -> dict[str, str]:
    """The proof by service, for those that are let in. Raises InvalidInput for one that cannot be any."""
    found = {service: environ.get(variable, "").strip() for service, variable in SERVICES.items()}
    given = {service: proof for service, proof in found.items() if proof}
    for service, proof in given.items():
        hint = CHECKS[service](proof)
        if hint:
            message = phrase("this cannot be the key of a web hook: {value}", value="…")
            raise environment_error(SERVICES[service], "config/hook", message, hint)
    return given


def check_mailgun(proof: str) -> Phrase | None:
    """The signing key."""
    return phrase("the HTTP webhook signing key of the account") if len(proof) < LEAST else None


def check_postmark(proof: str) -> Phrase | None:
    """`user:password` of Basic authentication; whoever knows it can speak for Postmark."""
    user, _, password = proof.partition(":")
    return None if user and len(password) >= LEAST else phrase("user:password, the password with 16 characters or more")


def check_sendgrid(proof: str) -> Phrase | None:
    """The verification key: DER in base64."""
    try:
        raw = base64.b64decode(proof, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    return None if raw.startswith(b"0") else phrase("the verification key of the signed event webhook, in base64")


def check_ses(proof: str) -> Phrase | None:
    """The topics whose notifications count."""
    topics = proof.replace(",", " ").split()
    return (
        None if all(map(TOPIC.fullmatch, topics)) else phrase("the ARN of the SNS topic, several with spaces between")
    )


CHECKS = {"mailgun": check_mailgun, "postmark": check_postmark, "sendgrid": check_sendgrid, "ses": check_ses}
