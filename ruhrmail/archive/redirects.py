"""Pages that moved: `OLD: NEW` below `archive/`, an issue (`2026-10`) or an article's page (`2026-11/alt.html`)."""

from collections.abc import Callable, Mapping

MAP = "redirects.map"
SEVERAL = 10
"""Moves after moves that are followed."""


def moved_to(redirects: Mapping[str, str], place: str) -> str | None:
    """Where `SLUG/NAME` or `SLUG/` is now; None: it never moved, or in circles. What lies in an issue's folder moves
    with it."""
    found = place
    for _ in range(SEVERAL):
        slug, _, name = found.partition("/")
        if found in redirects:
            found = redirects[found]
        elif slug in redirects:
            found = f"{redirects[slug]}/{name}" if "/" not in redirects[slug] else redirects[slug]
        else:
            return found if found != place else None
    return None


def moved_files(
    redirects: Mapping[str, str], public: Mapping[str, bytes], page: Callable[[str], bytes]
) -> Mapping[str, bytes]:
    """The files at old places, by their path below `archive/`: pages that lead on, the pictures and calendars that old
    mails show. `public` are the files at new places; `page` makes a page that leads to a place.
    """
    files: dict[str, bytes] = {}
    for old in redirects:
        if "/" in old:
            new = moved_to(redirects, old)
            if new is not None and (new if "/" in new else f"{new}/index.html") in public:
                files[old] = page(new)
            continue
        folder = (moved_to(redirects, f"{old}/") or "").partition("/")[0]
        for name in (path.removeprefix(f"{folder}/") for path in public if path.startswith(f"{folder}/")):
            whole = f"{folder}/{name}"
            target = f"{folder}/" if name == "index.html" else whole
            files[f"{old}/{name}"] = page(target) if name.endswith(".html") else public[whole]
    return {path: content for path, content in files.items() if path not in public}


def write_map(redirects: Mapping[str, str], base: str) -> bytes:
    """The same for the web server nginx, to be included in a `map $uri $moved { … }`. `base` is the path of the site,
    without a slash at its end."""
    lines = []
    for old, new in redirects.items():
        if "/" in old:
            lines.append(f"{base}/archive/{old} {base}/archive/{new}{'' if '/' in new else '/'};")
        else:
            lines.append(f"~^{quoted(base)}/archive/{quoted(old)}/(.*)$ {base}/archive/{new}/$1;")
    return "".join(f"{line}\n" for line in lines).encode()


def quoted(text: str) -> str:
    """A text in a regular expression of nginx: letters, digits, hyphens, slashes and dots are all there is."""
    return text.replace(".", "\\.")
