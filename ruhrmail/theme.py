"""Templates: the project's own first, then the theme's, then those of the theme that all others rest on."""

import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.ext import Extension
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ruhrmail.errors import InvalidInput
from ruhrmail.files import is_file
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source.document import place_in
from ruhrmail.source.marks import BLOCK_OF, block_of, mark_template

PACKAGED = Path(__file__).parent / "themes"
OWN_CODE = str(PACKAGED.parent)
OVERRIDES = "templates"
BASE = "ruhr"
"""The theme that is whole; others hold only what they do in another way."""
TEXT_SUFFIX = ".txt.j2"
PLAIN = (str, int, tuple, type(None))
MISTAKES = (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RuntimeError)
"""What a template can raise; the same from code of ours is a bug and stays one."""
MOST_TURNS, MOST_SIGNS, MOST_POWER = 500_000, 100_000, 1_000
"""Bounds of what a template may count, repeat and raise to: more than any newsletter needs, and soon done."""
MOST_COMPILED = 2_000


@dataclass(frozen=True, slots=True)
class Theme:
    """Templates of a project. `markup` escapes every value, `plain` (for text parts) none."""

    project: Path
    folders: tuple[Path, ...]
    markup: Environment
    plain: Environment

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """The template `name` filled with `values`.

        Raises InvalidInput (`template/syntax`, `template/undefined`) with the template's own line.
        """
        environment = self.plain if name.endswith(TEXT_SUFFIX) else self.markup
        try:
            return environment.get_template(name).render({**values, "range": Turns()})
        except TemplateSyntaxError as error:
            raise self.mistake("template/syntax", Path(error.filename or name), error.lineno, say(error)) from error
        except MISTAKES as error:
            place = self.last_line(error)
            if place is None:
                raise
            rule = "template/undefined" if isinstance(error, UndefinedError) else "template/syntax"
            raise self.mistake(rule, *place, say(error)) from error

    def prepare(self, names: Iterable[str]) -> None:
        """Reads templates ahead of their use; one that cannot be read is left to `render`, which says why."""
        for name in names:
            with suppress(TemplateError):
                (self.plain if name.endswith(TEXT_SUFFIX) else self.markup).get_template(name)

    def find(self, name: str) -> Path:
        """The file behind a template's name: the project's where it has one."""
        return next((folder / name for folder in self.folders if (folder / name).is_file()), self.folders[-1] / name)

    def last_line(self, error: BaseException) -> tuple[Path, int] | None:
        """File and line of the template that raised; None when code of ours did."""
        frames = traceback.extract_tb(error.__traceback__)
        places = [number for number, frame in enumerate(frames) if self.holds(frame.filename)]
        below = (
            [frame for frame in frames[places[-1] + 1 :] if frame.name != Loader.get_source.__name__] if places else []
        )
        if not places or any(frame.filename.startswith(OWN_CODE) and frame.filename != __file__ for frame in below):
            return None
        return Path(frames[places[-1]].filename), frames[places[-1]].lineno or 1

    def holds(self, filename: str) -> bool:
        """True for the file of a template."""
        return any(Path(filename).is_relative_to(folder) for folder in self.folders)

    def mistake(self, rule: str, path: Path, line: int, message: Phrase) -> InvalidInput:
        """The error for one line of a template."""
        at = locate(path, line, self.project)
        hint = (
            None if self.holds_packaged(path) else phrase("the packaged template of the same name shows how it is done")
        )
        return InvalidInput([Finding(rule, "error", at, message, hint)])

    def holds_packaged(self, path: Path) -> bool:
        """True for a template that ships with ruhrmail."""
        return path.is_relative_to(PACKAGED)


class Loader(FileSystemLoader):
    """Templates from folders; one that cannot be read is a mistake at its own place, included or not."""

    def __init__(self, folders: tuple[Path, ...], skipped: str = "") -> None:
        super().__init__(folders)
        self.rest = FileSystemLoader(folders[1:])
        self.skipped = skipped

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Jinja's interface: text, file name, and whether it is still the same. Raises TemplateError."""
        try:
            if template == self.skipped:
                return self.rest.get_source(environment, template)
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise TemplateSyntaxError("not UTF-8", line, template, self.file_of(template)) from error
        except OSError as error:
            if isinstance(error, TemplateNotFound):
                raise
            raise TemplateSyntaxError(error.strerror or str(error), 1, template, self.file_of(template)) from error

    def file_of(self, template: str) -> str:
        """The file that would be read."""
        files = [Path(folder) / template for folder in self.searchpath]
        return str(next((file for file in files if is_file(file)), files[-1]))


class Turns:
    """`range` for one rendering: all its loops together go round `MOST_TURNS` times at most."""

    def __init__(self) -> None:
        self.left = MOST_TURNS

    def __call__(self, *bounds: int) -> range:
        """Python's range. Raises SecurityError when the turns are used up."""
        found = range(*bounds)
        self.left -= len(found)
        if self.left < 0:
            raise SecurityError(f"more than {MOST_TURNS} turns of range()")
        return found


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja without access to Python's insides, for pull requests bring templates too."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """A product or power. Raises SecurityError where it would fill the memory."""
        long, times = (left, right) if hasattr(left, "__len__") else (right, left)
        if operator == "*" and hasattr(long, "__len__") and isinstance(times, int) and len(long) * times > MOST_SIGNS:
            raise SecurityError(f"a text of more than {MOST_SIGNS} characters")
        if operator == "**" and max(abs(left), abs(right)) > MOST_POWER:
            raise SecurityError(f"a power of more than {MOST_POWER}")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Plain values of public attributes are safe without the long way, which costs a third of a rendering."""
        if isinstance(value, PLAIN) and not attr.startswith("_"):
            return True
        return super().is_safe_attribute(obj, attr, value)


class Marking(Extension):
    """Templates whose elements say where they come from."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Jinja's interface: a template's text before it is read."""
        return mark_template(source, name or "")


class Compiled(BytecodeCache):
    """Templates that this process compiled before, for whatever project: to compile takes longer than to render."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Jinja's interface: the code of a file with that text, if there is one."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Jinja's interface: keeps a code; all are forgotten before they are too many."""
        if len(self.codes) >= MOST_COMPILED:
            self.codes.clear()
        self.codes[bucket.key, bucket.checksum] = bucket.code


@lru_cache
def compiled(escape: bool, marked: bool) -> Compiled:
    """What was compiled for one kind of environment."""
    return Compiled()


@lru_cache(maxsize=8)
def open_theme(project: Path, name: str, *, marked: bool = False, skipped: str = "") -> Theme:
    """The theme `name` with the overrides in `project/templates` but for the one `skipped`, with source marks where
    that is asked for. Changed files are read again.
    """
    folders = (project / OVERRIDES, *(PACKAGED / one for one in dict.fromkeys((name, BASE))))
    markup = make_environment(folders, escape=True, marked=marked, skipped=skipped)
    if marked:
        markup.add_extension(Marking)
        markup.globals[BLOCK_OF] = block_of
    return Theme(project, folders, markup, make_environment(folders, escape=False))


def make_environment(folders: tuple[Path, ...], escape: bool, marked: bool = False, skipped: str = "") -> Sandbox:
    """A Jinja environment that refuses undefined values."""
    return Sandbox(
        loader=Loader(folders, skipped),
        autoescape=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=compiled(escape, marked),
    )


def say(error: BaseException) -> Phrase:
    """What Jinja complains about."""
    if isinstance(error, UndefinedError):
        return phrase("the template uses a value that is not there: {reason}", reason=error)
    if isinstance(error, SecurityError):
        return phrase("the template may not do this: {reason}", reason=error)
    if isinstance(error, TemplateNotFound):
        return phrase("there is no template {name}", name=error.name)
    reason = (error.message if isinstance(error, TemplateSyntaxError) else None) or str(error)
    return phrase("the template cannot be read: {reason}", reason=re.sub(r"\s+", " ", reason).strip())


def locate(path: Path, line: int, project: Path) -> Location:
    """A template's line with its text; the project's templates relative to the project, others to the package."""
    root = PACKAGED.parent.parent if path.is_relative_to(PACKAGED) else project
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return Location(name, line)
    return place_in(name, lines, line - 1, 0)
