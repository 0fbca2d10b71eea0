"""Forms: what is in one that comes in, and the signed mark that tells when it was given out."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from starlette.exceptions import HTTPException
from starlette.requests import Request

logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
"""It tells standard error of every form that it cannot read: anybody could fill the log with that."""

MOST_FIELDS = 50
LONGEST_FIELD = 1_000
"""Characters; an address has at most 254."""
TOO_QUICK = timedelta(seconds=3)
"""Nobody reads and fills in a form in less."""
TOO_OLD = timedelta(days=1)
LARGEST_PART = 64 * 1024


class Age(Enum):
    """How a form stands that comes in."""

    QUICK = "quick"
    """It was given out a moment ago: a program filled it in."""
    GOOD = "good"
    STALE = "stale"
    """It is too old, is not ours, or what people agree to has changed since."""


async def read_fields(request: Request) -> Mapping[str, str]:
    """The fields of a posted form, urlencoded or multipart; of repeated ones the first. Of another media type: none.

    Raises HTTPException (400) for what cannot be read, for files, and for fields that are too many or too long.
    """
    try:
        form = await request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST_PART)
    except (UnicodeError, ValueError) as error:  # charsets that are none for text, headers that are none
        raise HTTPException(400) from error
    fields: dict[str, str] = {}
    for name, value in form.multi_items():
        if not isinstance(value, str) or len(value) > LONGEST_FIELD or not is_text(name + value):
            raise HTTPException(400)
        fields.setdefault(name, value)
    return fields


def is_text(value: str) -> bool:
    """Whether a value can be written in UTF-8: some charsets bring halves of characters."""
    return not any("\ud800" <= each <= "\udfff" for each in value)


def stamp(keys: Sequence[bytes], wording: str, now: datetime) -> str:
    """The mark of a form that is given out now, with this wording beside its button.

    The newest of `keys` comes first and signs. It is not bound to a reader, for nothing is known of them.
    """
    return signer(keys).sign(f"{milliseconds(now):x}-{digest(wording)}").decode("ascii")


def judge(keys: Sequence[bytes], wording: str, mark: str, now: datetime) -> Age:
    """How a form with this mark stands; `wording` is what would be agreed to now."""
    try:
        given_out, _, agreed = signer(keys).unsign(mark).decode("ascii").partition("-")
    except BadSignature:
        return Age.STALE
    age = timedelta(milliseconds=milliseconds(now) - int(given_out, 16))
    if agreed != digest(wording) or age > TOO_OLD:
        return Age.STALE
    return Age.QUICK if age < TOO_QUICK else Age.GOOD


def signer(keys: Sequence[bytes]) -> Signer:
    """HMAC-SHA256 with the last of its keys; all verify."""
    return Signer(list(reversed(keys)), salt=b"subscribe", key_derivation="hmac", digest_method=sha256)


def milliseconds(now: datetime) -> int:
    """Since 1970."""
    return round(now.timestamp() * 1000)


def digest(wording: str) -> str:
    """Eight bytes of the wording's SHA-256, in hexadecimal digits: enough to notice a change."""
    return sha256(wording.encode()).hexdigest()[:16]
