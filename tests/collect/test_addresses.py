"""Which addresses a request may reach."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

import pytest

from pipeline.collect.addresses import is_reachable

PUBLIC = [
    "93.184.216.34",
    "8.8.8.8",
    "192.0.1.1",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "223.255.255.255",
    "2606:2800:220:1:248:1893:25c8:1946",
    "2a00:1450:4001::1",
    "::ffff:93.184.216.34",
    "64:ff9b::5db8:d822",
    "2002:5db8:d822::1",
]
SPECIAL = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:10::1", "2001:20::1",
    "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1",
    "fe80::1", "fe80::1%eth0", "2606:2800::1%eth0", "fec0::1", "ff02::1",
    "", "localhost", "127.1", "0x7f000001", "2130706433", "١٢٧.٠.٠.١",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_reachable(address):
    """
    Hosts on the public internet may be asked, also through NAT64 and the like.
    """
    assert is_reachable(address)


@pytest.mark.parametrize("address", SPECIAL)
def test_special_addresses_are_not(address):
    """
    Nothing inside, nothing special, nothing wrapped, and nothing that is no address.
    """
    assert not is_reachable(address)


@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("127.0.0.2", True),
        ("::ffff:127.0.0.2", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("127.1.0.1", False),
    ],
)
def test_the_operator_may_open_ranges(address, reachable):
    """
    An opened range is open however it is wrapped; nothing beside it is.
    """
    opened = (IPv4Network("127.0.0.0/16"), IPv6Network("::1"))

    assert reachable == is_reachable(address, opened)
