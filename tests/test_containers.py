"""The container's and the cluster's files are sound, and name what the server has.

No engine runs here: `hadolint` reads the Dockerfiles, Kubernetes' own schemas hold the manifests,
and `tests/test_wheel.py` takes the same steps as the image's build, without an image.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from dxcourse.web.settings import PREFIX, ServerSettings

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "container/Dockerfile").read_text(encoding="utf-8")
KUBERNETES = "1.33"
OF_THE_COURSE = {"DXCOURSE_COURSE", "DXCOURSE_CACHE"}
"""Variables that are read outside of `ServerSettings`."""


def manifests() -> list[dict[str, Any]]:
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    parts = [part for file in files for part in yaml.safe_load_all(file.read_text("utf-8"))]
    return [part for part in parts if part["kind"] != "Kustomization"]


def of(kind: str) -> dict[str, Any]:
    [found] = [part for part in manifests() if part["kind"] == kind]
    return found


@pytest.mark.parametrize("name", ["deploy/container/Dockerfile", ".devcontainer/Dockerfile"])
def test_a_dockerfile_has_nothing_to_mend(name: str) -> None:
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert program
    done = subprocess.run([program, name], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("manifest", manifests(), ids=lambda part: part["kind"])
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
