"""The addresses by which phones may reach this machine, and what stands against it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass

# No packet is sent: the system only says which of its addresses it would use on that way.
_WAYS = ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254")


@dataclass(frozen=True)
class Candidate:
    """An address of this machine.

    `kind` is ``lan`` (a room's network), ``public``, ``unassigned`` (169.254…: the network gave
    none) or ``loopback`` (this machine alone).
    """

    address: str
    kind: str


def candidates(found: Iterable[str] | None = None) -> list[Candidate]:
    """The addresses of this machine, the likeliest first."""
    order = ("lan", "public", "unassigned", "loopback")
    addresses = dict.fromkeys(_own() if found is None else found)
    known = [Candidate(address, kind_of(address)) for address in addresses]
    return sorted(known, key=lambda each: order.index(each.kind))


def kind_of(address: str) -> str:
    """What an address is good for."""
    ip = ipaddress.ip_address(address)
    if ip.is_loopback:
        return "loopback"
    if ip.is_link_local:
        return "unassigned"
    # 100.64.0.0/10 is neither private nor global: a carrier's, or a VPN's.
    return "public" if ip.is_global else "lan"


def own_names() -> list[str]:
    """The names by which a network may know this machine."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return list(dict.fromkeys([name, short, f"{short}.local"]))


def _own() -> list[str]:
    found = []
    for way in _WAYS:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            try:
                asked.connect((way, 9))
                found.append(str(asked.getsockname()[0]))
            except OSError:
                continue
    try:
        infos = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)
        found += [str(info[4][0]) for info in infos]
    except OSError:
        pass
    return [*found, "127.0.0.1"]
