"""What a hub has to be told of the course; `deploy/jupyterhub/jupyterhub_config.py` says the rest.

One learner is one name everywhere: the hub's. Pages know it by the hub's sign-in, a notebook gives
its answers to the same service by its server's own token, and nbgrader's exchange gets it as the
student's id.
"""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dxcourse import course as courses
from dxcourse.course import COURSE_VARIABLE
from dxcourse.hub.server_settings import (
    COURSE_ID_VARIABLE,
    EXCHANGE_VARIABLE,
    HOMEWORK_VARIABLE,
    SHARED_VARIABLE,
)
from dxcourse.settings import SERVICE_VARIABLE
from dxcourse.text import say

Config = Any  # traitlets' Config, which has no types
SERVICE = "dxcourse"
"""The name of the hub's service, and so the end of its address."""
ACCESS = f"access:services!service={SERVICE}"
INSTRUCTORS = "instructors"
KEYS = "exercises/homework/source"


@dataclass(frozen=True, kw_only=True)
class HubSettings:
    """Everything that differs from hub to hub.

    Parameters
    ----------
    public_url
        The address that people know, with the hub's folder if it has one.
    instructors
        Names of those who give out and grade homework.
    store
        The database that holds the answers to the course, as ``postgresql://…``. It is told to
        the service alone.
    homework, exchange
        The folder of the homework (nbgrader's course directory), and nbgrader's exchange.
    course
        The course's folder; the installed one where none is named.
    course_id
        nbgrader's name of the course.
    port, service_port
        Where the hub's proxy and the service listen, on this machine alone: TLS ends before them.
    service
        Further settings of `dxcourse serve` by name, as `operator`.
    gradebook
        The database of the gradebook, where it is no file in `homework`.
    shared_account
        Whether all learners' servers run as one user of the system, as in containers. nbgrader's
        owner of a hand-in then says nothing.
    """

    public_url: str
    instructors: frozenset[str]
    store: str
    homework: Path
    exchange: Path
    course: Path | None = None
    course_id: str = "dx"
    port: int = 8000
    service_port: int = 8850
    service: Mapping[str, str] = field(default_factory=dict)
    gradebook: str = ""
    shared_account: bool = False

    @property
    def base(self) -> str:
        """The folder that the hub is in, with both slashes."""
        return f"{urlsplit(self.public_url).path.rstrip('/')}/"

    @property
    def service_url(self) -> str:
        """Where a learner's server finds the service, on this machine."""
        return f"http://127.0.0.1:{self.service_port}{self.base}services/{SERVICE}"

    @property
    def root(self) -> Path:
        """The course's folder."""
        return self.course or courses.current().root

    def service_environment(self) -> dict[str, str]:
        """What the service is told; only it has the database's password."""
        place = f"{self.public_url.rstrip('/')}/services/{SERVICE}"
        given = {
            "sign_in": "hub",
            "public_url": place,
            "port": str(self.service_port),
            "store": self.store,
            "trusted_proxies": "127.0.0.1",
            **self.service,
        }
        found = {f"DXCOURSE_{name.upper()}": value for name, value in given.items()}
        return {**found, COURSE_VARIABLE: str(self.root)}

    def learner_environment(self) -> dict[str, str]:
        """What the server of a learner is told."""
        return {
            COURSE_VARIABLE: str(self.root),
            COURSE_ID_VARIABLE: self.course_id,
            EXCHANGE_VARIABLE: str(self.exchange),
            SERVICE_VARIABLE: self.service_url,
        }

    def instructor_environment(self) -> dict[str, str]:
        """What the server of an instructor is told besides."""
        found = {HOMEWORK_VARIABLE: str(self.homework)}
        if self.gradebook:
            found["DXCOURSE_GRADEBOOK"] = self.gradebook
        if self.shared_account:
            found[SHARED_VARIABLE] = "1"
        return found

    def problems(self) -> list[str]:
        """What is not as it has to be, in words; looked at when the hub starts."""
        found = []
        if not (self.homework / "nbgrader_config.py").is_file():
            found.append(say("hub.no_homework", place=self.homework))
        if not self.exchange.is_dir():
            found.append(say("hub.no_exchange", place=self.exchange))
        elif stat.S_IMODE(self.exchange.stat().st_mode) & 0o777 != 0o777:  # noqa: PLR2004
            found.append(say("hub.exchange_mode", place=self.exchange))
        found += [
            say("hub.keys_readable", place=place)
            for place in (self.root / KEYS, self.homework / "source")
            if readable_by_all(place)
        ]
        return found


def readable_by_all(folder: Path) -> bool:
    """Whether any user of the machine can read what lies in a folder."""
    if not folder.is_dir():
        return False
    open_to_all = stat.S_IROTH | stat.S_IXOTH
    return folder.stat().st_mode & open_to_all == open_to_all and passable(folder.resolve().parent)


def passable(folder: Path) -> bool:
    """Whether any user of the machine can go through a folder, and through those above it."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))


def configure_hub(
    c: Config, chosen: HubSettings, tell: Callable[[str], object] = sys.stderr.write
) -> None:
    """Set what the course needs of a hub; what follows in the file may change the rest."""
    for problem in chosen.problems():
        tell(f"{problem}\n")
    c.JupyterHub.bind_url = f"http://127.0.0.1:{chosen.port}{chosen.base}"
    c.JupyterHub.services = [
        {
            "name": SERVICE,
            "url": f"http://127.0.0.1:{chosen.service_port}",
            "command": [sys.executable, "-m", "dxcourse", "serve"],
            "environment": chosen.service_environment(),
            "oauth_no_confirm": True,  # it is the hub's own: nothing to agree to
            "display": True,
        },
        {"name": "idle-culler", "command": culler()},
    ]
    c.JupyterHub.load_groups = {INSTRUCTORS: {"users": sorted(chosen.instructors)}}
    c.JupyterHub.load_roles = [
        {"name": "user", "scopes": ["self", ACCESS]},
        {
            "name": "idle-culler",
            "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
            "services": ["idle-culler"],
        },
    ]
    c.Spawner.cmd = [sys.executable, "-m", "dxcourse.hub"]
    c.Spawner.environment = chosen.learner_environment()
    # What a notebook shows the service; nothing else may be done with it.
    c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", ACCESS]

    def before_start(spawner: Any) -> None:  # noqa: ANN401  -- the hub's Spawner
        """Tell an instructor's server where the homework is."""
        if spawner.user.name in chosen.instructors:
            spawner.environment = {**spawner.environment, **chosen.instructor_environment()}

    c.Spawner.pre_spawn_hook = before_start


IDLE = 3600  # seconds after which a learner's server ends


def culler() -> list[str]:
    """The command that ends servers which nobody uses."""
    return [sys.executable, "-m", "jupyterhub_idle_culler", f"--timeout={IDLE}"]
