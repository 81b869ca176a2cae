"""IP address operators: numbers in ranges, IPv4 and IPv6 never in each other's."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from policies.engine.conditions.operator import Operator, Test, by_name, never
from policies.engine.variables import Keys, Template


@lru_cache(maxsize=1024)
def address(text: str) -> IPv4Address | IPv6Address | None:
    """The address a text spells; zone ids and masks are no part of one."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


def _read(value: Template) -> Test:
    bare, slash, length = value.raw.partition("/")
    if slash and not (length.isascii() and length.isdigit()):
        return never
    if address(bare) is None:
        return never
    try:
        network = ip_network(value.raw, strict=False)
    except ValueError:
        return never
    version, mask = network.version, int(network.netmask)
    start = int(network.network_address)

    def test(seen: str, keys: Keys) -> bool:
        found = address(seen)
        return found is not None and found.version == version and int(found) & mask == start

    return test


OPERATORS = by_name(Operator("IpAddress", _read), Operator("NotIpAddress", _read, negated=True))
