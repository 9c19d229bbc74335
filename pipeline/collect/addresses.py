"""
Which network addresses a request may reach.

Feeds are written by others, and so are redirects and name servers: none of them may lead a request
to this machine, its network, or its cloud's metadata service. `ipaddress.is_global` is not enough:
on Python 3.11 it lets multicast, NAT64, 6to4 and others through.

Pure. Source: the IANA special-purpose address registries.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network

_DENIED_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier's shared space
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
#: Only this is given out to the public, less the blocks below.
_GLOBAL_6 = IPv6Network("2000::/3")
_DENIED_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments; Teredo, which is among them, is unwrapped before
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
#: Prefixes that carry an IPv4 address in their last 32 bits.
_WRAPPED_AT_THE_END = tuple(
    IPv6Network(block)
    for block in (
        "::ffff:0:0/96",  # mapped
        "::ffff:0:0:0/96",  # translated
        "64:ff9b::/96",  # NAT64, which reaches public hosts from networks without IPv4
    )
)


def is_reachable(address: str | IPv4Address | IPv6Address, allow_networks: Iterable[Network] = ()) -> bool:
    """Whether a request may be sent to `address`.

    An address wrapped in another (mapped, 6to4, NAT64, Teredo) counts as what it leads to.

    Args:
        address: an address, not a name; what is none is unreachable.
        allow_networks: special ranges the operator opened, such as the newsroom's loopback.

    >>> is_reachable("::ffff:127.0.0.1"), is_reachable("93.184.216.34")
    (False, True)
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    allowed = tuple(allow_networks)
    if any(parsed in network for network in allowed):
        return True
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _DENIED_4)
    wrapped = _wrapped(parsed)
    if wrapped:
        return all(is_reachable(inner, allowed) for inner in wrapped)
    return _is_public(parsed)


def _wrapped(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses `address` leads to, if it is only a wrapping."""
    if any(address in network for network in _WRAPPED_AT_THE_END):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.sixtofour:
        return (address.sixtofour,)
    return address.teredo or ()


def _is_public(address: IPv6Address) -> bool:
    return (
        address.scope_id is None
        and address in _GLOBAL_6
        and not any(address in network for network in _DENIED_6)
    )
