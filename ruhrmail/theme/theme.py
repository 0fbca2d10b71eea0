"""Templates: the project's own first, then the theme's, then those of the theme that all others rest on."""

import re
import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import SecurityError, UndefinedError

from ruhrmail.errors import InvalidInput
from ruhrmail.model.finding import Finding
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.source.document import place_in
from ruhrmail.source.marks import BLOCK_OF, block_of
from ruhrmail.theme.loading import Loader, Marking, compiled
from ruhrmail.theme.sandbox import Sandbox, Turns

HERE = Path(__file__).parent
PACKAGED = HERE.parent / "themes"
OWN_CODE = HERE.parent
OVERRIDES = "templates"
BASE = "ruhr"
"""The theme that is whole; others hold only what they do in another way."""
TEXT_SUFFIX = ".txt.j2"
MISTAKES = (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RuntimeError)
"""What a template can raise; the same from code of ours is a bug and stays one."""


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
        if not places or any(is_own_code(Path(frame.filename)) for frame in below):
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


def is_own_code(path: Path) -> bool:
    """True for code of ours but what stands here, which templates run through."""
    return path.is_relative_to(OWN_CODE) and not path.is_relative_to(HERE)


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
