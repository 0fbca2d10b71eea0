"""A project's pattern to a new issue."""

from datetime import date
from pathlib import Path
from string import Template

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.phrase import phrase

PATTERNS = Path(__file__).parents[1] / "patterns"
ISSUE_SCHEMA = "issue.schema.json"
SCHEMA_LINE = "# yaml-language-server: $schema="
"""How the YAML language server (VS Code, Vim, Emacs, Zed …) learns from a file which schema it follows."""


def write_issue(config: Config, slug: str, number: int, day: date) -> Path:
    """Writes issues/SLUG/issue.yaml from the project's templates/issue.yaml, else from the packaged pattern.

    `$number` and `$date` are filled in. Raises RuhrmailError where the issue exists or cannot be written.
    """
    own = config.project / "templates" / "issue.yaml"
    pattern = own if own.is_file() else packaged_pattern(config.newsletter.language)
    path = config.project / "issues" / slug / "issue.yaml"
    try:
        text = fill_pattern(pattern, number, day, find_schema_line(config.project))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise RuhrmailError(
            phrase("there is an issue {slug} already", slug=slug), hint=phrase("choose another name")
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        message = phrase("the issue cannot be written: {reason}", reason=getattr(error, "strerror", None) or error)
        raise RuhrmailError(message, hint=phrase("check the permissions of the folder issues/")) from error
    return path


def packaged_pattern(language: str) -> Path:
    """The pattern of an issue that ships with ruhrmail."""
    return PATTERNS / f"issue.{language}.yaml"


def fill_pattern(pattern: Path, number: int, day: date, first_line: str = "") -> str:
    """An issue's text; `first_line` goes before it, unless the pattern names a schema itself. Raises OSError."""
    text = Template(pattern.read_text(encoding="utf-8")).safe_substitute(number=number, date=day.isoformat())
    return text if SCHEMA_LINE in text else first_line + text


def find_schema_line(project: Path) -> str:
    """The first line of issues/SLUG/issue.yaml in a project that keeps the schema; empty in one that does not."""
    places = (ISSUE_SCHEMA, f"schema/{ISSUE_SCHEMA}")
    return next((f"{SCHEMA_LINE}../../{place}\n" for place in places if (project / place).is_file()), "")
