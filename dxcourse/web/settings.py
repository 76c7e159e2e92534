"""Settings of `dxcourse serve`: a flag, the environment, a file, or what stands here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
    YamlConfigSettingsSource,
)

from dxcourse import settings as places
from dxcourse.answers import SqlStore
from dxcourse.errors import ReadableError
from dxcourse.web.identity import SECRET_LENGTH, kept_secret
from dxcourse.web.profile import Network, ServerLimits, ServerProfile

PREFIX = "DXCOURSE_"
ORIGIN = r"^https?://[A-Za-z0-9.\-\[\]:*]+$"
HOST = r"^[A-Za-z0-9.\-]+$|^\[[0-9A-Fa-f:]+\]$"

Origin = Annotated[str, Field(pattern=ORIGIN)]
HostName = Annotated[str, Field(pattern=HOST)]
Rate = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class SettingsError(ReadableError, ValueError):
    """A setting is wrong; the message names it and what it may be."""


class Settings(BaseSettings):
    """Everything that whoever hosts the course may set; `docs/hosting` explains it in Japanese.

    In the environment a setting is `DXCOURSE_` and its name in capitals; as a flag it is its name
    with hyphens. Lists are separated by commas. Secrets are no flags: every user of a machine can
    see those.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    host: str = Field("127.0.0.1", description="The address to listen at.")
    port: int = Field(8850, ge=0, le=65535, description="The port; 0 takes a free one.")
    public_url: str = Field(
        "",
        pattern=r"^$|^https?://[A-Za-z0-9.\-\[\]:]+$",
        description="The address visitors know, as https://dx.example.jp.",
    )
    hosts: Annotated[tuple[HostName, ...], NoDecode] = Field(
        (), description="Further host names that requests may ask for."
    )
    store: str = Field("", description="Where answers are: sqlite:///FILE or postgresql://…")
    secret: SecretStr | None = Field(
        None, min_length=SECRET_LENGTH, description="Signs visitors' tokens."
    )
    secret_file: Path | None = Field(
        None, description="A file with the secret; made where there is none."
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        (), description="Addresses or networks of proxies whose X-Forwarded-… is believed."
    )
    embed_from: Annotated[tuple[Origin, ...], NoDecode] = Field(
        (), description="Origins that may show stand-alone pages in a frame."
    )
    results_from: int = Field(
        5, ge=0, description="From how many answers on others' are shown; 0 never, else 5 or more."
    )
    keep_days: int | None = Field(
        None, ge=1, description="Answers older than this are deleted every day."
    )
    operator: str = Field("", max_length=200, description="Who runs it, for the privacy page.")
    contact: str = Field("", max_length=200, description="How they are reached.")
    metrics_port: int | None = Field(
        None, ge=0, le=65535, description="Numbers for Prometheus, at 127.0.0.1 and this port."
    )
    metrics_secret: SecretStr | None = Field(
        None, min_length=16, description="Gives /metrics to who sends it as a bearer token."
    )
    log_level: Literal["error", "warning", "info"] = Field("info", description="What is logged.")
    access_log: bool = Field(
        default=False, description="Log a line a request: kind, status, time; no address, no name."
    )
    learner_rate: Rate = Field(240, description="Requests a minute of one visitor; 0 is no limit.")
    address_rate: Rate = Field(12_000, description="API requests a minute from one address.")
    token_rate: Rate = Field(3_000, description="New visitors a minute from one address.")
    max_connections: int = Field(10_000, ge=10, description="Open connections.")
    max_waiting: int = Field(10_000, ge=10, description="Answers that wait for the disk.")
    idle_seconds: Seconds = Field(75, description="An idle connection is closed after this time.")
    body_seconds: Seconds = Field(20, description="A request's body has to be here within it.")
    read_seconds: Seconds = Field(60, description="A client has to take a reply within it.")
    stop_seconds: Seconds = Field(15, description="What a stop leaves to begun requests.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The order of the sources; `read_settings` puts the file behind them."""
        return init_settings, env_settings

    @field_validator("hosts", "trusted_proxies", "embed_from", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("results_from")
    @classmethod
    def _nobody_is_seen_alone(cls, value: int) -> int:
        if value and value < 5:  # noqa: PLR2004  -- fewer, and someone's answer can be guessed
            raise ValueError("it is 0, or 5 and more: with fewer, single answers can be guessed")
        return value

    @classmethod
    def secrets(cls) -> frozenset[str]:
        """The names of the settings that must not stand on a command line."""
        fields = cls.model_fields.items()
        return frozenset(name for name, field in fields if "SecretStr" in str(field.annotation))

    def manner(self) -> ServerProfile:
        """How the course is served by these settings."""
        return ServerProfile(
            visitors=True,
            public_url=self.public_url,
            embed_from=self.embed_from,
            trusted=self.trusted_proxies,
            results_from=self.results_from,
            keep_days=self.keep_days,
            operator=self.operator,
            contact=self.contact,
            stale_pages=True,
            metrics_port=self.metrics_port,
            metrics_secret=self.metrics_secret.get_secret_value() if self.metrics_secret else "",
            access_log=self.access_log,
            limits=ServerLimits(
                learner_rate=self.learner_rate,
                address_rate=self.address_rate,
                token_rate=self.token_rate,
                connections=self.max_connections,
                idle=self.idle_seconds,
                body=self.body_seconds,
                reading=self.read_seconds,
                stop=self.stop_seconds,
            ),
        )


def read_settings(flags: Mapping[str, object], file: Path | None = None) -> Settings:
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
    kind: type[Settings] = Settings if file is None else _with(file)
    try:
        return kind(**dict(flags))  # type: ignore[arg-type]
    except ValidationError as error:
        told = [f'setting "{_place(e["loc"])}": {e["msg"]}' for e in error.errors()]
        where = f" ({file}, {PREFIX}… or a flag)" if file else f" ({PREFIX}… or a flag)"
        raise SettingsError("\n".join(f"{line}{where}" for line in told)) from None
    except (tomllib.TOMLDecodeError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read as settings: {error}") from error


def _with(file: Path) -> type[Settings]:
    if not file.is_file():
        raise SettingsError(f"{file}: there is no such file of settings")
    kinds: dict[str, Any] = {
        ".toml": TomlConfigSettingsSource,
        ".yaml": YamlConfigSettingsSource,
        ".yml": YamlConfigSettingsSource,
    }
    if file.suffix not in kinds:
        raise SettingsError(f"{file}: name it .toml or .yaml, so that it is known how to read it")

    class WithFile(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, kinds[file.suffix](settings_cls, file)

    return WithFile


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "[::1]"})


def store_of(root: Path, chosen: Settings) -> SqlStore:
    """Where answers are: the database that was named, or one of the course's own.

    Raises
    ------
    StoreError
        It cannot be opened.
    """
    if chosen.store:
        return SqlStore(chosen.store)
    folder = places.served_folder(root)
    folder.mkdir(parents=True, exist_ok=True)
    return SqlStore(f"sqlite:///{folder / 'answers.sqlite'}")


def secret_of(root: Path, chosen: Settings) -> str:
    """What signs tokens and links: the secret that was given, or one kept in a file.

    Raises
    ------
    SecretError
        There is none to be had.
    """
    if chosen.secret is not None:
        return chosen.secret.get_secret_value()
    return kept_secret(chosen.secret_file or places.served_folder(root) / "secret")


def hosts_of(chosen: Settings) -> frozenset[str]:
    """The names that a request may ask for: the public one, those added, this machine's own."""
    public = urlsplit(chosen.public_url).netloc
    name = public if public.endswith("]") else public.rsplit(":", 1)[0]
    return THIS_MACHINE.union(filter(None, (name, *chosen.hosts)))
