"""What lies in the project: who may read it, and whether git knows it."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

from ruhrmail.doctor.case import Case
from ruhrmail.errors import RuhrmailError
from ruhrmail.model.diagnosis import Diagnosis
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.tokens import SECRET_NAME, read_secrets

OTHERS = 0o077
PATIENCE = 5
"""Seconds that git gets for an answer."""


def examine_state(case: Case) -> Iterator[Diagnosis]:
    """The folder of the state, and the store's file in it: for their owner alone."""
    folder, name = case.config.state_folder, "doctor/files-state"
    if not folder.is_dir():
        yield Diagnosis(name, "ok", folder.name, phrase("there is no state yet: the first `send` or `serve` makes it"))
        return
    found = list(private_faults(folder, case.config.name_of(folder), 0o700))
    for path in sorted(folder.glob("*.db")):
        found += private_faults(path, case.config.name_of(path), 0o600)
    for message, remedy in found:
        yield Diagnosis(name, "warning", folder.name, message, remedy)
    if not found:
        yield Diagnosis(name, "ok", folder.name, phrase("only its owner can read {file}", file=folder.name))


def private_faults(path: Path, name: str, mode: int) -> Iterator[tuple[Phrase, Phrase]]:
    """What is wrong with who may read a file or folder, and what to do."""
    if sys.platform == "win32":
        return
    try:
        found = path.stat()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        yield (phrase("{file} cannot be looked at: {reason}", file=name, reason=reason),
               phrase("check the permissions of the folder"))  # fmt: skip
        return
    if stat.S_IMODE(found.st_mode) & OTHERS:
        yield phrase("others can read {file}", file=name), phrase("chmod {mode} {file}", mode=f"{mode:o}", file=name)
    if found.st_uid != os.getuid():
        yield (phrase("{file} belongs to another user (number {user})", file=name, user=found.st_uid),
               phrase("run ruhrmail as that user, or give the file to the one who runs it: chown"))  # fmt: skip


def examine_secret(case: Case) -> Iterator[Diagnosis]:
    """The secret that signs links."""
    path, name = case.config.state_folder / SECRET_NAME, "doctor/files-secret"
    about = case.config.name_of(path)
    if case.config.secrets:
        yield Diagnosis(name, "ok", "RUHRMAIL_SECRET", phrase("the secret comes from the environment"))
        return
    try:
        known = read_secrets(path)
    except RuhrmailError as error:
        yield Diagnosis(name, "error", about, error.message, error.hint)
        return
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        yield Diagnosis(name, "error", about, phrase("the secret cannot be read or written: {reason}", reason=reason),
                        phrase("check the permissions of the folder, or set RUHRMAIL_SECRET"))  # fmt: skip
        return
    if not known:
        yield Diagnosis(name, "ok", about, phrase("there is no secret yet: the first `send` or `serve` makes it"))
        return
    found = list(private_faults(path, about, 0o600))
    for message, remedy in found:
        yield Diagnosis(name, "error", about, message, remedy)
    if not found:
        yield Diagnosis(name, "ok", about, phrase("the secret is long enough, and only its owner can read it"))


def examine_keys(case: Case) -> Iterator[Diagnosis]:
    """The private keys of DKIM."""
    name = "doctor/files-dkim"
    for finding in case.key_findings:
        state = "warning" if finding.severity == "info" else finding.severity
        yield Diagnosis(name, state, str(finding.at), finding.message, finding.hint)
    for selector in sorted(case.keys):
        if not any(selector in one.at.file for one in case.key_findings):
            yield Diagnosis(name, "ok", selector, phrase("the key {selector} can be read", selector=selector))
    if not case.config.settings.dkim:
        yield Diagnosis(name, "ok", "dkim", phrase("ruhrmail signs nothing itself: that is left to the relay"))


def examine_git(case: Case) -> Iterator[Diagnosis]:
    """Whether git keeps what must never leave the machine."""
    config, name = case.config, "doctor/files-git"
    inside = ask_git(config.project, "rev-parse", "--is-inside-work-tree")
    if inside is None or inside.returncode:
        outside = not any((one / ".git").exists() for one in (config.project, *config.project.parents))
        yield Diagnosis(name, "ok" if outside else "unknown", "git", NO_REPOSITORY if outside else NO_GIT)
        return
    folder = config.state_folder.name
    kept = ask_git(config.project, "ls-files", "--", folder)
    history = ask_git(config.project, "log", "--all", "-1", "--format=%h", "--", f"{folder}/{SECRET_NAME}",
                      f"{folder}/dkim")  # fmt: skip
    ignored = ask_git(config.project, "check-ignore", "-q", f"{folder}/{SECRET_NAME}")
    if kept is None or history is None or ignored is None:
        yield Diagnosis(name, "unknown", "git", NO_GIT)
    else:
        yield judge_git(folder, kept.stdout, history.stdout, ignored=not ignored.returncode)


def judge_git(folder: str, kept: str, history: str, *, ignored: bool) -> Diagnosis:
    """What git keeps of the state now, kept of the secrets once, and would take next."""
    name = "doctor/files-git"
    if kept.strip():
        return Diagnosis(name, "error", folder, phrase("git keeps files of {folder}: secrets leave with every push",
                         folder=folder), phrase("git rm -r --cached {folder}; then make new secrets: `ruhrmail keys "
                         "rotate`, `ruhrmail keys dkim SELECTOR`", folder=folder))  # fmt: skip
    if history.strip():
        return Diagnosis(name, "error", folder, phrase("a secret stands in git's history (commit {commit})",
                         commit=history.strip()), phrase("make new ones, for the old ones are known: `ruhrmail "
                         "keys rotate`, `ruhrmail keys dkim SELECTOR`"))  # fmt: skip
    if not ignored:
        return Diagnosis(name, "warning", folder, phrase("git would take {folder} with the next `git add`",
                         folder=folder), phrase("echo {folder}/ >> .gitignore", folder=folder))  # fmt: skip
    return Diagnosis(name, "ok", folder, phrase("git leaves {folder} alone", folder=folder))


NO_REPOSITORY = phrase("the project is in no git repository")
NO_GIT = phrase("git does not answer, so whether secrets are in it cannot be seen")


def examine_list(case: Case) -> Iterator[Diagnosis]:
    """The list of subscribers: people's data, which no repository should keep."""
    config, name = case.config, "doctor/files-list"
    path = config.project / config.settings.subscribers
    about = config.name_of(path)
    if not path.is_file():
        yield Diagnosis(name, "ok", about, phrase("there is no file {file}: the list is what the store holds",
                        file=about))  # fmt: skip
        return
    kept = ask_git(config.project, "ls-files", "--", str(path))
    if kept is not None and kept.returncode == 0 and kept.stdout.strip():
        yield Diagnosis(name, "warning", about, phrase("git keeps the list: whoever can read the repository reads it"),
                        phrase("git rm --cached {file}; echo {file} >> .gitignore; or import it and delete the file",
                               file=about))  # fmt: skip
    else:
        yield Diagnosis(name, "ok", about, phrase("git does not keep the list"))


def ask_git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str] | None":
    """What git says, None where there is none or it does not end. It starts no other program for that."""
    program = which("git")
    if program is None:
        return None
    try:
        return subprocess.run(  # noqa: S603 - our own words, and paths of the settings behind `--`
            [program, "-C", str(folder), "-c", "core.fsmonitor=false", *arguments], capture_output=True, text=True,
            errors="replace", timeout=PATIENCE, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
