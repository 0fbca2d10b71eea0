"""Standard input: one message, as mail servers hand it to a program."""

from typing import BinaryIO

from ruhrmail.collect.found import LIMIT

BLOCK = 64 * 1024


def read_stream(stream: BinaryIO) -> tuple[bytes, int]:
    """The first `LIMIT` bytes, and how many there were. The rest is read and dropped: whoever writes shall not fail.

    Raises OSError.
    """
    content, size = bytearray(), 0
    while block := stream.read(BLOCK):
        size += len(block)
        content += block[: LIMIT - len(content)]
    return bytes(content), size
