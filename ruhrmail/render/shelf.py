"""Fitted pictures kept between runs, so that an unchanged picture is not processed again.

An entry's name says everything but the pixels: the key (source bytes, place and how we fit), the size, and the asset's
name, which is made from its content: a damaged entry is recognised and made anew.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import lru_cache, partial
from pathlib import Path

from ruhrmail.model.edition import Asset
from ruhrmail.render.images import HOW, Fit, Fitted, Place, fit_picture, name_asset, shown_size

ENTRY = re.compile(r"[0-9a-f]{32}-(\d+)x(\d+)-([0-9a-f]{16}\.(jpg|png))")
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Shelf:
    """A folder of fitted pictures; it may be deleted at any time."""

    folder: Path

    def fit(self, content: bytes, place: Place, fit: Callable[[bytes, Place], Fitted]) -> Fitted:
        """The fitted picture from the shelf, else made by `fit` (whose errors pass) and kept."""
        key = hashlib.sha256(repr((HOW, astuple(place))).encode() + content).hexdigest()[:32]
        kept = next((found for path in self.folder.glob(f"{key}-*") if (found := read_entry(path, place))), None)
        if kept is not None:
            return kept
        fitted = fit(content, place)
        with suppress(OSError):  # a shelf that cannot be written costs time, nothing else
            self.keep(key, fitted.asset)
        return fitted

    def keep(self, key: str, asset: Asset) -> None:
        """Writes an entry, whole or not at all, and clears the shelf when it is over-full."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self.folder, prefix=".")
        with os.fdopen(handle, "wb") as file:
            file.write(asset.content)
        Path(draft).replace(self.folder / f"{key}-{asset.width}x{asset.height}-{asset.name}")
        entries = [path for path in self.folder.iterdir() if ENTRY.fullmatch(path.name)]
        if len(entries) > MOST:
            for path in sorted(entries, key=lambda path: path.stat().st_mtime)[: MOST // 2]:
                path.unlink(missing_ok=True)


@lru_cache(maxsize=4)
def fit_from(folder: Path) -> Fit:
    """What fits pictures with this shelf: the same function each time, so that `fit_file` knows it again."""
    return partial(Shelf(folder).fit, fit=fit_picture)


def read_entry(path: Path, place: Place) -> Fitted | None:
    """The fitted picture of an entry, None where its content is not what its name says."""
    match = ENTRY.fullmatch(path.name)
    if match is None:
        return None
    try:
        content = path.read_bytes()
    except OSError:
        return None
    flat = match[4] == "png"
    if name_asset(content, flat=flat) != match[3]:
        return None
    size = int(match[1]), int(match[2])
    return Fitted(Asset(match[3], content, "image/png" if flat else "image/jpeg", *size), *shown_size(size, place))
