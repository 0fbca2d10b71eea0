"""The examples of manual pages as cases."""

import re

IN_FILE = re.compile(r"# (ruhrmail\.yaml|subscribers\.csv|templates/\S+)\n")
OTHER = "date: 2026-10-02\nnumber: {number}\nsubject: {subject}\npreheader: {preheader}\ncontent: [{{type: divider}}]\n"
TAKEN = {
    "number": "6",
    "subject": "Neues aus der Region",
    "preheader": "Drei Geschichten, vier Termine und ein Blick zurück",
}
"""What the issue before says in examples that name it."""


def is_whole(example: str) -> bool:
    """False for an example that stands for a file in words, or for a part of one."""
    first, _, rest = example.partition("\n")
    return not first.endswith(", in part") and not (first.startswith("# ") and not rest.strip())


def case_of(example: str) -> dict[str, object]:
    """The project that an example describes."""
    match = IN_FILE.match(example)
    files = {"issues/2026-10.yaml": OTHER.format(**TAKEN), "issues/logo.svg": "<svg/>"}
    case: dict[str, object] = {"files": files, "pictures": {"halle.png": {}}}
    if not match:
        return {**case, "issue": example}
    body = example[match.end() :]
    if match[1] == "ruhrmail.yaml":
        return {**case, "config": body}
    return {**case, "files": {**files, match[1]: body}}
