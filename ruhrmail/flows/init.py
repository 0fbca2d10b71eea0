"""A new newsletter project."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from pydantic_core import PydanticCustomError

from ruhrmail.config.addresses import read_address, read_web_url
from ruhrmail.errors import UsageError
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.scaffold import Wanted, project_files, write_project
from ruhrmail.theme import BASE, PACKAGED


def init_project(folder: Path, wanted: Wanted, today: date) -> tuple[str, ...]:
    """Writes a project that checks and builds at once; gives the names of its files.

    Raises UsageError where an option is wrong or something is in the way, RuhrmailError where nothing can be written.
    """
    check_option("--name", lambda: read_name(wanted.name))
    check_option("--url", lambda: read_web_url(wanted.url) if wanted.url else "")
    check_option("--sender", lambda: read_address(wanted.sender) if wanted.sender else "")
    files = project_files(wanted, today, template_names())
    write_project(folder, files)
    return tuple(files)


def check_option(option: str, read: Callable[[], str]) -> None:
    """Raises UsageError for a value that ruhrmail.yaml would refuse."""
    try:
        read()
    except PydanticCustomError as error:
        context = dict(error.context or {})
        template, hint = str(context.pop("template")), str(context.pop("hint"))
        reason = Phrase(template, context)
        raise UsageError(phrase("{option}: {reason}", option=option, reason=reason), hint=phrase(hint)) from None


def read_name(text: str) -> str:
    """A newsletter's name: one line."""
    if text and (not text.isprintable() or not text.strip() or len(text) > MAX_NAME):
        raise UsageError(phrase("--name takes one line of text"), hint=phrase('such as --name "Ruhrblick"'))
    return text


MAX_NAME = 200


def template_names() -> tuple[str, ...]:
    """The templates that a project may override."""
    folder = PACKAGED / BASE
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.j2")))
