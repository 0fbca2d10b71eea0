"""What every command needs: the project, its settings, and a terminal that speaks the reader's language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ruhrmail.cli.terminal import Terminal, standard_terminal
from ruhrmail.files import is_file
from ruhrmail.i18n import LANGUAGES, choose_language, translator

if TYPE_CHECKING:
    from ruhrmail.config import Config


LANGUAGE = re.compile(r"""(?:^\s+|[{,]\s*)["']?language["']?\s*:\s+["']?(\w\w)\b""", re.MULTILINE)
"""Where the settings name the newsletter's language, on a line of its own or within braces."""


@dataclass(frozen=True)
class Desk:
    """`chosen` is the folder named with --project, None for the one found from here."""

    chosen: Path | None
    environ: Mapping[str, str]

    @cached_property
    def project(self) -> Path:
        """The newsletter's folder. Raises UsageError where there is none."""
        from ruhrmail.config import find_project

        return find_project(here(), self.chosen)

    @cached_property
    def config(self) -> "Config":
        """The project's settings. Raises InvalidInput."""
        from ruhrmail.config import load_config

        return load_config(self.project, self.environ)

    @cached_property
    def language(self) -> str:
        """RUHRMAIL_LANG, else the newsletter's language, else English; a broken config does not matter."""
        return choose_language(self.environ.get("RUHRMAIL_LANG"), language_of_project(self.chosen))

    @cached_property
    def terminal(self) -> Terminal:
        """Where to print."""
        return standard_terminal(translator(self.language), self.environ)


def here() -> Path:
    """The current folder; the root where it was deleted meanwhile."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path("/")


def language_of_project(chosen: Path | None) -> str:
    """The newsletter's language, read without checking the file: errors in it are told in that language too."""
    file = project_file(chosen)
    if file is None:
        return "en"
    try:
        text = file.read_bytes()[:100_000].decode("utf-8", "replace")
    except OSError:
        return "de"
    match = LANGUAGE.search(text)
    return match[1] if match and match[1] in LANGUAGES else "de"


def project_file(chosen: Path | None) -> Path | None:
    """The settings of the chosen project, else of the nearest one from here upwards; None where there are none."""
    folders = [chosen] if chosen else [here(), *here().parents]
    return next((folder / "ruhrmail.yaml" for folder in folders if is_file(folder / "ruhrmail.yaml")), None)
