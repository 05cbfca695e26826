"""Where a request comes from, for counting tries."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

# One household or office has a whole network of them.
IPV6_PREFIX = 64


def network_of(request: HttpRequest) -> str:
    """The client's IPv4 address, or the /64 network of its IPv6 address.

    Only as many hops of X-Forwarded-For are believed as there are proxies of ours: what a client adds
    itself changes nothing.
    """
    address = ip_address(get_adapter(request).get_client_ip(request))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)
