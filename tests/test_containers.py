"""The container's and the cluster's files are sound, and name what the server has.

No engine runs here: `hadolint` reads the Dockerfiles, Kubernetes' own schemas hold the manifests,
the names of the Helm chart's schema hold the hub's values, and `tests/test_wheel.py` takes the same
steps as the image's build, without an image.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jupyterhub.scopes
import kubernetes_validate
import pytest
import yaml
from jupyterhub.app import JupyterHub
from jupyterhub.services.service import Service
from jupyterhub.spawner import Spawner
from ltiauthenticator.lti13.auth import LTI13Authenticator  # type: ignore[import-untyped]
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from traitlets.config import Config

from dxcourse import shipped
from dxcourse.hub import SERVICE
from dxcourse.hub.hub_settings import ACCESS, HubSettings, configure_hub
from dxcourse.settings import SERVICE_VARIABLE
from dxcourse.web.hub_sign_in import NEEDED
from dxcourse.web.settings import PREFIX, ServerSettings

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "container/Dockerfile").read_text(encoding="utf-8")
KUBERNETES = "1.33"
OF_THE_COURSE = {"DXCOURSE_COURSE", "DXCOURSE_CACHE"}
"""Variables that are read outside of `ServerSettings`."""


HUB = DEPLOY / "kubernetes/jupyterhub"
VALUES: dict[str, Any] = yaml.safe_load((HUB / "values.yaml").read_text(encoding="utf-8"))
KEYS = yaml.safe_load((ROOT / "tests/support/z2jh_values.yaml").read_text(encoding="utf-8"))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def manifests(*files: Path) -> list[dict[str, Any]]:
    there = files or sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    parts = [part for file in there for part in yaml.safe_load_all(file.read_text("utf-8"))]
    return [part for part in parts if part["kind"] != "Kustomization"]


def of(kind: str, *files: Path) -> dict[str, Any]:
    [found] = [part for part in manifests(*files) if part["kind"] == kind]
    return found


@pytest.mark.parametrize("name", ["deploy/container/Dockerfile", ".devcontainer/Dockerfile"])
def test_a_dockerfile_has_nothing_to_mend(name: str) -> None:
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert program
    done = subprocess.run([program, name], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "manifest", [*manifests(), *manifests(HUB / "course.yaml")], ids=lambda part: part["kind"]
)
def test_a_manifest_is_one_of_kubernetes(manifest: dict[str, Any]) -> None:
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_every_manifest_is_applied() -> None:
    listed = yaml.safe_load((DEPLOY / "kubernetes/kustomization.yaml").read_text(encoding="utf-8"))
    there = {path.name for path in (DEPLOY / "kubernetes").glob("*.yaml")}
    assert {*listed["resources"], "kustomization.yaml"} == there


def test_every_setting_that_is_named_is_one() -> None:
    known = {PREFIX + name.upper() for name in ServerSettings.model_fields} | OF_THE_COURSE
    named = set(re.findall(r"\b(DXCOURSE_\w+)=", DOCKERFILE)) | set(of("ConfigMap")["data"])
    assert named <= known


def test_the_image_has_what_each_way_of_using_it_needs() -> None:
    [pins] = re.findall(r"--require-hashes -r (\S+)\n", DOCKERFILE)
    pinned = re.findall(r"^([\w.-]+)(?:\[\w+\])?==", read(pins), re.MULTILINE)
    project = tomllib.loads(read("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    asked = [line for name in extras.keys() - {"test"} for line in extras[name]]
    needed = {Requirement(line).name for line in [*project["dependencies"], *asked]}
    assert {*map(canonicalize_name, needed)} <= {*map(canonicalize_name, pinned)}


def test_the_container_runs_without_rights() -> None:
    template = of("Deployment")["spec"]["template"]["spec"]
    [container] = template["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    user = template["securityContext"]["runAsUser"]
    assert f"USER {user}" in DOCKERFILE
    assert f"--uid {user}" in DOCKERFILE
    written = {mount["mountPath"] for mount in container["volumeMounts"]}
    volumes = re.search(r"VOLUME (\[.*\])", DOCKERFILE)
    assert volumes
    assert set(yaml.safe_load(volumes[1])) | {"/tmp"} == written  # noqa: S108  -- a mount


def test_compose_builds_the_same_image_and_keeps_the_database_inside() -> None:
    compose = yaml.safe_load((DEPLOY / "container/compose.yaml").read_text(encoding="utf-8"))
    course, database = compose["services"]["course"], compose["services"]["database"]
    build = course["build"]
    assert (ROOT / build["dockerfile"]).is_file()
    assert (DEPLOY / "container" / build["context"]).resolve() == ROOT
    assert course["read_only"] is True
    assert "ports" not in database
    assert all(
        compose["networks"][name] and compose["networks"][name].get("internal")
        for name in database["networks"]
    )
    assert all(port.startswith("127.0.0.1:") for port in course["ports"])


# -- a hub on Kubernetes ---------------------------------------------------------------------------


def unknown(values: dict[str, Any], keys: dict[str, Any], place: str = "") -> list[str]:
    """What is set that the chart does not know."""
    found = []
    for name, value in values.items():
        if name in keys and name != "_":
            found += unknown(value, keys[name], f"{place}{name}.")
        elif name not in keys["_"]:
            found.append(f"{place}{name}")
    return found


def test_the_chart_knows_every_value_that_is_set() -> None:
    assert unknown(VALUES, KEYS) == []
    assert unknown({"hub": {"db": {"adress": ""}, "x": 1}}, KEYS) == ["hub.db.adress", "hub.x"]


def test_jupyterhub_takes_every_setting_of_the_chart() -> None:
    sections = VALUES["hub"]["config"]
    known = {each.__name__: each for each in (JupyterHub, LTI13Authenticator, Spawner)}
    known["Authenticator"] = LTI13Authenticator
    for name, section in sections.items():
        assert set(section) <= set(known[name].class_traits(config=True)), name
    hub = JupyterHub(config=Config({"JupyterHub": sections["JupyterHub"]}))
    assert hub.authenticator_class is LTI13Authenticator
    assert hub.default_url == f"/services/{SERVICE}/"
    chosen = LTI13Authenticator(config=Config(sections))
    assert chosen.client_id == {"the-client-id-of-the-lms"}
    assert chosen.allow_all
    fields = {"name", *Service.class_traits(input=True)}
    assert {key for service in VALUES["hub"]["services"].values() for key in service} <= fields
    for role in VALUES["hub"]["loadRoles"].values():
        for scope in role["scopes"]:
            assert scope.partition("!")[0] in jupyterhub.scopes.scope_definitions


def test_a_hub_on_kubernetes_gives_the_rights_that_ours_gives(tmp_path: Path) -> None:
    c = Config()
    configure_hub(c, hub_settings(tmp_path), tell=list)
    assert VALUES["hub"]["config"]["Spawner"] == {
        "server_token_scopes": c.Spawner.server_token_scopes
    }
    roles = {role["name"]: role["scopes"] for role in c.JupyterHub.load_roles}
    assert VALUES["hub"]["loadRoles"]["user"]["scopes"] == roles["user"]
    [service] = [each for each in c.JupyterHub.services if each["name"] == SERVICE]
    same = ("oauth_no_confirm", "display")
    assert {name: VALUES["hub"]["services"][SERVICE][name] for name in same} == {
        name: service[name] for name in same
    }
    assert VALUES["singleuser"]["cmd"][1:] == c.Spawner.cmd[1:]
    [idle] = [part for part in c.JupyterHub.services[1]["command"] if "--timeout=" in part]
    assert idle == f"--timeout={VALUES['cull']['timeout']}"


def hub_settings(folder: Path) -> HubSettings:
    return HubSettings(
        public_url="https://hub.example.jp",
        instructors=frozenset(),
        store="",
        homework=folder,
        exchange=folder,
        course=ROOT,
    )


def test_the_pages_server_is_told_what_a_hub_tells_a_service_of_its_own() -> None:
    pod = of("Deployment", HUB / "course.yaml")["spec"]["template"]["spec"]
    [container] = pod["containers"]
    told = {each["name"]: each.get("value") for each in container["env"]}
    settings = {PREFIX + name.upper() for name in ServerSettings.model_fields} | OF_THE_COURSE
    assert {name for name in told if name.startswith(PREFIX)} <= settings
    assert set(NEEDED) <= set(told)
    service = of("Service", HUB / "course.yaml")
    name, [port] = service["metadata"]["name"], service["spec"]["ports"]
    assert VALUES["hub"]["services"][SERVICE]["url"] == f"http://{name}"
    assert port["port"] == 80
    place = f"/services/{SERVICE}"
    [host] = VALUES["ingress"]["hosts"]
    assert told["DXCOURSE_PUBLIC_URL"] == f"https://{host}{place}"
    assert VALUES["singleuser"]["extraEnv"][SERVICE_VARIABLE] == f"http://{name}{place}"
    assert told["DXCOURSE_HOSTS"] == name  # whoever is called otherwise is turned away
    assert told["JUPYTERHUB_SERVICE_PREFIX"] == f"{place}/"
    assert told["JUPYTERHUB_CLIENT_ID"] == f"service-{SERVICE}"
    assert told["JUPYTERHUB_OAUTH_CALLBACK_URL"] == f"{place}/oauth_callback"
    assert json.loads(told["JUPYTERHUB_OAUTH_ACCESS_SCOPES"] or "") == [ACCESS]
    [token] = [each for each in container["env"] if each["name"] == "JUPYTERHUB_API_TOKEN"]
    key = token["valueFrom"]["secretKeyRef"]
    assert key == {"name": "hub", "key": f"hub.services.{SERVICE}.apiToken"}  # as the chart has it
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["path"].startswith(f"{place}/")
    image = VALUES["singleuser"]["image"]
    assert container["image"] == f"{image['name']}:{image['tag']}"


def test_no_pod_of_the_hub_reaches_an_outside_address() -> None:
    policies = {
        "hub": VALUES["hub"]["networkPolicy"],
        "proxy": VALUES["proxy"]["chp"]["networkPolicy"],
        "singleuser": VALUES["singleuser"]["networkPolicy"],
    }
    for name, policy in policies.items():
        allowed = {rule for rule, allow in policy["egressAllowRules"].items() if allow}
        assert policy["egressAllowRules"]["nonPrivateIPs"] is False, name
        assert policy["egressAllowRules"]["cloudMetadataServer"] is False, name
        assert allowed == ({"privateIPs"} if name == "hub" else set())
        for rule in policy["egress"]:
            assert all("ipBlock" not in to for to in rule["to"]), name
    own = of("NetworkPolicy", HUB / "course.yaml")["spec"]
    assert own["policyTypes"] == ["Ingress", "Egress"]
    assert all("ipBlock" not in to for rule in own["egress"] for to in rule["to"])


def test_a_learners_image_has_the_charts_hub_and_no_key_of_the_homework() -> None:
    _, _, stage = DOCKERFILE.partition("AS build-hub\n")
    step = stage.partition("\nFROM")[0]
    [pins] = re.findall(r"-r (deploy/\S+)", step)
    [pin] = re.findall(
        r"^jupyterhub==(\S+)", (ROOT / pins).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert pin.startswith("5.")  # the chart's own, and so every learner's server
    removed = re.findall(r"(/\S+/exercises/homework)\b", step)
    assert any(part.startswith("exercises/homework/") for part, _ in shipped.parts())
    assert removed == [
        "/opt/dxcourse/course/exercises/homework",
        "/opt/dxcourse/.venv/lib/python3.11/site-packages/dxcourse/_course/exercises/homework",
    ]
    assert "FROM build AS build-hub" in DOCKERFILE
    assert "COPY --from=build-hub" in DOCKERFILE.partition(" AS hub\n")[2].partition("\nFROM")[0]
