"""What stands before a server: whom it speaks for, and the folder in which it puts us."""

from __future__ import annotations

import re
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


# -- Puts a site into a folder of another's address: one place knows, no page does -----------------
#
# A page says ``href="/modules/01"``, as if it were served at the top. Where the site is under a
# base path, as ``/course``, its links are rewritten when the page is made, and the page's `html`
# element says the base to its scripts (``data-base``). Requests may come with the base, from a
# proxy that hands on the whole address, or without, from one that strips it.

LINK = re.compile(r"""(<[a-zA-Z][^<>]*?\s(?:href|src|action|poster)=["'])(/(?!/))""")
ROOT = re.compile(r"<html(?=[\s>])")


def under_base(html: str, base: str) -> str:
    """A page or a piece of one whose links lead to where the site is.

    What a person typed cannot be taken for a link: it is escaped, and has no ``<``.
    """
    if not base:
        return html
    html = LINK.sub(rf"\1{base}\2", html)
    return ROOT.sub(f'<html data-base="{base}"', html, count=1)


def moved_base(html: str, old: str, new: str) -> str:
    """A page that was made for one base, for another one."""
    if not old:
        return under_base(html, new)
    start = r"""(<[a-zA-Z][^<>]*?\s(?:href|src|action|poster)=["'])"""
    html = re.sub(rf"{start}{re.escape(old)}(/)", rf"\1{new}\2", html)
    return html.replace(f'<html data-base="{old}"', f'<html data-base="{new}"', 1)


def route_pattern(pattern: str, base: str) -> str:
    """The pattern of an address that may come with the base and without."""
    if not base:
        return pattern
    folder = re.escape(base)
    return rf"(?:{folder})?{pattern}" if pattern != "/" else rf"(?:(?:{folder})?/|{folder})"
