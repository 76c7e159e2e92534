"""What a hub is told of the course, and what its log says at the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from traitlets.config import Config

from dxcourse.homework.nbgrader.exchange import SubmitOwn
from dxcourse.hub import HubSettings, configure_hub
from dxcourse.hub.hub_settings import KEYS
from dxcourse.hub.server_settings import configure_exchange, configure_lab
from dxcourse.web.setting_sources import SettingsError, read_settings
from support.served import tiny

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "postgresql://dxcourse:only-the-service-knows@db/dxcourse"  # noqa: S105


@pytest.fixture
def chosen(tmp_path: Path) -> HubSettings:
    course = tiny(tmp_path).root
    homework, exchange = tmp_path / "homework", tmp_path / "exchange"
    homework.mkdir()
    (homework / "nbgrader_config.py").touch()
    exchange.mkdir()
    exchange.chmod(0o777)
    return HubSettings(
        public_url="https://www.pref.example.jp/jh",
        instructors=frozenset({"sensei"}),
        store=PASSWORD,
        homework=homework,
        exchange=exchange,
        course=course,
    )


class Spawner:
    def __init__(self, name: str, environment: dict[str, str]) -> None:
        self.user = type("User", (), {"name": name})()
        self.environment = environment


def test_the_service_is_told_what_serve_takes(chosen: HubSettings) -> None:
    given = {k: v for k, v in chosen.service_environment().items() if k != "DXCOURSE_COURSE"}
    settings = read_settings({}, None, given)
    assert settings.sign_in == "hub"
    assert settings.base == "/jh/services/dxcourse"
    assert chosen.service_url == f"http://127.0.0.1:8850{settings.base}"


def test_only_the_service_knows_the_database_and_only_instructors_the_homework(
    chosen: HubSettings,
) -> None:
    c: Any = Config()
    told: list[str] = []
    configure_hub(c, chosen, told.append)
    assert told == []
    [service, _] = c.JupyterHub.services
    assert service["environment"]["DXCOURSE_STORE"] == PASSWORD
    seen = {}
    for name in ("taro", "sensei"):
        spawner = Spawner(name, dict(c.Spawner.environment))
        c.Spawner.pre_spawn_hook(spawner)
        seen[name] = spawner.environment
    assert PASSWORD not in str(seen)
    assert "DXCOURSE_HOMEWORK" not in seen["taro"]
    assert seen["sensei"]["DXCOURSE_HOMEWORK"] == str(chosen.homework)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda s: (s.homework / "nbgrader_config.py").unlink(), "nbgrader_config.py がありません"),
        (lambda s: s.exchange.rmdir(), "交換フォルダーがありません"),
        (lambda s: s.exchange.chmod(0o755), "0777"),
    ],
)
def test_a_folder_that_is_not_as_it_has_to_be_is_told(
    chosen: HubSettings, spoil: Any, told: str
) -> None:
    spoil(chosen)
    (problem,) = chosen.problems()
    assert told in problem


def test_keys_that_learners_can_read_are_told(
    chosen: HubSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = chosen.root / KEYS
    keys.mkdir(parents=True)
    for folder in (keys, *keys.parents):
        if chosen.homework.parent in folder.parents:
            folder.chmod(0o755)
    # What lies above a test's own folder is nobody's but the tester's.
    monkeypatch.setattr("dxcourse.hub.hub_settings.passable", lambda _: True)
    (problem,) = chosen.problems()
    assert str(keys) in problem
    keys.chmod(0o700)
    assert chosen.problems() == []


def test_a_learner_hands_in_under_the_hubs_name_and_an_instructor_collects_from_all() -> None:
    learner: Any = Config()
    hub = {"JUPYTERHUB_USER": "taro", "DXCOURSE_EXCHANGE": "/srv/x", "DXCOURSE_COURSE_ID": "dx1"}
    configure_exchange(learner, hub)
    assert learner.CourseDirectory.student_id == "taro"
    assert learner.ExchangeFactory.submit is SubmitOwn
    assert (learner.CourseDirectory.course_id, learner.Exchange.root) == ("dx1", "/srv/x")
    grader: Any = Config()
    configure_exchange(grader, {**hub, "DXCOURSE_HOMEWORK": "/h", "DXCOURSE_SHARED_ACCOUNT": "1"})
    assert "student_id" not in grader.CourseDirectory
    assert grader.ExchangeCollect.check_owner is False


@pytest.mark.parametrize(("environ", "there"), [({}, False), ({"DXCOURSE_HOMEWORK": "/h"}, True)])
def test_formgrader_is_an_instructors(environ: dict[str, str], *, there: bool) -> None:
    c: Any = Config()
    configure_lab(c, environ)
    assert c.ServerApp.jpserver_extensions["nbgrader.server_extensions.formgrader"] is there


@pytest.mark.parametrize(("environ", "there"), [({}, False), ({"DXCOURSE_EXCHANGE": "/x"}, True)])
def test_what_is_to_be_handed_in_is_listed_where_there_is_an_exchange(
    environ: dict[str, str], *, there: bool
) -> None:
    c: Any = Config()
    configure_lab(c, environ)
    assert c.ServerApp.jpserver_extensions["nbgrader.server_extensions.assignment_list"] is there


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"embed_from": "https://town.example"}, "embed_from"),
        ({"processes": "2"}, "processes"),
    ],
)
def test_what_does_not_go_with_a_sign_in_is_told(given: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told):
        read_settings({"sign_in": "hub", **given}, None, {})
