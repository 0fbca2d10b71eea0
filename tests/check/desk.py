"""A small newsletter project for one case: its files as the case has them, the rest without a fault."""

import io
from collections.abc import Mapping
from pathlib import Path

import yaml
from PIL import Image

from ruhrmail.flows.check import check_project

CONFIG = """\
newsletter:
  name: Ruhrblick
  language: de
  url: https://letter.example
  sender: {name: Ruhrblick, address: post@letter.example}
  legal_basis: Bestandskunden, § 7 Abs. 3 UWG
imprint:
  organisation: Agentur GmbH
  street: Zechenweg 7
  city: 45128 Essen
  email: post@letter.example
  phone: +49 201 123
  represented_by: Ada Beispiel
  responsible: Ben Beispiel, Zechenweg 7, 45128 Essen
"""
HEAD = {
    "number": "7",
    "date": "2026-11-06",
    "subject": "In der Maschinenhalle ist es wieder warm",
    "preheader": "Fünf Geschichten von Herne bis Hamm und sechs Termine",
    "content": "\n  - {type: text, text: Die Halle ist voll.}\n  - {type: heading, text: Am Kanal}\n"
    "  - {type: divider}\n  - {type: text, text: Das Boot ist leer.}",
}
"""What an issue says where a case says nothing; it stands below the case's own lines, so that these begin in line 1."""


def write_project(folder: Path, case: Mapping[str, object]) -> Path:
    """A project: `issue`, `config` (whole files or the parts that differ), `files` by name, `pictures` by name."""
    files = {
        "subscribers.csv": "email,first_name\nada@leser.example,Ada\n",
        "ruhrmail.yaml": complete(str(case.get("config", "")), CONFIG),
        "issues/one.yaml": complete(str(case.get("issue", "")), "".join(f"{k}: {v}\n" for k, v in HEAD.items())),
        **dict(case.get("files", {})),  # type: ignore[call-overload]
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, traits in dict(case.get("pictures", {})).items():  # type: ignore[call-overload]
        (folder / "issues" / name).write_bytes(draw(traits, Path(name).suffix))
    return folder


def complete(text: str, whole: str) -> str:
    """A file's text with the parts of `whole` that it lacks behind it."""
    text = text.rstrip("\n") + "\n" if text.strip() else ""
    own = yaml.compose(text) if text else None
    names = {key.value for key, _ in own.value} if own else set()
    parts = yaml.compose(whole).value
    ends = [key.start_mark.index for key, _ in parts[1:]] + [len(whole)]
    pairs = zip(parts, ends, strict=True)
    rest = [whole[key.start_mark.index : end] for (key, _), end in pairs if key.value not in names]
    return text + "".join(rest)


def draw(traits: Mapping[str, object], suffix: str) -> bytes:
    """A picture: `width`, `height`, `noise` for one that cannot be made small, `gps` for one that says where."""
    size = (int(traits.get("width", 1200)), int(traits.get("height", 600)))  # type: ignore[call-overload]
    image = Image.effect_noise(size, 90).convert("RGB") if traits.get("noise") else Image.new("RGB", size, "#0b5563")
    exif = Image.Exif()
    if traits.get("gps"):
        exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 27.0, 0.0), 3: "E", 4: (7.0, 0.0, 0.0)})
    buffer = io.BytesIO()
    if traits.get("ink"):
        image = stroke(size, str(traits["ink"]), str(traits.get("edge", "")))
    image.save(buffer, "PNG" if suffix == ".png" else "JPEG", exif=exif)
    return buffer.getvalue()


def stroke(size: tuple[int, int], ink: str, edge: str) -> Image.Image:
    """A bar of ink, perhaps with an edge of another colour, on a transparent ground."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    width, height = size
    if edge:
        image.paste(edge, (width // 6, height // 6, width * 5 // 6, height * 5 // 6))
    image.paste(ink, (width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    return image


def find(folder: Path, case: Mapping[str, object]) -> list[str]:
    """Every finding on the case's issue: `severity rule file:line:column`."""
    found = check_project(write_project(folder, case), {}, ["one"], case.get("needs", ()))  # type: ignore[arg-type]
    return [f"{one.severity} {one.rule} {one.at}" for one in found]
