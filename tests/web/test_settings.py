"""Settings: a flag wins over the environment, that over a file, that over the usual."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from dxcourse.cli import main
from dxcourse.web.setting_sources import (
    OTHER_VARIABLES,
    SettingsError,
    read_settings,
    read_with_notices,
)
from dxcourse.web.settings import PREFIX, LocalSettings, ServerSettings

if TYPE_CHECKING:
    pass

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs/hosting/README.md"
EXAMPLES = ROOT / "deploy"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("DXCOURSE_")]:
        monkeypatch.delenv(name)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s.toml", 'port = 1\nhost = "0.0.0.0"\nembed_from = ["https://town.example"]\n'),
        ("s.yaml", "port: 1\nhost: 0.0.0.0\nembed_from: [https://town.example]\n"),
    ],
)
def test_each_source_wins_over_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    file = write(tmp_path, name, text)
    assert read_settings({}, None).port == 8850
    assert read_settings({}, file).port == 1
    monkeypatch.setenv("DXCOURSE_PORT", "2")
    assert read_settings({}, file).port == 2
    chosen = read_settings({"port": "3"}, file)
    assert (chosen.port, chosen.host) == (3, "0.0.0.0")  # noqa: S104
    assert chosen.embed_from == ("https://town.example",)


def test_a_list_is_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DXCOURSE_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8")
    monkeypatch.setenv("DXCOURSE_HOSTS", "")
    chosen = read_settings({"embed_from": "https://a.example,https://*.b.example"})
    assert [str(each) for each in chosen.trusted_proxies] == ["127.0.0.1/32", "10.0.0.0/8"]
    assert chosen.hosts == ()
    assert chosen.embed_from == ("https://a.example", "https://*.b.example")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"port": "many"}, "port"),
        ({"port": "70000"}, "port"),
        ({"public_url": "dx.example.jp"}, "public_url"),
        ({"public_url": "https://dx.example.jp/"}, "public_url"),
        ({"embed_from": "https://town.example; script-src *"}, "embed_from"),
        ({"embed_from": "*"}, "embed_from"),
        ({"trusted_proxies": "proxy"}, "trusted_proxies"),
        ({"results_from": "1"}, "results_from"),
        ({"results_from": "4"}, "results_from"),
        ({"keep_days": "0"}, "keep_days"),
        ({"log_level": "chatty"}, "log_level"),
        ({"hosts": "a/b"}, "hosts"),
        ({"nothing": "1"}, "nothing"),
    ],
)
def test_a_wrong_setting_is_named(given: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        read_settings(given)


def test_a_secret_is_repeated_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DXCOURSE_SECRET", "too-short-KANARIE")
    with pytest.raises(SettingsError) as told:
        read_settings({"port": "x"})
    assert "KANARIE" not in str(told.value)
    monkeypatch.setenv("DXCOURSE_SECRET", "long-enough-to-be-one-KANARIE-KANARIE")
    assert "KANARIE" not in repr(read_settings({}))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("s.toml", "port = ", "設定として読めません（終わりのあたり"),
        ("s.yaml", "port: [", "設定として読めません（1行目"),
        ("s.toml", "prot = 1\n", "prot"),
        ("s.ini", "port = 1\n", "toml か .yaml"),
        ("s.toml", 'metrics_secret = "short"\n', "metrics_secret"),
    ],
)
def test_a_file_that_is_wrong_is_named(tmp_path: Path, name: str, text: str, says: str) -> None:
    file = write(tmp_path, name, text)
    with pytest.raises(SettingsError, match=says) as told:
        read_settings({}, file)
    assert name in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="設定のファイルがありません"):
        read_settings({}, tmp_path / "none.toml")


def test_no_flag_takes_a_secret_and_every_other_setting_has_one() -> None:
    told = CliRunner().invoke(main, ["serve", "--help"]).output
    for name in ServerSettings.model_fields:
        flag = f"--{name.replace('_', '-')} "
        assert (flag in told) == (name not in ServerSettings.secret_names())
    assert ServerSettings.secret_names() == {
        *("secret", "old_secrets", "metrics_secret", "admin_secret", "oidc_client_secret")
    }


def test_a_wrong_flag_is_told_in_one_line_and_no_traceback() -> None:
    result = CliRunner().invoke(main, ["serve", "--port", "many"])
    assert result.exit_code == 1
    assert result.output.startswith("Error: 設定「port」（--port）：整数を、半角の数字で書きます。")
    assert "Traceback" not in result.output


def test_the_guide_explains_every_setting_and_what_is_usual() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for name in ServerSettings.model_fields:
        assert f"| `{name}` |" in guide, f"docs/hosting/README.md does not explain {name}"
        assert len([line for line in guide.splitlines() if f"| `{name}` |" in line]) == 1


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.name)
def test_the_examples_are_good_settings(file: Path) -> None:
    assert read_settings({}, file).visitors


def test_one_learner_and_visitors_differ_in_one_place() -> None:
    alone, visited = LocalSettings.usual(), read_settings({})
    assert not alone.visitors
    assert visited.visitors
    assert alone.learner_rate == 0 < visited.learner_rate


def test_two_places_that_differ_are_named_and_which_of_them_holds(tmp_path: Path) -> None:
    file = write(tmp_path, "s.toml", 'port = 1\nstore = "sqlite:///a"\nhosts = ["a.example"]\n')
    environ = {"DXCOURSE_PORT": "1", "DXCOURSE_STORE": "sqlite:///b", "DXCOURSE_HOSTS": "a.example"}
    chosen, notices = read_with_notices({"port": 2}, file, environ)
    assert (chosen.port, chosen.store) == (2, "sqlite:///b")
    about_port, about_store = notices
    assert "「port」" in about_port
    assert f"--port を使い、DXCOURSE_PORT、{file} は使いません" in about_port
    assert f"DXCOURSE_STORE を使い、{file} は使いません" in about_store
    assert "sqlite:///" not in about_store  # it may hold a password


def test_places_that_agree_are_not_named(tmp_path: Path) -> None:
    file = write(tmp_path, "s.toml", "access_log = true\nkeep_days = 30\n")
    environ = {"DXCOURSE_ACCESS_LOG": "True", "DXCOURSE_KEEP_DAYS": "30"}
    assert read_with_notices({}, file, environ)[1] == ()


@pytest.mark.parametrize(
    ("variable", "meant"),
    [("DXCOURSE_KEEPDAYS", "DXCOURSE_KEEP_DAYS"), ("DXCOURSE_CASHE", "DXCOURSE_CACHE")],
)
def test_a_mistyped_variable_is_named_and_what_was_meant(variable: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=f"環境変数 {variable}：.*「{meant}」の書き誤り"):
        read_settings({}, None, {variable: "3"})


def test_a_mistyped_setting_of_a_file_is_named_and_what_was_meant(tmp_path: Path) -> None:
    file = write(tmp_path, "s.toml", "keepdays = 3\n")
    with pytest.raises(SettingsError, match=r"「keepdays」.*s\.toml.*「keep_days」の書き誤り"):
        read_settings({}, file, {})


@pytest.mark.parametrize(
    ("given", "cause"),
    [
        ({"public_url": "https://dx.example.jp/"}, "終わりの「/」を取って"),
        ({"public_url": "dx.example.jp"}, "「https://」から"),
        ({"embed_from": "https://town.example/page"}, "その先のフォルダーは書きません"),
        ({"embed_from": "*"}, "すべてのサイトに許すことはできません"),
        ({"port": "８８５０"}, "半角の数字"),
    ],
)
def test_the_usual_cause_is_told(given: dict[str, str], cause: str) -> None:
    with pytest.raises(SettingsError, match=cause):
        read_settings(given, None, {})


def test_every_variable_of_ours_is_known() -> None:
    known = {f"{PREFIX}{name}" for name in OTHER_VARIABLES}
    known |= {f"{PREFIX}{name.upper()}" for name in ServerSettings.model_fields}
    places = ("dxcourse/**/*.py", "bootstrap.py", "benchmarks/*.py")
    sources = [path for place in places for path in ROOT.glob(place)]
    for path in sources:
        found = set(re.findall(r"\bDXCOURSE_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
        assert found <= known, path
