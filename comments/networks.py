"""Where a request comes from, as far as anybody needs to know: its network, never its address."""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network
IPV4_BITS, IPV6_BITS = 24, 48  # about as much as one household or office has
MAX_HOPS = 20


def network_of(request: HttpRequest) -> Network | None:
    """Return the network the request comes from; None where that cannot be told.

    Behind trusted proxies it is the last address in ``X-Forwarded-For`` that is none of theirs:
    what stands before it anybody may have written. This machine itself is no network: it is a proxy
    that nobody has named, behind which all readers would look like one.
    """
    hop = _address(request.META.get("REMOTE_ADDR", ""))
    told = request.headers.get("X-Forwarded-For", "").split(",")[-MAX_HOPS:]
    while hop is not None and told and _is_trusted(hop):
        before = _address(told.pop())
        if before is None:
            break
        hop = before
    if hop is None or hop.is_loopback:
        return None
    bits = IPV4_BITS if hop.version == 4 else IPV6_BITS
    return ipaddress.ip_network(f"{hop}/{bits}", strict=False)


def network_key(request: HttpRequest) -> str:
    """Return what is kept of a network: a keyed hash, empty for none."""
    network = network_of(request)
    if network is None:
        return ""
    return salted_hmac("comments.network", str(network), algorithm="sha256").hexdigest()


def network_number(key: str) -> int | None:
    """Return a shorter number in place of a network's hash, where many are kept; None for none."""
    return int.from_bytes(bytes.fromhex(key[:16]), signed=True) if key else None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.strip().strip("[]").partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _is_trusted(hop: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(hop in network for network in _trusted(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=8)
def _trusted(told: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text, strict=False) for text in told)
