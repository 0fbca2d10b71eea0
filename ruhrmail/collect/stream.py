"""Standard input: one message, as mail servers hand it to a program."""

from typing import BinaryIO

from ruhrmail.collect.found import LIMIT

BLOCK = 64 * 1024


def read_stream(stream: BinaryIO) -> bytes:
    """The first `LIMIT` bytes. The rest is read and dropped: whoever writes shall not fail. Raises OSError."""
    content = bytearray()
    while block := stream.read(BLOCK):
        content += block[: LIMIT - len(content)]
    return bytes(content)
