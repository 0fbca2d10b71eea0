"""Pages that moved: `OLD: NEW` below `archive/`, an issue (`2026-10`) or an article's page (`2026-11/alt.html`)."""

from collections.abc import Callable, Container, Iterator, Mapping

from ruhrmail.config.redirects import moved_to

MAP = "redirects.map"


def moved_files(
    redirects: Mapping[str, str], public: Mapping[str, bytes], page: Callable[[str], bytes]
) -> Mapping[str, bytes]:
    """The files at old places, by their path below `archive/`: pages that lead on, the pictures and calendars that old
    mails show. `public` are the files at new places; `page` makes a page that leads to a place.
    """
    files: dict[str, bytes] = {}
    for old in redirects:
        if "/" not in old:
            folder = (moved_to(redirects, f"{old}/") or "").partition("/")[0]
            for name in (path.removeprefix(f"{folder}/") for path in public if path.startswith(f"{folder}/")):
                whole = f"{folder}/{name}"
                target = f"{folder}/" if name == "index.html" else whole
                files[f"{old}/{name}"] = page(target) if name.endswith(".html") else public[whole]
    for place in old_pages(redirects):
        new = moved_to(redirects, place)
        if new is not None and (new if "/" in new else f"{new}/index.html") in public:
            files[place] = page(new)
    return {path: content for path, content in files.items() if path not in public}


def moves_to_nothing(redirects: Mapping[str, str], public: Container[str]) -> Iterator[str]:
    """The old places whose new ones are not among the files of public issues."""
    for old in redirects:
        new = moved_to(redirects, old if "/" in old else f"{old}/") or ""
        if (new if new.partition("/")[2] else f"{new.rstrip('/')}/index.html") not in public:
            yield old


def old_pages(redirects: Mapping[str, str]) -> Iterator[str]:
    """The old places of articles' pages, also below earlier names of their issues."""
    for old in redirects:
        slug, _, name = old.partition("/")
        if name:
            yield old
            found = (one for one in redirects if "/" not in one)
            yield from (f"{one}/{name}" for one in found if moved_to(redirects, f"{one}/") == f"{slug}/")


def write_map(redirects: Mapping[str, str], base: str, public: Container[str]) -> bytes:
    """The same for the web server nginx, to be included in a `map $uri $moved { … }`. `base` is the path of the site,
    without a slash at its end; what is `public` at its old place stays there.

    What stands behind an old name is handed on only where it can be a name of ours: `$uri` is decoded, and a line end
    in it would become one in the answer's headers.
    """
    lines = []
    for old, new in redirects.items():
        if "/" in old and old not in public:
            lines.append(f"{base}/archive/{old} {base}/archive/{new}{'' if '/' in new else '/'};")
        elif "/" not in old and f"{old}/index.html" not in public:
            lines.append(f"~^{quoted(base)}/archive/{quoted(old)}/([A-Za-z0-9._/-]*)\\z {base}/archive/{new}/$1;")
    return "".join(f"{line}\n" for line in lines).encode()


def quoted(text: str) -> str:
    """A text in a regular expression of nginx: letters, digits, hyphens, slashes and dots are all there is."""
    return text.replace(".", "\\.")
