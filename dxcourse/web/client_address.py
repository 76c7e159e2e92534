"""Who is at the other end: behind a proxy that we were told to believe, what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from dxcourse.web.settings import Network

V6_PREFIX = 64  # one household or office has all of it


@dataclass(frozen=True)
class ClientAddress:
    """A client's address and the protocol it speaks. Lives for a request; never logged or kept."""

    address: str
    protocol: str

    @property
    def group(self) -> str:
        """What counts as one client: an IPv4 address, or an IPv6 network of 64 bits."""
        try:
            address = ip_address(self.address)
        except ValueError:
            return self.address
        if address.version == 4:  # noqa: PLR2004
            return str(address)
        return str(ip_network((address, V6_PREFIX), strict=False))


def client_address_of(
    address: str, protocol: str, headers: Mapping[str, str], trusted: Sequence[Network]
) -> ClientAddress:
    """The client of a request that came from `address`.

    Only what a trusted proxy says is believed: the last address in `X-Forwarded-For` that is not
    itself one of them, and `X-Forwarded-Proto`.
    """
    if not _within(address, trusted):
        return ClientAddress(address, protocol)
    said = headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip()
    protocol = said if said in {"http", "https"} else protocol
    hops = [hop.strip() for hop in headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    for hop in reversed(hops):
        if not _is_address(hop):
            break
        address = hop
        if not _within(hop, trusted):
            break
    return ClientAddress(address, protocol)


def forwarded_host(
    address: str, headers: Mapping[str, str], trusted: Sequence[Network]
) -> str | None:
    """The host and port that a client asked a trusted proxy for, where the proxy says so."""
    if not _within(address, trusted):
        return None
    return headers.get("X-Forwarded-Host", "").rpartition(",")[2].strip().lower() or None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _within(address: str, networks: Sequence[Network]) -> bool:
    if not networks or not _is_address(address):
        return False
    return any(ip_address(address) in network for network in networks)
