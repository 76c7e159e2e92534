"""Settings of a server, each declared once; `docs/hosting` explains them in Japanese."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from dxcourse.text import say

PREFIX = "DXCOURSE_"
SECRET_LENGTH = 32  # characters of a secret, at least
SMALLEST_GROUP = 5  # fewer, and someone's answer can be guessed
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "[::1]"})
OWN_PLACES = frozenset(
    {
        *("accessibility", "admin", "api", "appendix", "apps", "board", "events", "healthz"),
        *("help", "homework", "j", "metrics", "mine", "modules", "my", "oauth_callback"),
        *("oidc_callback", "privacy", "readyz", "routes", "s", "search", "sign-in", "sign-out"),
        *("static", "test", "wall"),
    }
)
"""First parts of our own addresses: a base path of the same name could not be told from them."""

PATH = r"(?:/[A-Za-z0-9._~@%+-]+)*"
ORIGIN = r"^https?://[A-Za-z0-9.\-\[\]:*]+$"
ISSUER = r"^$|^https://[^\s?#]+$|^http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/[^\s?#]*)?$"
HOST = r"^[A-Za-z0-9.\-]+$|^\[[0-9A-Fa-f:]+\]$"

Network = IPv4Network | IPv6Network
Origin = Annotated[str, Field(pattern=ORIGIN)]
HostName = Annotated[str, Field(pattern=HOST)]
Secret = Annotated[SecretStr, Field(min_length=SECRET_LENGTH)]
Count = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(gt=0, le=3600)]


class ServerSettings(BaseSettings):
    """Everything that whoever hosts a server may set.

    In the environment a setting is `DXCOURSE_` and its name in capitals; as a flag it is its name
    with hyphens. Lists are separated by commas. Secrets are no flags: every user of a machine can
    see those. `web.setting_sources` reads them.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )
    visitors: ClassVar[bool] = True
    """Every browser is a learner of its own, without a name."""

    host: str = Field("127.0.0.1", description="The address to listen at.")
    port: int = Field(8850, ge=0, le=65535, description="The port; 0 takes a free one.")
    processes: int = Field(1, ge=1, le=64, description="Processes that serve at the one port.")
    public_url: str = Field(
        "",
        pattern=rf"^$|^https?://[A-Za-z0-9.\-\[\]:]+{PATH}$",
        description="The address visitors know, as https://dx.example.jp or with a folder.",
    )
    base_path: str = Field(
        "",
        pattern=rf"^{PATH}$",
        description="The folder all addresses are under, as /course; that of the public address.",
    )
    hosts: Annotated[tuple[HostName, ...], NoDecode] = Field(
        (), description="Further host names that requests may ask for."
    )
    store: str = Field("", description="Where answers are: sqlite:///FILE or postgresql://…")
    secret: Secret | None = Field(None, description="Signs visitors' tokens.")
    secret_file: Path | None = Field(
        None, description="A file with the secret; made where there is none."
    )
    old_secrets: Annotated[tuple[Secret, ...], NoDecode] = Field(
        (), description="Secrets that were changed: what they signed still holds."
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field(
        (), description="Addresses or networks of proxies whose X-Forwarded-… is believed."
    )
    sign_in: Literal["none", "hub", "oidc"] = Field(
        "none",
        description="Who may come: none, anyone without a name; hub, JupyterHub's users; "
        "oidc, those of an OpenID provider.",
    )
    oidc_issuer: str = Field(
        "",
        pattern=ISSUER,
        description="The OpenID provider, as it calls itself: https://id.example.jp/realms/town.",
    )
    oidc_client_id: str = Field("", max_length=200, description="What the provider calls us.")
    oidc_client_secret: SecretStr | None = Field(
        None, description="The password that the provider gave us."
    )
    oidc_claim: str = Field(
        "sub",
        pattern=r"^[A-Za-z_][A-Za-z0-9_:./-]*$",
        description="Which of the provider's claims is a learner's name in the record.",
    )
    oidc_hours: float = Field(
        12, gt=0, le=720, description="After so many hours people sign in again."
    )
    embed_from: Annotated[tuple[Origin, ...], NoDecode] = Field(
        (), description="Origins that may show stand-alone pages in a frame."
    )
    spaces_file: Path | None = Field(
        None, description="TOML or YAML: municipalities, each with a part of the server, /s/ID/."
    )
    results_from: int = Field(
        SMALLEST_GROUP,
        ge=0,
        description="From how many answers on others' are shown; 0 never, else 5 or more.",
    )
    keep_days: int | None = Field(
        None, ge=1, description="Answers older than this are deleted every day."
    )
    operator: str = Field("", max_length=200, description="Who runs it, for the privacy page.")
    contact: str = Field("", max_length=200, description="How they are reached.")
    privacy_file: Path | None = Field(
        None, description="Markdown for the privacy page, in place of its own text."
    )
    accessibility_file: Path | None = Field(
        None, description="Markdown for a page that states how accessible the course is."
    )
    metrics_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Numbers for Prometheus, at 127.0.0.1 and this port or the next free one.",
    )
    metrics_secret: Annotated[SecretStr, Field(min_length=16)] | None = Field(
        None, description="Gives /metrics to who sends it as a bearer token."
    )
    admin_secret: Annotated[SecretStr, Field(min_length=16)] | None = Field(
        None, description="Opens the administrator's page, /admin, with HTTP's Basic sign-in."
    )
    log_level: Literal["error", "warning", "info"] = Field("info", description="What is logged.")
    access_log: bool = Field(
        default=False, description="Log a line a request: kind, status, time; no address, no name."
    )
    learner_rate: Count = Field(240, description="Requests a minute of one visitor; 0: no limit.")
    address_rate: Count = Field(12_000, description="API requests a minute from one address.")
    token_rate: Count = Field(3_000, description="New visitors a minute from one address.")
    learner_daily: Count = Field(2_000, description="Answers a day of one visitor; 0: no limit.")
    address_daily: Count = Field(200_000, description="Answers a day from one address.")
    max_connections: int = Field(10_000, ge=10, description="Open connections.")
    max_waiting: int = Field(10_000, ge=10, description="Answers that wait for the disk.")
    idle_seconds: Seconds = Field(75, description="An idle connection is closed after this time.")
    body_seconds: Seconds = Field(20, description="A request's body has to be here within it.")
    read_seconds: Seconds = Field(60, description="A client has to take a reply within it.")
    stop_seconds: Seconds = Field(15, description="What a stop leaves to begun requests.")

    @field_validator("hosts", "trusted_proxies", "embed_from", "old_secrets", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("results_from")
    @classmethod
    def _nobody_is_seen_alone(cls, value: int) -> int:
        if value and value < SMALLEST_GROUP:
            raise ValueError(say("server.settings.too_few"))
        return value

    @field_validator("privacy_file", "accessibility_file")
    @classmethod
    def _can_be_read(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                value.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError):
                raise ValueError(say("server.settings.no_text", file=value)) from None
        return value

    @model_validator(mode="after")
    def _one_base(self) -> Self:
        public = urlsplit(self.public_url).path
        if self.base_path and public and public != self.base_path:
            raise ValueError(say("server.settings.two_bases", a=public, b=self.base_path))
        if self.base.split("/")[1:2] and self.base.split("/")[1] in OWN_PLACES:
            raise ValueError(say("server.settings.base_is_ours", base=self.base))
        return self

    @model_validator(mode="after")
    def _can_sign_in(self) -> Self:
        if self.sign_in != "none" and self.embed_from:
            # Another site's frame gets no cookie of ours.
            raise ValueError(say("server.settings.no_frames"))
        if self.sign_in == "hub" and self.processes > 1:
            # A hub's sign-in begins and ends in the memory of one process.
            raise ValueError(say("server.settings.one_process"))
        if self.sign_in == "oidc":
            needed = ("public_url", "oidc_issuer", "oidc_client_id", "oidc_client_secret")
            if missing := [name for name in needed if not getattr(self, name)]:
                raise ValueError(say("server.settings.no_oidc", names="、".join(missing)))
        return self

    @classmethod
    def secret_names(cls) -> frozenset[str]:
        """The names of the settings that must not stand on a command line."""
        return frozenset(
            {"secret", "old_secrets", "metrics_secret", "admin_secret", "oidc_client_secret"}
        )

    @property
    def signed_in(self) -> bool:
        """Whether a learner is someone who has signed in, and not a browser."""
        return self.sign_in != "none"

    @property
    def base(self) -> str:
        """What all addresses begin with, as ``/course``; "" where they begin with nothing."""
        return self.base_path or urlsplit(self.public_url).path

    @property
    def address(self) -> str:
        """The address that visitors know, with its folder; "" where none was said."""
        return f"{self.origin}{self.base}" if self.public_url else ""

    @property
    def origin(self) -> str:
        """Scheme, host and port of the public address; "" where there is none."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def host_names(self) -> frozenset[str]:
        """The names that a request may ask for: the public one, those added, this machine's own."""
        public = urlsplit(self.public_url).netloc
        name = public if public.endswith("]") else public.rsplit(":", 1)[0]
        return THIS_MACHINE.union(filter(None, (name, *self.hosts)))


class LocalSettings(ServerSettings):
    """A server for whoever sits at this machine; nothing of it is read from outside."""

    visitors: ClassVar[bool] = False

    @classmethod
    def usual(cls, **chosen: Any) -> LocalSettings:  # noqa: ANN401  -- settings by name
        """Without limits, and without others' answers.

        What a proxy on this machine says is believed, where one is in front (`public_url`).
        """
        unlimited = ("learner_rate", "address_rate", "token_rate", "learner_daily", "address_daily")
        values: dict[str, Any] = {**dict.fromkeys(unlimited, 0), "results_from": 0, **chosen}
        if values.get("public_url"):
            values.setdefault("trusted_proxies", LOOPBACK)
        return cls.model_construct(None, **values)
