"""What the YAML parser stumbled over, in the editor's words and where the mistake begins.

libyaml tells where it noticed; a colon that is missing, a sign that no text can begin with and a line that is
indented otherwise lie before that.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import yaml

from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source.brackets import Place, open_bracket

Mistake = tuple[Place, Phrase, Phrase]
"""Where, what, and what to do."""

ESCAPE = re.compile("escape|hexdecimal")
"""What libyaml calls a backslash that means nothing."""
CONFLICT = re.compile("<{7} ")
"""How git marks where two versions of a file begin to differ."""
BEFORE_TEXT = re.compile(r"\s*(?:- +)*+(?:[\w.-]+ *: +)?+")
"""What stands in a line before a text: hyphens of a list, a key."""
KEY = re.compile(r"\s*(?:- +)*+[a-z_]+ *\Z")
"""A line up to the colon of a key that an issue or the settings could have."""
GLUED = re.compile(r"\s*(?:- +)*+(?:[a-z_]+(?P<colon>:)(?=[^\s:/])|(?P<hyphen>-)(?=[a-z_]+:(?:\s|\Z)))")
"""A colon behind a key, or a hyphen before one, without the space that makes it one."""
BEGINNINGS = (
    "cannot start any token",
    "alphabetic or numeric character",
    "comment or line break",
    "block sequence entries are not allowed",
    "mapping keys are not allowed",
    "expected node content",
    "expected tag URI",
    "whitespace or line break",
)
"""What libyaml says where a text begins with a sign that means something else."""
NAME = re.compile(r"[&*][\w-]+")
"""An anchor or an alias; where the parser stumbles behind one, it was the beginning of a text."""
SIGNS = "@%`*&!|>?-,[]{}"

QUOTE = phrase("put the text in quotation marks")
INDENTATION = (
    phrase("this line is indented otherwise than those it belongs to"),
    phrase("indent the keys of one block equally far, and the hyphens of one list"),
)
MISSING_SPACE = {
    "colon": phrase("a space is missing behind the colon"),
    "hyphen": phrase("a space is missing behind the hyphen"),
}
COLON = (
    phrase("a colon stands where YAML expects plain text"),
    phrase("put the text in quotation marks, or below the key after `|`"),
)


@dataclass(frozen=True, slots=True)
class Stumble:
    """The parser's complaint: its words, the place it names, and the place at which what it was reading begins."""

    problem: str
    context: str
    place: Place
    begun: Place
    text: str
    lines: Sequence[str]

    @property
    def line(self) -> str:
        """The line that the parser names, empty behind the last."""
        return self.at(self.place[0])

    def at(self, number: int) -> str:
        """A line of the file, empty outside of it."""
        return self.lines[number] if 0 <= number < len(self.lines) else ""


def explain(error: yaml.MarkedYAMLError, text: str, lines: Sequence[str]) -> Mistake:
    """Place, message and hint for what the parser says about `text`, whose lines are given too."""
    mark = error.problem_mark or error.context_mark
    place = (mark.line, mark.column) if mark else (0, 0)
    begun = (error.context_mark.line, error.context_mark.column) if error.context_mark else place
    stumble = Stumble(error.problem or "", error.context or "", place, begun, text, lines)
    return next(found for reader in READERS if (found := reader(stumble)))


def find_conflict(stumble: Stumble) -> Mistake | None:
    """Marks that git left."""
    found = next((number for number, line in enumerate(stumble.lines) if CONFLICT.match(line)), None)
    if found is None:
        return None
    message = phrase("two versions of this file meet here, and git could not merge them")
    return (found, 0), message, phrase("keep one of them, and delete the lines with <<<<<<<, ======= and >>>>>>>")


def find_escape(stumble: Stumble) -> Mistake | None:
    """A backslash that means nothing."""
    if not ESCAPE.search(stumble.problem):
        return None
    line, column = stumble.place
    place = line, max(0, stumble.line.rfind("\\", 0, column + 1))
    message = phrase("this backslash means nothing in double quotation marks")
    return place, message, phrase("write it twice, or take single quotation marks")


def find_open_quote(stumble: Stumble) -> Mistake | None:
    """A quotation mark without its partner."""
    if "quoted scalar" not in stumble.context:
        return None
    return (
        stumble.begun,
        phrase("a quotation mark is opened here and never closed"),
        phrase("close it with the same mark"),
    )


def find_bracket(stumble: Stumble) -> Mistake | None:
    """A bracket without its partner, or a colon too many between two."""
    if "flow" not in stumble.context:
        return None
    opened = open_bracket(stumble.text)
    if opened is not None:
        message = phrase("a bracket is opened here and never closed")
        return opened, message, phrase("close it, or put one entry on each line")
    if stumble.line[stumble.place[1] :].startswith(":"):
        hint = phrase("put the text in quotation marks, or a comma before the next key")
        return stumble.place, COLON[0], hint
    return None


def find_tab(stumble: Stumble) -> Mistake | None:
    """A tab that indents."""
    line = stumble.line
    if "\t" not in line[: len(line) - len(line.lstrip())] and "'\\t'" not in stumble.problem:
        return None
    return stumble.place, phrase("a tab stands where YAML wants spaces"), phrase("indent with spaces only")


def find_glued(stumble: Stumble) -> Mistake | None:
    """A key or hyphen without the space behind it, in the line that the parser names or the one before."""
    if "mapping values" not in stumble.problem and "expected ':'" not in stumble.problem:
        return None
    first = min(stumble.begun[0], stumble.place[0])
    for number in (first, first - 1):
        if match := GLUED.match(stumble.at(number)):
            sign = "colon" if match["colon"] else "hyphen"
            hint = phrase("write `key: text`, and in lists `- key: text`")
            return (number, match.start(sign)), MISSING_SPACE[sign], hint
    return None


def find_colon(stumble: Stumble) -> Mistake | None:
    """A colon inside a text; where it ends a key, the key's line is indented too far."""
    if "mapping values are not allowed" not in stumble.problem:
        return None
    line, column = stumble.place
    if KEY.match(stumble.line[:column]) and stumble.at(line - 1).strip():
        return (line, len(stumble.line) - len(stumble.line.lstrip())), *INDENTATION
    return stumble.place, *COLON


def find_missing_colon(stumble: Stumble) -> Mistake | None:
    """A line without a colon among keys; the parser names the line below."""
    if "expected ':'" not in stumble.problem:
        return None
    message = phrase("a line without a colon stands where YAML expects a key")
    return stumble.begun, message, phrase("write `key: text`, or indent it as far as the text that it belongs to")


def find_sign(stumble: Stumble) -> Mistake | None:
    """A text that begins with a sign which means something else in YAML."""
    match = BEFORE_TEXT.match(stumble.line)
    column = match.end() if match else 0
    sign = stumble.line[column : column + 1]
    known = any(one in stumble.problem for one in BEGINNINGS) or NAME.fullmatch(stumble.line[column : stumble.place[1]])
    if not sign or sign not in SIGNS or not known:
        return None
    place = stumble.place[0], column
    if sign in "|>":
        message = phrase("words stand behind {sign}, in the same line", sign=sign)
        return place, message, phrase("begin the text in the line below, or put it in quotation marks")
    return place, phrase("no text can begin with {sign}", sign=sign), QUOTE


def find_rest(stumble: Stumble) -> Mistake | None:
    """Words behind the mark or bracket that closes a text or an entry."""
    before = stumble.line[: stumble.place[1]].rstrip()
    if "expected" not in stumble.problem or not stumble.line[stumble.place[1] :].strip():
        return None
    if before.endswith(('"', "'")):
        message = phrase("words stand behind the quotation mark that closes the text")
        return stumble.place, message, phrase("write „…“ inside of it, or delete what stands behind")
    if before.endswith(("]", "}")):
        message = phrase("something stands behind the bracket that closes")
        hint = phrase("put a text that begins with a bracket in quotation marks, or delete what stands behind")
        return stumble.place, message, hint
    return None


def find_indentation(stumble: Stumble) -> Mistake | None:
    """A line that fits none of those above."""
    known = "did not find expected key" in stumble.problem or "'-' indicator" in stumble.problem
    return (stumble.place, *INDENTATION) if known else None


def say_so(stumble: Stumble) -> Mistake:
    """What no other reader knows, in the parser's own words."""
    message = phrase("YAML does not understand this: {problem}", problem=stumble.problem or stumble.context)
    return (
        stumble.place,
        message,
        phrase("check the indentation and the quotation marks of this line and the one above"),
    )


READERS: tuple[Callable[[Stumble], Mistake | None], ...] = (
    find_conflict,
    find_escape,
    find_open_quote,
    find_bracket,
    find_tab,
    find_sign,
    find_rest,
    find_glued,
    find_colon,
    find_missing_colon,
    find_indentation,
    say_so,
)
