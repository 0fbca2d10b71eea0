"""The keys of a service that runs for months: `keys rotate` reaches it without a restart."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from ruhrmail.config import Config
from ruhrmail.errors import RuhrmailError
from ruhrmail.flows.machine import Machine
from ruhrmail.model.phrase import Phrase, phrase
from ruhrmail.tokens import SECRET_NAME, Keyring, Purpose, Stamp, Token, load_keyring, read_secrets

LOOK_EVERY = 1.0
"""Seconds for which a secret that was taken out may still verify."""
Version = tuple[int, int, int]
Tell = Callable[[Phrase], None]


def open_keyring(config: Config, machine: Machine, tell: Tell = lambda _: None) -> Keyring:
    """The project's keys: those of the environment, or those of the file as it is at each use.

    `tell` gets one sentence each time the file becomes unusable. Raises RuhrmailError.
    """
    if config.secrets:
        return load_keyring(config.secrets, config.state_folder, machine.randomness)
    load_keyring((), config.state_folder, machine.randomness)
    return LiveKeyring(config.state_folder / SECRET_NAME, tell)


class LiveKeyring(Keyring):
    """The keys of a file, read again when the file is another one.

    It is looked at whenever something is to be signed, or a token is of none of the keys; else at most once a second.
    While it is gone or broken, the keys that were last read go on. Several threads may use it.
    """

    def __init__(self, path: Path, tell: Tell, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._tell, self._clock = path, tell, clock
        self._version, self._looked, self._reading = version_of(path), clock(), threading.Lock()
        super().__init__(encoded(read_secrets(path)))

    @property
    def key_ids(self) -> tuple[str, ...]:
        """As they are now."""
        self._look()
        return super().key_ids

    def derive(self, label: str) -> tuple[bytes, ...]:
        """As `Keyring` does, with the keys as they are now."""
        self._look()
        return super().derive(label)

    def stamp(self, purpose: Purpose, mailing: int, list_: bytes = bytes(3)) -> Stamp:
        """As `Keyring` does, with the keys as they are now."""
        self._look()
        return super().stamp(purpose, mailing, list_)

    def _verify(self, raw: bytes, purpose: Purpose) -> Token | None:
        if self._clock() - self._looked > LOOK_EVERY:
            self._look()
        tried, token = self._keys, super()._verify(raw, purpose)
        if token is None:
            self._look()
        # Whoever has read the file meanwhile, this token was not tried with the keys that are in it.
        return token if self._keys is tried else super()._verify(raw, purpose)

    def _look(self) -> None:
        """Reads the file if it is another one; returns when the keys are those of the file."""
        version, self._looked = version_of(self._path), self._clock()
        with self._reading:
            if version != self._version:
                self._version = version
                self._read()

    def _read(self) -> None:
        try:
            secrets = encoded(read_secrets(self._path))
        except (RuhrmailError, OSError, UnicodeDecodeError) as error:
            self._complain(error.message if isinstance(error, RuhrmailError) else type(error).__name__)
            return
        if secrets:
            self._take(secrets)
        else:
            self._complain(phrase("the file is gone"))

    def _complain(self, reason: Phrase | str) -> None:
        file = f"{self._path.parent.name}/{self._path.name}"
        self._tell(phrase("{file}: {reason}; the keys read before go on", file=file, reason=reason))


def version_of(path: Path) -> Version | None:
    """What changes when a file does; None when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def encoded(secrets: tuple[str, ...]) -> tuple[bytes, ...]:
    """Secrets as keys are made of them."""
    return tuple(secret.encode() for secret in secrets)
