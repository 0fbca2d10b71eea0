"""Installs the wheel of dist/ into an empty environment of each Python that is named, and tries it.

    python tools/try_package.py python3.11 /opt/python3.13/bin/python3

As pipx does it: the newest libraries that the wheel allows, none of which may need a compiler (--only-binary). Then the
story of the tutorial runs from there, with deprecations as errors. With --core, the tests of reading, composing and
remembering run in the same Python too, with the libraries of requirements-dev.txt.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
CORE = ("source", "parse", "config", "model", "roster", "compose", "bounce", "collect", "mend", "triage", "archive")
ABSENT = "not there"
STRICT = {"PYTHONWARNINGS": "error::DeprecationWarning,ignore:Binding:DeprecationWarning"}
"""Python 3.12 before its fourth release takes `?1` in SQL for a name, and warns; others do not."""


def main() -> None:
    """Ends with 1 where a Python failed, or none is there; one that is not there is named."""
    parser = argparse.ArgumentParser(description="Tries the wheel of dist/ in empty environments.")
    parser.add_argument("--core", action="store_true", help="run the tests of the core in each Python too")
    parser.add_argument("pythons", nargs="+", metavar="PYTHON")
    wanted = parser.parse_args()
    (wheel,) = (ROOT / "dist").glob("*.whl")
    results = {python: attempt(python, wheel, core=wanted.core) for python in wanted.pythons}
    for python, trouble in results.items():
        print(f"{python}: {trouble or 'works'}")
    sys.exit(0 if "" in results.values() and set(results.values()) <= {"", ABSENT} else 1)


def attempt(python: str, wheel: Path, *, core: bool) -> str:
    """What went wrong with one Python; empty when nothing did."""
    if not works(python):
        return ABSENT
    with tempfile.TemporaryDirectory(prefix="ruhrmail-try-") as folder:
        environment = Path(folder) / "installed"
        steps = [(f"install for {python}", lambda: install(python, environment, wheel)),
                 ("story", lambda: tell_story(environment))]  # fmt: skip
        if core:
            steps.append(("core", lambda: run_core(python, Path(folder) / "core", Path(folder) / "tmp")))
        for name, step in steps:
            print(f"{python}: {name}", flush=True)
            try:
                step()
            except subprocess.CalledProcessError as error:
                return f"{name} failed with {error.returncode}"
    return ""


def works(python: str) -> bool:
    """Whether it starts; a shim may stand for a Python that is not chosen."""
    found = shutil.which(python)
    return bool(found) and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0


def install(python: str, folder: Path, wheel: Path) -> None:
    """An environment with the wheel and what it needs, from built packages alone."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    pip(folder, "install", "--only-binary", ":all:", str(wheel))
    pip(folder, "check")


def tell_story(environment: Path) -> None:
    """tests/package/test_story.py, run by this Python, with the programs of that one."""
    environ = {**os.environ, **STRICT, "RUHRMAIL_INSTALLED": str(environment / "bin")}
    words = [sys.executable, "-W", "default", "-m", "pytest", "tests/package/test_story.py"]
    subprocess.run(words, cwd=ROOT, env=environ, check=True)


def run_core(python: str, folder: Path, scratch: Path) -> None:
    """The tests of the core in that Python, from the working tree."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    pip(folder, "install", "--require-hashes", "-r", str(ROOT / "requirements-dev.txt"))
    words = [str(folder / "bin" / "python"), "-m", "pytest", "-p", "no:cacheprovider", f"--basetemp={scratch}"]
    subprocess.run([*words, *(f"tests/{name}" for name in CORE)], cwd=ROOT, env={**os.environ, **STRICT}, check=True)


def pip(folder: Path, *words: str) -> None:
    """One call of pip."""
    program = [str(folder / "bin" / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*program, *words], check=True)


if __name__ == "__main__":
    main()
