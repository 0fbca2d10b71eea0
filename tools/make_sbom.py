"""Writes what the program consists of besides itself into dist/: a CycloneDX bill of materials of requirements.txt.

The locked libraries are installed into an empty environment, for their licences stand in what is installed.
cyclonedx-py, which checks the result against the schema, reads the rest from pyproject.toml with the version put in.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from ruhrmail import __version__

ROOT = Path(__file__).parents[1]
UNTOLD = 'dynamic = ["version"]'


def main() -> None:
    """Into the folder named, else dist/."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ruhrmail-sbom-") as name:
        venv.create(name, with_pip=False, symlinks=True)
        python = str(Path(name) / "bin" / "python")
        pip = [sys.executable, "-m", "pip", "--python", python, "--quiet", "--disable-pip-version-check", "install"]
        subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.txt")], check=True)
        project = Path(name) / "pyproject.toml"
        told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        project.write_text(told.replace(UNTOLD, f'version = "{__version__}"'), encoding="utf-8")
        write(python, project, out / f"ruhrmail-{__version__}.cdx.json")


def write(python: str, project: Path, file: Path) -> None:
    """The bill of what a Python has installed; the same each time for the same commit."""
    words = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    epoch = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run(
        [sys.executable, "-m", "cyclonedx_py", "environment", "--pyproject", str(project),
         "--output-reproducible", "--short-PURLs", "--validate", "--output-file", str(file), python],
        env={"SOURCE_DATE_EPOCH": epoch, **os.environ}, check=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
