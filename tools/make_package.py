"""Builds wheel and sdist into dist/, twice and from different circumstances, and compares them byte by byte.

What goes in is what git tracks, as it is in the working tree. The second build runs in another folder, from files made
in the opposite order with other modes and times, under another umask and in another time zone; the third wheel is made
from the sdist. The time inside is the last commit's, or SOURCE_DATE_EPOCH.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCES = ("CHANGELOG.md", "LICENSE", "README.md", "completions", "man", "pyproject.toml", "ruhrmail", "schema")
STRICT_MASK = 0o077


def main() -> None:
    """The whole story; ends with 1 where two builds differ."""
    parser = argparse.ArgumentParser(description="Builds wheel and sdist twice and compares them.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", metavar="DIR")
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory(prefix="ruhrmail-package-") as name:
        first, second, third = build_all(Path(name))
    wrong = [file for file in first if first[file] != second.get(file)]
    wrong += [f"{file} from the sdist" for file in third if third[file] != first.get(file)]
    if wrong or len(first) != 2 or len(third) != 1:
        sys.exit(f"not reproducible: {', '.join(wrong) or sorted([*first, *third])}")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for file, content in first.items():
        (out / file).write_bytes(content)
        print(f"{hashlib.sha256(content).hexdigest()}  {file}")


def build_all(work: Path) -> tuple[dict[str, bytes], dict[str, bytes], dict[str, bytes]]:
    """Two builds from the tree and a wheel from the first one's sdist; each gives files by name."""
    names, epoch = tracked(), commit_time()
    stage(names, work / "one")
    first = build(work / "one", epoch)
    before = os.umask(STRICT_MASK)
    try:
        stage(list(reversed(names)), work / "elsewhere" / "two")
        second = build(work / "elsewhere" / "two", epoch, TZ="Pacific/Auckland")
    finally:
        os.umask(before)
    with tarfile.open(next((work / "one" / "out").glob("*.tar.gz"))) as sdist:
        sdist.extractall(work / "three", filter="data")
    return first, second, build(next((work / "three").iterdir()), epoch, "wheel")


def tracked() -> list[str]:
    """What git knows below SOURCES and the working tree still has."""
    words = ["git", "-C", str(ROOT), "ls-files", "-z", "--", *SOURCES]
    listed = subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    return [name for name in listed if name and (ROOT / name).is_file()]


def commit_time() -> str:
    """Seconds since 1970 of the last commit, unless the environment says otherwise."""
    told = os.environ.get("SOURCE_DATE_EPOCH")
    words = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
    return told or subprocess.run(words, stdout=subprocess.PIPE, check=True).stdout.decode().strip()


def stage(names: list[str], folder: Path) -> None:
    """A copy of the files, made in this order, with the modes that the umask gives and the present time."""
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())


def build(folder: Path, epoch: str, *targets: str, **environ: str) -> dict[str, bytes]:
    """Builds in a folder, with the hatchling of this Python."""
    chosen = [word for target in targets for word in ("--target", target)]
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", "out", *chosen],
        cwd=folder, env={**os.environ, **environ, "SOURCE_DATE_EPOCH": epoch}, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return {file.name: file.read_bytes() for file in sorted((folder / "out").iterdir())}


if __name__ == "__main__":
    main()
