"""Answers to FETCH (RFC 3501 section 7.4.2), as the standard library hands them over, to values."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

UID = re.compile(rb"\bUID (\d+)")
SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
EMPTY = re.compile(rb'BODY\[\](?:<0>)? (?:""|NIL)', re.IGNORECASE)


def sizes_in(data: Sequence[Any]) -> list[tuple[int, int]]:
    """UID and size of each message, ascending."""
    found = ((UID.search(one), SIZE.search(one)) for one in data if isinstance(one, bytes))
    return sorted((int(uid[1]), int(size[1]) if size else 0) for uid, size in found if uid)


def bodies_in(data: Sequence[Any]) -> dict[int, bytes]:
    """The messages by UID."""
    return dict(each_body(data))


def each_body(data: Sequence[Any]) -> Iterator[tuple[int, bytes]]:
    """UID and content of each message; the UID may stand before or behind the content."""
    for number, one in enumerate(data):
        if isinstance(one, tuple):
            behind = data[number + 1] if number + 1 < len(data) else b""
            uid = UID.search(one[0]) or (UID.search(behind) if isinstance(behind, bytes) else None)
            if uid:
                yield int(uid[1]), bytes(one[1])
        elif isinstance(one, bytes) and EMPTY.search(one) and (uid := UID.search(one)):
            yield int(uid[1]), b""
