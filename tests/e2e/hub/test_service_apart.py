"""The pages' server beside a hub that has not started it, as on Kubernetes: the shipped values.

`deploy/kubernetes/jupyterhub` is for a cluster. Here its rights, its service and what its pages'
server is told are those of a real hub on one machine; names of the cluster are this machine's.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from dxcourse import course as courses
from dxcourse.settings import SERVICE_VARIABLE
from support.hub import Browser, Hub, run_in
from support.processes import free_port
from support.served import TINY_NUMBER, tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.postgres import Cluster

pytestmark = [pytest.mark.server, pytest.mark.soak, pytest.mark.xdist_group("hub")]

PLACE = Path(__file__).resolve().parents[3] / "deploy/kubernetes/jupyterhub"
VALUES: dict[str, Any] = yaml.safe_load((PLACE / "values.yaml").read_text(encoding="utf-8"))
NOTEBOOK = """
import json
from dxcourse.notebook_calls import exercise
shown = exercise({exercise!r})
shown.outbox = {{"id": "from-a-notebook", "answer": {{"items": {items!r}}}}}
print(json.dumps(shown.status))
"""
MORE = """
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.services = [{service!r}]
c.JupyterHub.load_roles = [{role!r}]
c.JupyterHub.load_groups = {{}}
c.JupyterHub.default_url = {default_url!r}
c.Spawner.pre_spawn_hook = None
c.Spawner.server_token_scopes = {scopes!r}
c.Spawner.environment = {{**c.Spawner.environment, {variable!r}: {address!r}}}
"""


def told(hub: Hub, hub_port: int, token: str) -> dict[str, str]:
    """What the manifest tells the server, with the names of this machine in it."""
    parts = yaml.safe_load_all((PLACE / "course.yaml").read_text(encoding="utf-8"))
    [pod] = [part["spec"]["template"]["spec"] for part in parts if part["kind"] == "Deployment"]
    [container] = pod["containers"]
    found = {each["name"]: each.get("value", token) for each in container["env"]}
    for old, new in (
        ("https://hub.example.jp/", hub.url),
        ("http://hub:8081/", f"http://127.0.0.1:{hub_port}{hub.base}"),
        ("10.0.0.0/8", "127.0.0.1"),
        ("/var/cache/dxcourse", str(hub.cache)),
    ):
        assert any(old in value for value in found.values()), old
        found = {name: value.replace(old, new) for name, value in found.items()}
    for name in ("JUPYTERHUB_SERVICE_PREFIX", "JUPYTERHUB_OAUTH_CALLBACK_URL"):
        found[name] = f"{hub.base}{found[name].removeprefix('/')}"
    return {**found, "JUPYTERHUB_BASE_URL": hub.base}


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory, postgres: Cluster) -> Iterator[Hub]:
    folder, token, hub_port = tmp_path_factory.mktemp("apart"), secrets.token_hex(32), free_port()
    with postgres.database() as store:
        hub = Hub(folder, store, tiny(folder).root)
        config, [(name, service)] = VALUES["hub"]["config"], VALUES["hub"]["services"].items()
        at = f"http://127.0.0.1:{hub.service_port}"
        path = VALUES["singleuser"]["extraEnv"][SERVICE_VARIABLE].removeprefix(service["url"])
        hub._more = MORE.format(
            hub_port=hub_port,
            service={**service, "name": name, "url": at, "api_token": token},
            role={"name": "user", **VALUES["hub"]["loadRoles"]["user"]},
            default_url=f"{hub.base}{config['JupyterHub']['default_url'].removeprefix('/')}",
            scopes=config["Spawner"]["server_token_scopes"],
            variable=SERVICE_VARIABLE,
            address=f"{at}{hub.base}{path.removeprefix('/')}",
        )
        own = {k: v for k, v in os.environ.items() if not k.startswith(("DXCOURSE_", "JUPYTER"))}
        log = (folder / "service.log").open("wb")
        server = subprocess.Popen(
            [sys.executable, "-m", "dxcourse", "serve", "--port", str(hub.service_port)],
            cwd=folder,
            env={
                **own,
                **told(hub, hub_port, token),
                "DXCOURSE_COURSE": str(hub.course),
                "DXCOURSE_STORE": store,
                "DXCOURSE_SECRET": secrets.token_urlsafe(32),
            },
            stdout=log,
            stderr=log,
        )
        try:
            yield hub.start()
        finally:
            hub.stop()
            server.terminate()
            server.wait(60)
            log.close()


def test_pages_and_notebooks_are_one_record_there_too(apart: Hub) -> None:
    assert "/hub/login" in Browser().open(f"{apart.pages}/mine").url
    browser = apart.login("taro")
    assert browser.open(apart.url).url == f"{apart.pages}/"  # pages come first
    [item] = courses.at(apart.course).exercise(TINY_NUMBER).items
    body = {"id": "from-a-page", "answer": {"items": {item.ref: 7.0}}}
    assert browser.open(f"{apart.pages}/api/answers/{TINY_NUMBER}", json_body=body).status == 200
    environment = apart.start_server("taro", browser)
    script = NOTEBOOK.format(exercise=TINY_NUMBER, items={item.ref: 8.0})
    done = run_in(environment, apart.home("taro"), "-c", script)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "saved"
    records = browser.open(f"{apart.pages}/my/answers.json").json()["records"]
    found = [(each["learner"], each["where"]) for each in records]
    assert found == [("taro", "page"), ("taro", "notebook")]
    assert apart.login("hanako").open(f"{apart.pages}/my/answers.json").json()["records"] == []


@pytest.mark.parametrize(("name", "status"), [("dxcourse", 401), ("elsewhere", 421)])
def test_notebooks_may_call_it_by_its_name_in_the_cluster(
    apart: Hub, name: str, status: int
) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", apart.service_port, timeout=30)
    asked.request("GET", f"{apart.base}services/dxcourse/api/learner", headers={"Host": name})
    assert asked.getresponse().status == status
    asked.close()
