"""The addresses by which phones may reach this machine, and what stands against it."""

from __future__ import annotations

import ipaddress
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

# No packet is sent: the system only says which of its addresses it would use on that way.
_WAYS = ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254")


@dataclass(frozen=True)
class NetworkAddress:
    """An address of this machine.

    `kind` is ``lan`` (a room's network), ``public``, ``unassigned`` (169.254…: the network gave
    none) or ``loopback`` (this machine alone).
    """

    address: str
    kind: str


def own_addresses(found: Iterable[str] | None = None) -> list[NetworkAddress]:
    """The addresses of this machine, the likeliest first."""
    order = ("lan", "public", "unassigned", "loopback")
    addresses = dict.fromkeys(_own_addresses() if found is None else found)
    known = [NetworkAddress(address, kind_of(address)) for address in addresses]
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


def _own_addresses() -> list[str]:
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


SECONDS = 5.0
ROUTER_AND_ONE = 2  # a router answers everybody; more than it and one other are people
_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")

_PROFILE = (
    r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters"
    r"\FirewallPolicy\StandardProfile"
)

Run = Callable[[list[str]], str]
"""Runs a program and gives what it said; "" where it is missing or failed."""


@dataclass(frozen=True)
class ReachEvidence:
    """What was seen.

    Parameters
    ----------
    address
        The address that phones are told.
    answers
        Whether this machine reaches itself by that address and port.
    firewall
        Whether a firewall is on; None where that cannot be seen.
    neighbours
        How many devices of the same network have been heard of lately.
    reached
        How many test pages reported back.
    """

    address: str
    answers: bool
    firewall: bool | None
    neighbours: int
    reached: int


def explain(seen: ReachEvidence) -> list[str]:
    """What it comes to, the likeliest first, as codes that the board has words for. Pure."""
    if seen.reached:
        return ["reached"]
    kind = kind_of(seen.address)
    if kind in {"loopback", "unassigned"}:
        return [kind]
    found = []
    if not seen.answers:
        found.append("port")
    if seen.firewall:
        found.append("firewall")
    # Isolated devices do not even ask each other for their hardware address.
    found.append("neighbours" if seen.neighbours > ROUTER_AND_ONE else "isolation")
    if seen.firewall is None:
        found.append("firewall_unknown")
    return found


def collect_evidence(address: str, port: int, reached: int) -> ReachEvidence:
    """See what can be seen from here; it takes up to some seconds."""
    return ReachEvidence(
        address=address,
        answers=port_answers(address, port),
        firewall=firewall_is_on(),
        neighbours=count_neighbours(address),
        reached=reached,
    )


def port_answers(address: str, port: int) -> bool:
    """Whether this machine reaches itself there."""
    try:
        with socket.create_connection((address, port), timeout=SECONDS):
            return True
    except OSError:
        return False


def firewall_is_on(system: str = sys.platform, run: Run | None = None) -> bool | None:
    """Whether this machine's firewall is on; None where that cannot be seen."""
    said = run or _run_program
    if system == "win32":
        # The registry's words are the same in every language; netsh's are not.
        told = re.search(r"EnableFirewall\s+REG_DWORD\s+0x(\d+)", said(["reg", "query", _PROFILE]))
        return None if told is None else told[1] != "0"
    if system == "darwin":
        told_mac = said(["/usr/libexec/ApplicationFirewall/socketfilterfw", "--getglobalstate"])
        return None if "State" not in told_mac else "State = 0" not in told_mac
    states = [said(["systemctl", "is-active", name]).strip() for name in ("ufw", "firewalld")]
    if "active" in states:
        return True
    return False if "inactive" in states else None


def count_neighbours(address: str, run: Run | None = None) -> int:
    """How many devices of the same network have been heard of lately."""
    if run is None and Path("/proc/net/arp").exists():
        text = Path("/proc/net/arp").read_text(encoding="ascii")
        lines = [line for line in text.splitlines() if "00:00:00:00:00:00" not in line]
    else:
        text = (run or _run_program)(["arp", "-a"])
        lines = [line for line in text.splitlines() if "incomplete" not in line]
    network = ipaddress.ip_network(f"{address}/24", strict=False)
    found = {
        each
        for line in lines
        for each in _ADDRESS.findall(line)[:1]
        if each != address and ipaddress.ip_address(each) in network
    }
    return len(found - {str(network.broadcast_address)})


def _run_program(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603  -- a fixed program, nothing of anybody's in it
            command, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
