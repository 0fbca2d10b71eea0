"""What a service sends, why it may be refused, and its fields, which may be anything."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ruhrmail.model.bounce import Kind, ReturnEvent

FORBIDDEN, MALFORMED, LATER = 403, 400, 503
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A POST: its headers with small names, its body, and when it came (UTC)."""

    headers: Mapping[str, str]
    body: bytes
    at: datetime


class HookRefused(Exception):
    """A request that is not proven to be the service's (403), cannot be understood (400), or cannot be judged now (503,
    so that the service comes again)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


Hook = Callable[[HookRequest], Sequence[ReturnEvent]]
"""From a request to what came back, none for other events. Raises HookRefused."""
Classify = Callable[[str, str], Kind]
"""From an enhanced status code and what a server said, both may be empty, to hard, soft or policy."""


def read_json(body: bytes | str) -> Any:
    """The body as JSON. Raises HookRefused."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise HookRefused(MALFORMED) from None


def part(value: Any, *names: str) -> Mapping[str, Any]:
    """The object that lies so deep, an empty one where there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list; anything else is none."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Any) -> str:
    """A field as text that every database takes; empty for what is neither text nor number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)[:LONGEST].encode("utf-8", "replace").decode().replace("\0", "")


def instant(value: Any) -> datetime | None:
    """A time as services write it: seconds since 1970, or ISO 8601; None for what is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(str(value)[:40])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None


def failure(classify: Classify, status: str, said: str) -> Kind:
    """A failure for good as the server's words have it; where it said nothing, hard, for the service vouches for it."""
    return classify(status, said) if status or said else Kind.HARD
