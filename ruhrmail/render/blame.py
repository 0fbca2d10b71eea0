"""Which template of the project's own MJML stumbles over: it tells neither file nor line."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mjml import mjml2html

from ruhrmail.errors import InvalidInput
from ruhrmail.theme import OVERRIDES, Theme, open_theme

FRAME = "mail.mjml.j2"
BLANKED = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<!--.*?-->", re.DOTALL)
TAG = re.compile(r"<(?P<close>/?)(?P<name>mj[\w-]*)(?:\"[^\"]*\"|'[^']*'|[^<>\"'])*?(?P<empty>/?)>")


def find_culprit(theme: Theme, values: Mapping[str, object]) -> tuple[Path, int]:
    """File and line of the first own template without which MJML reads the mail, or, where several are broken, of the
    first with a tag that has no partner; the frame where there is none."""
    own = {name: theme.find(name) for name in own_names(theme.project)}
    loose = {name: find_loose_tag(path.read_text(encoding="utf-8")) for name, path in own.items()}
    for name, path in own.items():
        if is_read(open_theme(theme.project, theme.folders[1].name, skipped=name), values):
            return path, loose[name] or 1
    return next(((own[name], line) for name, line in loose.items() if line), (theme.find(FRAME), 1))


def own_names(project: Path) -> Iterator[str]:
    """The names of the project's own MJML templates."""
    folder = project / OVERRIDES
    return (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.mjml.j2")) if path.is_file())


def is_read(theme: Theme, values: Mapping[str, object]) -> bool:
    """True where MJML can read what these templates make."""
    try:
        mjml2html(theme.render(FRAME, values), fonts={})
    except (ValueError, InvalidInput):
        return False
    return True


def find_loose_tag(text: str) -> int | None:
    """The line (from 1) of the first MJML tag without its partner; None where all have one."""
    text = BLANKED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    around: list[tuple[str, int]] = []
    for match in TAG.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if not match["close"] and not match["empty"]:
            around.append((match["name"], line))
        elif match["close"] and (not around or around.pop()[0] != match["name"]):
            return line
    return around[0][1] if around else None
