"""Why a phone may not reach this machine: what can be seen from here, and what follows. Rehearsal.

From here alone nobody can know: a packet that never came leaves no trace. But a firewall that is
on, and neighbours that are or are not to be seen on the same network, tell apart what a facilitator
can do something about.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dxcourse.workshop._network import kind_of

SECONDS = 5.0
FEW = 2  # a router answers everybody; more than it and one other are people
_ADDRESS = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b")

_PROFILE = (
    r"HKLM\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters"
    r"\FirewallPolicy\StandardProfile"
)

Run = Callable[[list[str]], str]
"""Runs a program and gives what it said; "" where it is missing or failed."""


@dataclass(frozen=True)
class Evidence:
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


def findings(seen: Evidence) -> list[str]:
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
    found.append("neighbours" if seen.neighbours > FEW else "isolation")
    if seen.firewall is None:
        found.append("firewall_unknown")
    return found


def look(address: str, port: int, reached: int) -> Evidence:
    """See what can be seen from here; it takes up to some seconds."""
    return Evidence(
        address=address,
        answers=answers(address, port),
        firewall=firewall(),
        neighbours=neighbours(address),
        reached=reached,
    )


def answers(address: str, port: int) -> bool:
    """Whether this machine reaches itself there."""
    try:
        with socket.create_connection((address, port), timeout=SECONDS):
            return True
    except OSError:
        return False


def firewall(system: str = sys.platform, run: Run | None = None) -> bool | None:
    """Whether this machine's firewall is on; None where that cannot be seen."""
    said = run or _run
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


def neighbours(address: str, run: Run | None = None) -> int:
    """How many devices of the same network have been heard of lately."""
    if run is None and Path("/proc/net/arp").exists():
        text = Path("/proc/net/arp").read_text(encoding="ascii")
        lines = [line for line in text.splitlines() if "00:00:00:00:00:00" not in line]
    else:
        text = (run or _run)(["arp", "-a"])
        lines = [line for line in text.splitlines() if "incomplete" not in line]
    network = ipaddress.ip_network(f"{address}/24", strict=False)
    found = {
        each
        for line in lines
        for each in _ADDRESS.findall(line)[:1]
        if each != address and ipaddress.ip_address(each) in network
    }
    return len(found - {str(network.broadcast_address)})


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603  -- a fixed program, nothing of anybody's in it
            command, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
