"""What the tests compare with, from npm: the reference MJML renderer and the accessibility engine."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
INSTALL = "npm ci --prefix tests/node"


def demand_node() -> None:
    """Skips without Node.js and the packages, with the command that installs them; in CI that is a failure."""
    if shutil.which("node") and MODULES.is_dir():
        return
    message = f"the npm packages of the tests are missing: {INSTALL}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def render_reference(mjml: str) -> Mapping[str, Any]:
    """The reference renderer's `html` and `errors` (strictly validated) for an MJML document."""
    demand_node()
    done = subprocess.run(
        ["node", str(HERE / "render.mjs")], input=mjml.encode(), capture_output=True, check=True, timeout=60
    )
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


def axe_source() -> str:
    """The script of axe-core."""
    demand_node()
    return (MODULES / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
