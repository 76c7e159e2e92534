"""Where settings come from: a flag wins over the environment, that over a file."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from dxcourse.errors import ReadableError
from dxcourse.text import say, words
from dxcourse.web.settings import PREFIX, LocalSettings, ServerSettings

OTHER_VARIABLES = frozenset(
    {
        *("ANSWERS", "CACHE", "CONFIG", "COURSE", "GRADEBOOK", "RENDER", "TODAY", "VENV", "WORKER"),
        *("COURSE_ID", "DATABASE", "EXCHANGE", "HOMEWORK", "SERVICE", "SHARED_ACCOUNT"),
        *("BENCH_DATABASE", "BENCH_NODS", "BENCH_PHONES", "CHROMIUM", "GOLDEN", "HUB_PROXY"),
        *("NGINX", "PICTURES", "POSTGRES", "TEST_DATABASE"),
    }
)
"""What else begins with `DXCOURSE_` and is read by the course or its tests."""


class SettingsError(ReadableError, ValueError):
    """A setting is wrong; the message names it, where it stands, and what it may be."""


@dataclass(frozen=True)
class _Source:
    """Settings by name as one place gives them; `place` is its name for a person."""

    place: str
    values: Mapping[str, Any]

    def named(self, name: str) -> str:
        """What a setting is called here."""
        return self.place.format(flag=name.replace("_", "-"), variable=name.upper())


def read_settings(
    flags: Mapping[str, object],
    file: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> ServerSettings:
    """The settings of a start.

    Parameters
    ----------
    flags
        What was given on the command line, by name.
    file
        A TOML or YAML file.

    Raises
    ------
    SettingsError
        One of them is unknown or wrong.
    """
    return read_with_notices(flags, file, environ)[0]


def read_with_notices(
    flags: Mapping[str, object],
    file: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> tuple[ServerSettings, tuple[str, ...]]:
    """As `read_settings`, and what to say of settings that two places give differently.

    Raises
    ------
    SettingsError
        One of them is unknown or wrong.
    """
    sources = _sources(flags, file, environ)
    chosen: dict[str, Any] = {}
    for source in reversed(sources):
        chosen |= source.values
    try:
        settings = _Given(**chosen)
    except ValidationError as error:
        told = [_explain(each, sources, chosen) for each in error.errors(include_url=False)]
        raise SettingsError("\n".join(told)) from None
    return settings, tuple(_contradictions(sources))


def local_settings(**chosen: Any) -> LocalSettings:  # noqa: ANN401  -- settings by name
    """The settings of a server for whoever sits at this machine.

    Raises
    ------
    SettingsError
        One of them is wrong.
    """
    flags = {name: value for name, value in chosen.items() if value}
    read_settings(flags, None, {})
    return LocalSettings.usual(**chosen)


class _Given(ServerSettings):
    """Settings whose sources were read already: what was given, and nothing else."""

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[Any, ...]:  # noqa: ANN401
        """See pydantic-settings: of its sources only what the call gives."""
        return (sources["init_settings"],)


def _sources(
    flags: Mapping[str, object], file: Path | None, environ: Mapping[str, str]
) -> list[_Source]:
    """The sources, the strongest first.

    Raises
    ------
    SettingsError
        The file cannot be read, or a variable has a name that nobody reads.
    """
    found = [
        _Source("--{flag}", dict(flags)),
        _Source(f"{PREFIX}{{variable}}", _from_environment(environ)),
    ]
    if file is not None:
        found.append(_Source(str(file).replace("{", "{{").replace("}", "}}"), _from_file(file)))
    return found


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    found, unknown = {}, []
    for variable, value in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX)
        if name.lower() in ServerSettings.model_fields:
            found[name.lower()] = value
        elif name not in OTHER_VARIABLES:
            unknown.append(variable)
    if unknown:
        known = [*OTHER_VARIABLES, *map(str.upper, ServerSettings.model_fields)]
        told = [
            say("server.settings.unknown_variable", name=name, hint=_like(name, known, PREFIX))
            for name in sorted(unknown)
        ]
        raise SettingsError("\n".join(told))
    return found


def _from_file(file: Path) -> dict[str, Any]:
    if not file.is_file():
        raise SettingsError(say("server.settings.no_file", file=file))
    try:
        if file.suffix == ".toml":
            return tomllib.loads(file.read_text("utf-8-sig"))
        if file.suffix in {".yaml", ".yml"}:
            found = yaml.safe_load(file.read_text("utf-8-sig")) or {}
            if isinstance(found, dict):
                return {str(name): value for name, value in found.items()}
            raise SettingsError(say("server.settings.no_table", file=file))
    except (tomllib.TOMLDecodeError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        cause = _place_in_file(error)
        raise SettingsError(say("server.settings.unreadable", file=file, cause=cause)) from error
    raise SettingsError(say("server.settings.which_format", file=file))


def _place_in_file(error: Exception) -> str:
    """Where a file of settings is broken; not what stands there, which may be a secret."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return say("server.settings.line", line=error.problem_mark.line + 1)
    if isinstance(error, tomllib.TOMLDecodeError):
        line = re.search(r"at line (\d+)", str(error))
        return say("server.settings.line", line=line[1]) if line else say("server.settings.end")
    return error.strerror or "" if isinstance(error, OSError) else type(error).__name__


def _explain(error: ErrorDetails, sources: list[_Source], chosen: Mapping[str, Any]) -> str:
    """Say what is wrong with a setting: its name, the rule, where it stands, the usual cause."""
    name = str(error["loc"][0]) if error["loc"] else ""
    if not name:  # a rule about several
        return str(error.get("ctx", {}).get("error", error["msg"]))
    source = next((each for each in sources if name in each.values), None)
    where = source.named(name) if source else ""
    if error["type"] == "extra_forbidden":
        hint = _like(name, ServerSettings.model_fields, "")
        return say("server.settings.unknown", name=name, where=where, hint=hint)
    if error["type"] == "value_error":
        rule = str(error.get("ctx", {}).get("error", error["msg"]))
    else:
        rule = _rule(name, error)
    cause = _usual_cause(name, chosen.get(name))
    return say("server.settings.wrong", name=name, where=where, rule=rule, cause=cause)


def _rule(name: str, error: ErrorDetails) -> str:
    """What a setting may be."""
    own = words("server.settings.rules")
    if name in own:
        return str(own[name])
    kinds = words("server.settings.kinds")
    text = str(kinds.get(error["type"], kinds["other"]))
    return text.format_map(
        {**dict.fromkeys(("ge", "le", "gt", "expected"), ""), **error.get("ctx", {})}
    )


def _usual_cause(name: str, value: object) -> str:
    """What is most often the reason, where it can be seen."""
    if not isinstance(value, str) or name not in {"public_url", "embed_from", "base_path"}:
        return ""
    for seen, cause in (
        (value.endswith("/"), "slash"),
        (name == "base_path" and not value.startswith("/"), "no_slash"),
        (name == "embed_from" and value.strip() == "*", "everyone"),
        (name == "embed_from" and "/" in value.partition("://")[2], "path"),
        (name != "base_path" and "://" not in value, "scheme"),
    ):
        if seen:
            return say(f"server.settings.causes.{cause}")
    return ""


def _like(name: str, known: Any, prefix: str) -> str:  # noqa: ANN401  -- any names
    """The known name that is most like a mistyped one, as a question."""
    near = difflib.get_close_matches(name.removeprefix(prefix), list(known), 1, 0.6)
    return say("server.settings.did_you_mean", name=f"{prefix}{near[0]}") if near else ""


def _contradictions(sources: list[_Source]) -> list[str]:
    """What two places say differently, and which of them holds; never the values."""
    told = []
    for name in ServerSettings.model_fields:
        saying = [each for each in sources if name in each.values]
        values = {_plain(each.values[name]) for each in saying}
        if len(values) > 1:
            held, *rest = [each.named(name) for each in saying]
            text = say("server.settings.two_places", name=name, held=held, rest="、".join(rest))
            told.append(text)
    return told


def _plain(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value).lower()
