"""A newsletter project in a folder of its own, and its issue rendered."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from ruhrmail.config import load_config
from ruhrmail.model.edition import Edition
from ruhrmail.parse import load_issue
from ruhrmail.render import Source, render_editions
from ruhrmail.render.style import STYLES

CONFIG = """\
newsletter:
  name: Ruhrblick
  url: https://letter.example
  sender: {name: Ruhrblick, address: post@letter.example}
imprint:
  organisation: Agentur GmbH
  street: Zechenweg 7
  city: 45128 Essen
  phone: +49 201 123
  email: post@letter.example
  web: https://www.letter.example
  represented_by: Ada Beispiel
  register: Amtsgericht Essen, HRB 1
  vat_id: DE999999999
  responsible: Ben Beispiel, Zechenweg 7, 45128 Essen
"""
HEAD = "number: 7\ndate: 2026-11-06\nsubject: Licht in der Halle\npreheader: Drei Geschichten\n"

THEMES = tuple(STYLES)
Render = Callable[..., Edition]
RenderAll = Callable[..., tuple[Edition, ...]]


def picture(size: tuple[int, int] = (40, 20), mode: str = "RGB", form: str = "PNG") -> bytes:
    """The bytes of a picture in one colour."""
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, form)
    return buffer.getvalue()


def choose_theme(project: Path, name: str, *settings: str) -> None:
    """Writes the project's settings with a theme and lines below it."""
    lines = "".join(f"  {line}\n" for line in (f"name: {name}", *settings))
    (project / "ruhrmail.yaml").write_text(f"{CONFIG}theme:\n{lines}", encoding="utf-8")


def render_project(project: Path) -> tuple[Edition, ...]:
    """The issue `one` of a project, rendered for each variant."""
    config = load_config(project, {})
    file = load_issue(project, "one", ["first_name", "company", "email"])
    source = Source("one", file.folder, config, file.document.at_value, file.document.at_word)
    return render_editions(file.issue, source)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without an issue, two pictures where its issue is going to lie."""
    (tmp_path / "ruhrmail.yaml").write_text(CONFIG, encoding="utf-8")
    folder = tmp_path / "issues" / "one"
    folder.mkdir(parents=True)
    (folder / "wide.jpg").write_bytes(photo((1600, 900)))
    (folder / "small.png").write_bytes(picture((120, 120), "RGBA"))
    return tmp_path


def photo(size: tuple[int, int]) -> bytes:
    """A JPEG with more colours than a drawing has."""
    buffer = io.BytesIO()
    red, green = Image.linear_gradient("L").resize(size), Image.radial_gradient("L").resize(size)
    Image.merge("RGB", (red, green, red)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(params=THEMES)
def theme(request: pytest.FixtureRequest, project: Path) -> str:
    """Every packaged theme in turn, chosen in the project's settings."""
    choose_theme(project, request.param)
    return str(request.param)


@pytest.fixture
def render_all(project: Path) -> RenderAll:
    """Renders an issue from its `content:` (and, if need be, another head) for each variant."""

    def run(content: str, head: str = HEAD) -> tuple[Edition, ...]:
        (project / "issues" / "one" / "issue.yaml").write_text(f"{head}content:\n{content}", encoding="utf-8")
        return render_project(project)

    return run


@pytest.fixture
def render(render_all: RenderAll) -> Render:
    """The same for readers without tags."""

    def run(content: str, head: str = HEAD) -> Edition:
        return render_all(content, head)[0]

    return run
