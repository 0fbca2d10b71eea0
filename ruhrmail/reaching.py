"""Connections to web servers at addresses that were looked up before, and why there is none."""

import ssl
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Literal

import httpcore

MOST_ADDRESSES = 4


async def connect_to_first(
    inner: httpcore.AsyncNetworkBackend,
    addresses: Sequence[IPv4Address | IPv6Address],
    port: int,
    seconds: float | None,
    local_address: str | None,
    options: Iterable[httpcore.SOCKET_OPTION] | None,
) -> httpcore.AsyncNetworkStream:
    """A connection to the first of the addresses that answers. Raises ConnectError, ConnectTimeout."""
    addresses = addresses[:MOST_ADDRESSES]
    share = None if seconds is None else seconds / len(addresses)
    failure: Exception = httpcore.ConnectError()
    for address in addresses:
        try:
            return await inner.connect_tcp(str(address), port, share, local_address, options)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            failure = error
    raise failure


def why_unreached(error: BaseException) -> tuple[Literal["certificate", "broken", "refused"], str]:
    """Why there is no connection; for a certificate what is wrong with it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "certificate", cause.verify_message
        if isinstance(cause, ssl.SSLError):
            return "broken", ""
        cause = cause.__cause__ or cause.__context__
    return "refused", ""
