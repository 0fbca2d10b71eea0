"""A place in a file that a person wrote."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Location:
    """`file` relative to the project with forward slashes; `line` and `column` count from 1, columns in characters.

    Line 0 stands for what has no lines, such as a variable of the environment. `excerpt` is the source line with
    secrets masked, empty where a line says nothing; `shift` is how many characters masks add (or take, where it is
    below zero) in front of the column.
    """

    file: str
    line: int = 1
    column: int = 1
    excerpt: str = ""
    shift: int = 0

    @property
    def caret(self) -> int:
        """Where the column lies in the excerpt, from 0; its end for a place behind it."""
        return min(max(0, self.column - 1 + self.shift), len(self.excerpt))

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file
