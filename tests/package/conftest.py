"""The wheel as `make package` builds it, and a Python that has it installed."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.stories.project import REPOSITORY


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with wheel and sdist, made by the builds that are compared with each other."""
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "tools" / "make_package.py"), "--out", str(out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert 0 == done.returncode, done.stdout + done.stderr
    return out


@pytest.fixture(scope="session")
def wheel(packages: Path) -> Path:
    (found,) = packages.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with `python` and `ruhrmail` of a virtual environment that has the wheel.

    RUHRMAIL_INSTALLED names one that is there already (`make package-check`). Otherwise one is made that sees the
    libraries of this Python. It reads them through a .pth, whose folders' own .pth files Python does not read: the
    checkout, which this Python may have installed as editable, is not among them.
    """
    installed = os.environ.get("RUHRMAIL_INSTALLED")
    if installed:
        return Path(installed)
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python3*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet", "--no-deps",
         "--no-index", "--disable-pip-version-check", str(wheel)],
        check=True,
    )  # fmt: skip
    return folder / "bin"
