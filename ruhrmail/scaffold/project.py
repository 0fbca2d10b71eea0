"""What a new newsletter project holds."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

from ruhrmail import __version__
from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.i18n import translator
from ruhrmail.model.merge import KNOWN_COLUMNS
from ruhrmail.model.phrase import phrase
from ruhrmail.scaffold.issue import ISSUE_SCHEMA, PATTERNS, SCHEMA_LINE, fill_pattern, packaged_pattern
from ruhrmail.scaffold.schema import Subject, make_schema, print_schema

CONFIG_SCHEMA = "ruhrmail.schema.json"
SCHEMAS: Mapping[str, Subject] = {ISSUE_SCHEMA: "issue", CONFIG_SCHEMA: "config"}
CONFIG = "ruhrmail.yaml"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody said about a newsletter to be; what is empty gets an example, marked as one."""

    language: str
    name: str = ""
    url: str = ""
    sender: str = ""


def project_files(wanted: Wanted, day: date, templates: Sequence[str]) -> Mapping[str, str]:
    """Every file of a new project by its path; `templates` are the names of those that it may override."""
    patterns = PATTERNS / "project"
    listed = "\n".join(f"- `{name}`" for name in templates)
    schemas = {name: make_schema(subject, translator(wanted.language)) for name, subject in SCHEMAS.items()}
    return {
        CONFIG: fill(patterns / f"ruhrmail.{wanted.language}.yaml", config_values(wanted)),
        f"issues/{day:%Y-%m}/issue.yaml": fill_pattern(
            packaged_pattern(wanted.language), 1, day, f"{SCHEMA_LINE}../../{ISSUE_SCHEMA}\n"
        ),
        "templates/README.md": fill(patterns / f"templates.{wanted.language}.md", {"templates": listed}),
        "subscribers.csv": ",".join(KNOWN_COLUMNS) + "\n",
        ".gitignore": fill(patterns / "gitignore", {}),
        ".github/workflows/newsletter.yml": fill(patterns / "workflow.yml", {"version": __version__}),
        ".vscode/settings.json": fill(patterns / "settings.json", {}),
        ".vscode/extensions.json": fill(patterns / "extensions.json", {}),
        **{name: print_schema(schema) for name, schema in schemas.items()},
    }


def fill(pattern: Path, values: Mapping[str, str]) -> str:
    """A packaged pattern with its gaps filled."""
    return Template(pattern.read_text(encoding="utf-8")).safe_substitute(values)


def config_values(wanted: Wanted) -> Mapping[str, str]:
    """The gaps of ruhrmail.yaml; JSON's quotation marks are YAML's too."""
    mark = translator(wanted.language)(EXAMPLE)
    given = {"name": wanted.name, "url": wanted.url, "sender": wanted.sender}
    examples = EXAMPLES[wanted.language]
    return {
        key: json.dumps(value, ensure_ascii=False) if value else f"{examples[key]}  # {mark}"
        for key, value in given.items()
    } | {"sender_name": json.dumps(wanted.name or examples["name"], ensure_ascii=False)}


EXAMPLE = phrase("example: please replace it")
EXAMPLES = {
    "de": {
        "name": "Mein Newsletter",
        "url": "https://newsletter.example",
        "sender": "redaktion@newsletter.example",
    },
    "en": {"name": "My newsletter", "url": "https://newsletter.example", "sender": "editors@newsletter.example"},
}


def write_project(folder: Path, files: Mapping[str, str]) -> None:
    """Writes all of the files or none. Raises UsageError where something is in the way, RuhrmailError on trouble."""
    refuse_what_is_there(folder, files)
    written: list[Path] = []
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                written.append(path)
                file.write(text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise RuhrmailError(
            phrase("{file} cannot be written: {reason}", file=error.filename or folder, reason=error.strerror),
            hint=phrase("check the folder's permissions and the space on the disk"),
        ) from error


def refuse_what_is_there(folder: Path, names: Iterable[str]) -> None:
    """Raises UsageError naming every file that is there already, and every file where a folder must be."""
    if os.path.lexists(folder / CONFIG):
        raise UsageError(
            phrase("{folder} is a newsletter project already: it holds a ruhrmail.yaml", folder=folder),
            hint=phrase("choose another folder; `ruhrmail new` makes an issue"),
        )
    wanted = [folder / name for name in names]
    folders = {parent for path in wanted for parent in path.parents if parent.is_relative_to(folder)}
    blocked = {path for path in wanted if os.path.lexists(path)}
    blocked |= {path for path in folders if os.path.lexists(path) and not path.is_dir()}
    if blocked:
        raise UsageError(
            phrase("in the way: {files}", files=", ".join(sorted(map(str, blocked)))),
            hint=phrase("nothing was written; move them away, or choose another folder"),
        )
