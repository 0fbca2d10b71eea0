"""Templates from files: read, marked with where they come from, and compiled once for all projects."""

import os.path
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, TemplateNotFound, TemplateSyntaxError
from jinja2.bccache import Bucket
from jinja2.ext import Extension

from ruhrmail.files import is_file
from ruhrmail.source.marks import mark_template

MOST_COMPILED = 2_000


class Loader(FileSystemLoader):
    """Templates from folders; one that cannot be read is a mistake at its own place, included or not."""

    def __init__(self, folders: tuple[Path, ...], skipped: str = "") -> None:
        super().__init__(folders)
        self.rest = FileSystemLoader(folders[1:])
        self.skipped = skipped

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Jinja's interface: text, file name, and whether it is still the same. Raises TemplateError.

        It is another one as soon as a folder in front of its own has a template of that name.
        """
        try:
            if template == self.skipped:
                return self.rest.get_source(environment, template)
            text, file, unchanged = super().get_source(environment, template)
            files = [os.path.normpath(Path(folder, template)) for folder in self.searchpath]
            ahead = files[: files.index(os.path.normpath(file))]
            return text, file, lambda: unchanged() and not any(map(os.path.isfile, ahead))
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
