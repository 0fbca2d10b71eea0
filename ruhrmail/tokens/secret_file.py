"""The file `.ruhrmail/secret`: made on first use, read, and rotated, all of it or nothing."""

import base64
import os
from collections.abc import Callable
from pathlib import Path

from ruhrmail.errors import RuhrmailError
from ruhrmail.model.location import Location
from ruhrmail.model.phrase import phrase
from ruhrmail.tokens.keyring import Keyring

MIN_SECRET = 32
SECRET_NAME = "secret"  # noqa: S105 - the name of a file


def load_keyring(secrets: tuple[str, ...], state_folder: Path, randomness: Callable[[int], bytes]) -> Keyring:
    """The keyring of a project: the environment's secrets, else those of `.ruhrmail/secret`, made on first use.

    The file holds one secret a line, the first signs. `randomness(n)` gives n random bytes. Raises RuhrmailError.
    """
    if not secrets:
        path = state_folder / SECRET_NAME
        try:
            secrets = read_secrets(path) or create_secret(path, randomness)
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
            raise RuhrmailError(
                phrase("the secret cannot be read or written: {reason}", reason=reason),
                place(path),
                phrase("check the permissions of the folder, or set RUHRMAIL_SECRET"),
            ) from None
    return Keyring(tuple(secret.encode() for secret in secrets))


def read_secrets(path: Path) -> tuple[str, ...]:
    """The secrets of the file, none where there is no file. Raises RuhrmailError, OSError, UnicodeDecodeError."""
    try:
        lines = path.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return ()
    if not lines or any(len(line) < MIN_SECRET for line in lines):
        raise RuhrmailError(
            phrase("a secret is shorter than {count} characters", count=MIN_SECRET),
            place(path),
            phrase(
                "restore the file from a backup; if there is none, delete it: "
                "a new one is made, and links in mails already sent stop working"
            ),
        )
    return tuple(lines)


def create_secret(path: Path, randomness: Callable[[int], bytes]) -> tuple[str, ...]:
    """Makes the file with a new secret (mode 0600, folder 0700); whoever is first wins, complete or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{SECRET_NAME}.{randomness(8).hex()}")
    text = base64.urlsafe_b64encode(randomness(33)).decode()
    try:
        write_secrets(draft, (text,))
        # A link never replaces a file: of two processes that start at once, both go on with the same secret.
        os.link(draft, path)
    except FileExistsError:
        return read_secrets(path)
    finally:
        draft.unlink(missing_ok=True)
    return (text,)


def rotate_secrets(state_folder: Path, randomness: Callable[[int], bytes]) -> Keyring:
    """Puts a new secret in front of those of `.ruhrmail/secret`: it signs from now on, the older ones still verify.

    All of the file is written anew or nothing of it. Raises RuhrmailError.
    """
    path = state_folder / SECRET_NAME
    load_keyring((), state_folder, randomness)
    draft = path.with_name(f"{SECRET_NAME}.{randomness(8).hex()}")
    try:
        secrets = (base64.urlsafe_b64encode(randomness(33)).decode(), *read_secrets(path))
        write_secrets(draft, secrets)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise RuhrmailError(
            phrase("the secret cannot be read or written: {reason}", reason=reason), place(path)
        ) from None
    return Keyring(tuple(secret.encode() for secret in secrets))


def write_secrets(path: Path, secrets: tuple[str, ...]) -> None:
    """Writes a new file (mode 0600), on the disk when it returns. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("".join(f"{secret}\n" for secret in secrets))
        file.flush()
        os.fsync(file.fileno())


def place(path: Path) -> Location:
    """Where the secret lies, as messages show it."""
    return Location(f"{path.parent.name}/{path.name}")
