"""A host and a port to a listening socket, or to an error that says what to do."""

import errno
import os
import socket

from ruhrmail.errors import RuhrmailError, UsageError
from ruhrmail.model.phrase import Phrase, phrase

BACKLOG = 1024


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises UsageError for an impossible port, RuhrmailError when host and port cannot be had.
    """
    if not 0 <= port <= 65535:
        raise UsageError(phrase("there is no port {port}", port=port), hint=phrase("choose one from 1024 to 65535"))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, TypeError, UnicodeError) as error:  # the last two: a name that cannot be one
        message = phrase("cannot listen on {host}:{port}: {reason}", host=host, port=port, reason=reason_of(error))
        raise RuhrmailError(message, hint=advice(error)) from error
    # Connections inherit it. asyncio does not see to it here, for such sockets lack the protocol number that it looks
    # for, and an answer in two writes would wait 40 ms for the reader's acknowledgement (RFC 1122 section 4.2.3.2).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def reason_of(error: Exception) -> str:
    """What the system says, without what Python adds to it; a name that is not found has a number below zero."""
    if isinstance(error, OSError):
        return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
    return str(error)


def advice(error: Exception) -> Phrase:
    """What to do when a port cannot be had."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.EADDRINUSE:
        return phrase("something else is running there already: stop it, or choose another port with --port")
    if number in (errno.EACCES, errno.EPERM):
        return phrase("ports below 1024 belong to the system: choose a higher one with --port")
    return phrase("--host takes an address of this machine, such as 127.0.0.1")


def address_of(listener: socket.socket) -> str:
    """Host and port of a listening socket as they stand in a URL: `127.0.0.1:8000`, `[::1]:8000`."""
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
