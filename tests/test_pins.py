"""The files that say what is installed agree with one another."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements.txt", "requirements-server.txt", "requirements-dev.txt")
EXTRAS = {"requirements-server.txt": {"dask", "hub", "lms", "oidc"}}
EXTRAS["requirements-dev.txt"] = EXTRAS["requirements-server.txt"] | {"test"}

SYSTEMS = {
    "Windows": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
    "macOS": {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"},
    "Linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = [
    pytest.param(
        {
            **system,
            "python_version": python,
            "python_full_version": f"{python}.9",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "platform_machine": "x86_64",
            "extra": "",
        },
        id=f"{name}-{python}",
    )
    for name, system in SYSTEMS.items()
    for python in PYTHONS
]


class Pin(NamedTuple):
    requirement: Requirement
    hashes: list[str]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        return next(iter(self.requirement.specifier)).version

    def holds(self, machine: dict[str, str]) -> bool:
        marker = self.requirement.marker
        return marker is None or marker.evaluate(machine)


def read(name: str) -> list[Pin]:
    lines = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    pins = []
    for line in lines:
        if line and not line.startswith("#"):
            requirement, *hashes = re.split(r"\s+--hash=", line)
            pins.append(Pin(Requirement(requirement), hashes))
    return pins


PINS = {name: read(name) for name in FILES}


def project() -> dict[str, Any]:
    loaded: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = loaded["project"]
    return found


def wanted(name: str) -> list[Requirement]:
    lines, extras = list(project()["dependencies"]), project()["optional-dependencies"]
    assert EXTRAS["requirements-dev.txt"] == set(extras)
    for extra in sorted(EXTRAS.get(name, ())):
        lines += extras[extra]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_one_exact_version_with_hashes(name: str) -> None:
    assert PINS[name]
    for pin in PINS[name]:
        assert [one.operator for one in pin.requirement.specifier] == ["=="], pin.name
        assert "*" not in pin.version, pin.name
        assert pin.hashes, pin.name
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", one.strip()) for one in pin.hashes), pin.name


@pytest.mark.parametrize("name", FILES)
def test_no_address_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").lower()
    for word in ("://", "--index", "index-url", "find-links", "trusted-host", " @ ", "-e "):
        assert word not in text


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", FILES)
def test_a_machine_gets_each_package_once(name: str, machine: dict[str, str]) -> None:
    names = [pin.name for pin in PINS[name] if pin.holds(machine)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("name", FILES)
def test_what_the_project_asks_for_is_pinned_as_asked(name: str, machine: dict[str, str]) -> None:
    pins = {pin.name: pin for pin in PINS[name] if pin.holds(machine)}
    for one in wanted(name):
        if one.marker is None or one.marker.evaluate(machine):
            pin = pins[canonicalize_name(one.name)]
            assert one.specifier.contains(pin.version, prereleases=True), str(pin.requirement)


@pytest.mark.parametrize("name", FILES[:-1])
def test_learners_servers_and_developers_get_the_same_versions(name: str) -> None:
    developer = {str(pin.requirement): set(pin.hashes) for pin in PINS["requirements-dev.txt"]}
    for pin in PINS[name]:
        # The tools can widen a marker (colorama on Windows): then name and version are the same.
        same = [line for line in developer if line.split(" ;")[0].split(";")[0] == plain(pin)]
        assert same, str(pin.requirement)
        assert all(set(pin.hashes) == developer[line] for line in same), pin.name


def plain(pin: Pin) -> str:
    return f"{pin.requirement.name}=={pin.version}"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("package", "system"),
    [
        ("pywinpty", "Windows"),  # JupyterLab's terminal
        ("colorama", "Windows"),  # click
        ("tzdata", "Windows"),  # Japan's date
        ("appnope", "macOS"),  # the kernel
        ("ptyprocess", "Linux"),  # JupyterLab's terminal
    ],
)
def test_other_systems_packages_are_pinned_too(name: str, package: str, system: str) -> None:
    machine = next(one.values[0] for one in MACHINES if one.id == f"{system}-3.11")
    assert isinstance(machine, dict)
    assert any(pin.name == package and pin.holds(machine) for pin in PINS[name])


@pytest.mark.parametrize(
    ("package", "systems"),
    [("pywinpty", {"Windows"}), ("colorama", {"Windows"}), ("appnope", {"macOS"})],
)
def test_a_systems_own_package_is_for_it_alone(package: str, systems: set[str]) -> None:
    pins = [pin for pin in PINS["requirements.txt"] if pin.name == package]
    served = {
        str(one.id).split("-", maxsplit=1)[0]
        for one in MACHINES
        for pin in pins
        if isinstance(one.values[0], dict) and pin.holds(one.values[0])
    }
    assert served == systems


def test_conda_users_get_the_same_pins() -> None:
    loaded = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert loaded["name"] == "dxcourse"
    assert loaded["channels"] == ["conda-forge"]
    python, pip, packages = loaded["dependencies"]
    assert pip == "pip"
    assert packages == {"pip": ["-r requirements.txt"]}
    name, version = python.split("=")
    assert name == "python"
    assert SpecifierSet(project()["requires-python"]).contains(f"{version}.0")


def test_the_files_say_how_they_are_made_again() -> None:
    for name in FILES:
        assert "see CONTRIBUTING.md, Pins" in (ROOT / name).read_text(encoding="utf-8")[:200]
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert 'UV_CUSTOM_COMPILE_COMMAND="see CONTRIBUTING.md, Pins"' in guide
    assert guide.count("--generate-hashes") == len(FILES)
    for name, extras in EXTRAS.items():
        [command] = re.findall(rf"uv pip compile (?:[^\n]|\\\n)*? -o {name}", guide)
        assert set(re.findall(r"--extra (\w+)", command)) == extras
