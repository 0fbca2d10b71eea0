"""Which addresses are on the internet: nothing else is ever contacted."""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
NAT64 = ip_network("64:ff9b::/96")
COMPATIBLE = ip_network("::/96")
CLOSED = (
    ip_network("192.88.99.0/24"),
    ip_network("64:ff9b:1::/48"),
    ip_network("100::/64"),
    ip_network("3fff::/20"),
    ip_network("5f00::/16"),
)
"""Special ranges (RFC 6890 and its registry) that not every Python knows."""
NUMBER = r"(?:0[xX][0-9a-fA-F]*|[0-9]+)"
LEGACY = re.compile(rf"{NUMBER}(?:\.{NUMBER}){{0,3}}\.?")


def is_public(address: Address) -> bool:
    """True for an address that anybody on the internet can reach; one that carries another counts as that one."""
    inner = inner_address(address)
    if inner is not None:
        return is_public(inner)
    closed = (
        address.is_private,
        address.is_loopback,
        address.is_link_local,
        address.is_multicast,
        address.is_reserved,
        address.is_unspecified,
        isinstance(address, IPv6Address) and address.is_site_local,
        any(address in net for net in CLOSED if net.version == address.version),
    )
    return address.is_global and not any(closed)


def inner_address(address: Address) -> IPv4Address | None:
    """The IPv4 address inside of an IPv6 one: mapped, NAT64 (RFC 6052), 6to4, Teredo, compatible; else None."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    last = IPv4Address(int(address) & 0xFFFFFFFF)
    return last if any(within(address, net) for net in (NAT64, COMPATIBLE)) else None


def within(address: IPv6Address, net: object) -> bool:
    """True for an address of a network, whatever its scope."""
    assert isinstance(net, IPv6Network)
    return IPv6Address(int(address)) in net


def read_number(host: str) -> Address | None:
    """The address that a host is in numbers, as browsers read it: `127.1` and `0x7f000001` are numbers too.

    None for a name. Raises ValueError for numbers that are no address.
    """
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        if not LEGACY.fullmatch(host):
            return None
    try:
        return IPv4Address(socket.inet_aton(host.rstrip(".")))
    except OSError:
        raise ValueError(host) from None


def is_loopback_name(host: str) -> bool:
    """True for `localhost` and what lies below it, which no server is to be asked for (RFC 6761 section 6.3)."""
    return host.rstrip(".").rpartition(".")[2] == "localhost"
