"""A real JupyterHub with the shipped configuration: two learners, an instructor, a database.

The proxy is npm's `configurable-http-proxy`; everybody's server runs as the user who tests.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

import psutil  # type: ignore[import-untyped]

from suite import NO_HUB_PROXY, find_hub_proxy
from support.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "deploy/jupyterhub/jupyterhub_config.py"
INSTRUCTOR = "sensei"
PASSWORD = "only-for-this-test"  # noqa: S105
SECONDS = 120.0

# What a test has instead of accounts of the machine, TLS and folders under /srv.
TEST_ONLY = """
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = {password!r}
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.Spawner.environment = {{**c.Spawner.environment, **{environment!r}}}
c.Spawner.args = ["--allow-root"]
c.Spawner.mem_limit = "2G"
c.JupyterHub.services[0]["environment"] |= {serving!r}
"""


@dataclass
class Reply:
    status: int
    url: str
    text: str

    def json(self) -> Any:
        return json.loads(self.text)


class Browser:
    """Cookies, and redirects followed, as a browser does it; without scripts."""

    def __init__(self) -> None:
        self.cookies: dict[tuple[str, str], str] = {}  # by path and name

    def open(
        self,
        url: str,
        *,
        data: Mapping[str, str] | None = None,
        json_body: object = None,
        method: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        body: bytes | None = None
        sent = dict(headers or {})
        if data is not None:
            body, sent["Content-Type"] = (
                urlencode(data).encode(),
                "application/x-www-form-urlencoded",
            )
        elif json_body is not None:
            body, sent["Content-Type"] = json.dumps(json_body).encode(), "application/json"
        verb = method or ("GET" if body is None else "POST")
        for _ in range(20):
            status, place, text = self._once(verb, url, body, sent)
            if status not in {301, 302, 303}:
                return Reply(status, url, text)
            url, verb, body = urljoin(url, place), "GET", None
            sent = {name: value for name, value in sent.items() if name != "Content-Type"}
        raise AssertionError(f"redirected in a circle: {url}")

    def _once(
        self, verb: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, str, str]:
        parts = urlsplit(url)
        own = {
            name: value
            for (path, name), value in sorted(self.cookies.items())
            if parts.path.startswith(path)
        }
        sent = dict(headers)
        if own:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in own.items())
        connection = http.client.HTTPConnection(parts.netloc, timeout=90)
        try:
            connection.request(verb, f"{parts.path}?{parts.query}".rstrip("?"), body, sent)
            reply = connection.getresponse()
            for line in reply.headers.get_all("Set-Cookie") or []:
                self._keep(line)
            text = reply.read().decode("utf-8", "replace")
            return reply.status, reply.headers.get("Location", ""), text
        finally:
            connection.close()

    def _keep(self, line: str) -> None:
        first, *rest = line.split(";")
        name, _, value = first.strip().partition("=")
        said = dict(part.strip().lower().partition("=")[::2] for part in rest)
        path = re.search(r"path=([^;]+)", line, re.IGNORECASE)
        key = (path[1] if path else "/", name)
        if value in {"", '""'} or said.get("max-age") == "0":
            self.cookies.pop(key, None)
        else:
            self.cookies[key] = value.strip('"')

    def cookie(self, name: str) -> str:
        """The longest path's cookie of a name."""
        found = [(path, value) for (path, key), value in self.cookies.items() if key == name]
        return max(found, key=lambda each: len(each[0]))[1] if found else ""


class Hub:
    """A hub that a test starts and ends, in a folder of its own, under a folder of its site."""

    base = "/jh/"  # `more` is what a test's configuration ends with

    def __init__(self, folder: Path, store: str, course: Path, more: str = "") -> None:
        self.folder, self.course, self.cache = folder, course, folder / "cache"
        self.homework, self.exchange = folder / "homework", folder / "exchange"
        self.homes = folder / "homes"
        self.log = folder / "hub.log"
        self.port, self.service_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}{self.base}"
        self.pages = f"{self.url}services/dxcourse"
        self._store, self._more = store, more
        self._process: subprocess.Popen[bytes] | None = None

    def home(self, name: str) -> Path:
        return self.homes / name

    def _configuration(self) -> Path:
        """The shipped file, with the test's places in it."""
        text = CONFIG.read_text(encoding="utf-8")
        own = {
            "port": self.port,
            "service_port": self.service_port,
            "course": self.course,
            "shared_account": True,
        }
        chosen = "".join(f"{name}={value!r}, " for name, value in own.items())
        for old, new in (
            ("https://hub.example.jp", self.url.rstrip("/")),
            ("/srv/dxcourse/homework", str(self.homework)),
            ("/srv/nbgrader/exchange", str(self.exchange)),
            ("/srv/jupyterhub/", f"{self.folder}/"),
            ("HubSettings(\n", f"HubSettings({chosen}\n"),
        ):
            assert old in text, old
            text = text.replace(old, new)
        proxy = find_hub_proxy(os.environ)
        assert proxy is not None, NO_HUB_PROXY
        python = {k: v for k, v in os.environ.items() if k in {"PYTHONPATH", "PATH"}}
        serving = {
            **python,
            "DXCOURSE_CACHE": str(self.cache),
            "DXCOURSE_SECRET_FILE": str(self.folder / "secret"),
        }
        text = "from pathlib import PosixPath\n" + text
        text += TEST_ONLY.format(
            password=PASSWORD,
            homes=f"{self.homes}/{{username}}",
            hub_port=free_port(),
            proxy_port=free_port(),
            proxy=str(proxy),
            environment=python,
            serving=serving,
        )
        file = self.folder / "jupyterhub_config.py"
        file.write_text(f"{text}\n{self._more}\n", encoding="utf-8")
        return file

    def start(self) -> Self:
        self.homes.mkdir(parents=True)
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        shutil.copytree(ROOT / "exercises/homework", self.homework)
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DXCOURSE_", "JUPYTER"))},
            "DXCOURSE_STORE": self._store,
        }
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(self._configuration())],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
            )
        self._await("the hub", f"{self.url}hub/health")
        self._await("the service", f"{self.pages}/healthz")
        return self

    def _await(self, what: str, url: str) -> None:
        limit = time.monotonic() + SECONDS
        while time.monotonic() < limit:
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text(encoding="utf-8")[-4000:]
            with suppress(OSError):
                if Browser().open(url).status == 200:
                    return
            time.sleep(0.2)
        raise AssertionError(f"{what} did not come:\n{self.log.read_text('utf-8')[-6000:]}")

    def stop(self) -> None:
        if self._process is not None:
            # Its servers and their kernels end first, one after the other.
            process, self._process = self._process, None
            process.terminate()
            try:
                process.wait(SECONDS)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()

    def login(self, name: str) -> Browser:
        """Someone who has logged in to the hub, and opened the course's first page."""
        browser = Browser()
        browser.open(f"{self.url}hub/login")
        form = {"username": name, "password": PASSWORD, "_xsrf": browser.cookie("_xsrf")}
        reply = browser.open(f"{self.url}hub/login?next=%2Fjh%2Fhub%2Fhome", data=form)
        assert reply.status == 200, reply.text[-2000:]
        browser.open(f"{self.pages}/")  # which signs in there, too
        return browser

    def start_server(self, name: str, browser: Browser) -> dict[str, str]:
        """Start someone's server, as their click does; the environment that it was given."""
        browser.open(f"{self.url}hub/spawn/{name}")
        limit = time.monotonic() + SECONDS
        while time.monotonic() < limit:
            reply = browser.open(f"{self.url}user/{name}/lab")
            if reply.status == 200 and f"/user/{name}/" in reply.url:
                return self._environment_of(name)
            time.sleep(0.3)
        raise AssertionError(f"no server for {name}:\n{self.log.read_text('utf-8')[-6000:]}")

    def processes(self) -> list[psutil.Process]:
        """The hub's process and all that it has started."""
        assert self._process is not None
        hub = psutil.Process(self._process.pid)
        return [hub, *hub.children(recursive=True)]

    def server_of(self, name: str) -> psutil.Process:
        """The process of someone's server."""
        for process in self.processes():
            with suppress(psutil.Error):
                if "dxcourse.hub" in process.cmdline() and f"/{name}" in process.cwd():
                    return process
        raise AssertionError(f"{name} has no server")

    def _environment_of(self, name: str) -> dict[str, str]:
        found: dict[str, str] = self.server_of(name).environ()
        # What the server sets for its kernels before it serves.
        settings = str(ROOT / "dxcourse/hub/settings")
        return {**found, "JUPYTER_CONFIG_PATH": settings}


def run_in(
    environment: Mapping[str, str], folder: Path, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run Python where a learner's terminal or kernel would: in their server's environment."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=dict(environment),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
