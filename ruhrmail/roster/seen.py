"""Which addresses were there before, in 18 to 36 bytes each instead of a hundred and more."""

from array import array

FIRST_SLOTS = 1 << 10


class Seen:
    """Keys and the line where each came first: an open-addressed table of 64-bit hashes.

    Two different keys among a million share a hash once in forty million lists; such a pair would count as one.
    """

    def __init__(self) -> None:
        self.count = 0
        self.hashes = array("q", bytes(8 * FIRST_SLOTS))
        self.lines = array("I", bytes(4 * FIRST_SLOTS))

    def first_line(self, key: str, line: int) -> int:
        """The line of the key's first appearance; `line` itself when this is it."""
        if self.count * 3 >= len(self.hashes) * 2:
            self.grow()
        number = hash(key) or 1
        slot = self.find(number)
        if self.hashes[slot]:
            return self.lines[slot]
        self.hashes[slot], self.lines[slot] = number, line
        self.count += 1
        return line

    def __contains__(self, key: str) -> bool:
        """Whether the key was there before."""
        return bool(self.hashes[self.find(hash(key) or 1)])

    def find(self, number: int) -> int:
        """The slot that holds the hash, or the free one where it belongs."""
        hashes, last = self.hashes, len(self.hashes) - 1
        slot = number & last
        while hashes[slot] and hashes[slot] != number:
            slot = (slot + 1) & last
        return slot

    def grow(self) -> None:
        """Doubles the table."""
        hashes, lines = self.hashes, self.lines
        self.hashes = array("q", bytes(16 * len(hashes)))
        self.lines = array("I", bytes(8 * len(lines)))
        for number, line in zip(hashes, lines, strict=True):
            if number:
                slot = self.find(number)
                self.hashes[slot], self.lines[slot] = number, line
