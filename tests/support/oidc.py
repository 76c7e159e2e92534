"""An OpenID provider that another's library plays (oidc-provider-mock), in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Self

from support.processes import end, free_port, said

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CLIENT, PASSWORD = "dxcourse", "what-the-provider-gave"


class Provider:
    """Signs in whoever names a user of it; `users` are their claims by `sub`."""

    def __init__(self, folder: Path, users: Mapping[str, Mapping[str, object]]) -> None:
        self.log = folder / "provider.log"
        self.users = users
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(self.port)]
        for sub, claims in self.users.items():
            command += ["--user-claims", json.dumps({"sub": sub, **claims})]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        said(self._process, self.log, r"http://127\.0\.0\.1:\d+")
        return self

    def stop(self) -> None:
        if self._process is not None:
            end(self._process)
            self._process = None
