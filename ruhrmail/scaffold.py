"""A project's pattern to a new issue."""

from datetime import date
from pathlib import Path
from string import Template

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.phrase import phrase

PATTERNS = Path(__file__).parent / "patterns"


def write_issue(config: Config, slug: str, number: int, day: date) -> Path:
    """Writes issues/SLUG/issue.yaml from the project's templates/issue.yaml, else from the packaged pattern.

    `$number` and `$date` are filled in. Raises RuhrmailError where the issue exists or cannot be written.
    """
    own = config.project / "templates" / "issue.yaml"
    pattern = own if own.is_file() else PATTERNS / f"issue.{config.newsletter.language}.yaml"
    path = config.project / "issues" / slug / "issue.yaml"
    try:
        text = Template(pattern.read_text(encoding="utf-8")).safe_substitute(number=number, date=day.isoformat())
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
