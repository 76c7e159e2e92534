"""What every server's handlers ask of what they serve, and its spaces; it knows no course."""

from __future__ import annotations

import hashlib
import tomllib
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from dxcourse.answers import Store
from dxcourse.answers.writer import AnswerWriter
from dxcourse.text import say
from dxcourse.web.identity import Identity
from dxcourse.web.metrics import ServerMetrics
from dxcourse.web.rate_limit import RequestLimits
from dxcourse.web.setting_sources import SettingsError
from dxcourse.web.settings import SMALLEST_GROUP, Origin, ServerSettings
from dxcourse.web.sign_in import SignIn
from dxcourse.web.static_files import StaticFiles
from dxcourse.web.storage import StoreProbe


@dataclass(kw_only=True)
class WebSite(ABC):
    """What is served: under which names, by which settings, with which scripts and sheets.

    Parameters
    ----------
    hosts
        The names under which this server is asked for; others get nothing (DNS rebinding).
    sign_in
        Where people sign in before they see anything; None where nobody has to.
    """

    settings: ServerSettings
    hosts: frozenset[str]
    sign_in: SignIn | None = None
    busy: set[object] = field(default_factory=set)
    """The requests that have begun and not ended."""

    @abstractmethod
    def error_page(self, status: int) -> str:
        """What a person reads when something is not there or went wrong."""

    @property
    @abstractmethod
    def static(self) -> StaticFiles:
        """Scripts and sheets by name."""

    @cached_property
    def version(self) -> str:
        """The part of a static address that changes when any of the files does."""
        etags = "".join(page.etag for _, page in self.static.values())
        return hashlib.sha256(etags.encode()).hexdigest()[:12]


@dataclass(kw_only=True)
class LearnerSite(WebSite):
    """A site whose learners answer: it has a store, and knows who asks by a token."""

    store: Store
    learners: Identity

    def __post_init__(self) -> None:
        self.writer = AnswerWriter(self.store, most=self.settings.max_waiting)
        self.limits = RequestLimits.of(self.settings)
        self.metrics = ServerMetrics(lambda: self.writer.waiting)
        self.probe = StoreProbe(self.store)

    @property
    def surface(self) -> str:
        """How the names of its surfaces begin, where it is not the only site of its store."""
        return ""

    def close(self) -> None:
        """Store what waits, and let go of the store."""
        self.writer.close()
        self.store.close()


# -- Spaces: a municipality's own part of one server, with its address, its words and its counts ---
#
# A file lists them. Each is at ``/s/ID/``, as a site of its own: its visitors have tokens that are
# good there alone, and the surfaces of their answers begin with ``@ID/``, by which its counts and
# exports are made and no other's.

FOLDER = "/s"


class Space(BaseModel):
    """A municipality's part of a server."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    """Who runs it, for the privacy page."""
    contact: Annotated[str, Field(max_length=200)] = ""
    embed_from: tuple[Origin, ...] = ()
    results_from: Annotated[int, Field(ge=SMALLEST_GROUP)] | None = None
    """From how many answers on others' are shown; as the whole server where it is not said."""
    admin_secret: Annotated[SecretStr, Field(min_length=16)] | None = None

    @property
    def folder(self) -> str:
        """Where it is, below the server's own base."""
        return f"{FOLDER}/{self.id}"

    @property
    def surface(self) -> str:
        """How the names of its surfaces begin."""
        return surface_of(self.id)

    def settings(self, of: ServerSettings) -> ServerSettings:
        """The server's settings as they are for this space.

        Nothing that opens or names the whole server is among them.
        """
        base = f"{of.base}{self.folder}"
        return of.model_copy(
            update={
                "base_path": base,
                "public_url": f"{of.origin}{base}" if of.public_url else "",
                "operator": self.name,
                "contact": self.contact,
                "embed_from": self.embed_from,
                "results_from": of.results_from if self.results_from is None else self.results_from,
                "admin_secret": self.admin_secret,
                "metrics_secret": None,
            }
        )


def surface_of(name: str) -> str:
    """How the names of a space's surfaces begin: no other surface begins so."""
    return f"@{name}/"


def read_spaces(file: Path) -> tuple[Space, ...]:
    """Read the spaces of a file (TOML or YAML), a table each under ``spaces``.

    Raises
    ------
    SettingsError
        The file cannot be read, or a space is wrong: which, and what.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
        data: Any = tomllib.loads(text) if file.suffix == ".toml" else yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, yaml.YAMLError) as error:
        raise SettingsError(say("server.spaces.unreadable", file=file)) from error
    listed = data.get("spaces") if isinstance(data, dict) and set(data) == {"spaces"} else None
    if not isinstance(listed, list) or not listed:
        raise SettingsError(say("server.spaces.no_list", file=file))
    found: dict[str, Space] = {}
    for number, each in enumerate(listed, start=1):
        try:
            space = Space.model_validate(each)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = str(first["loc"][0]) if first["loc"] else ""
            told = {"file": file, "number": number, "name": name}
            raise SettingsError(say("server.spaces.wrong", **told)) from None
        if space.id in found:
            raise SettingsError(say("server.spaces.twice", file=file, id=space.id))
        found[space.id] = space
    return tuple(found.values())
