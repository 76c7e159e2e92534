"""Learner tokens: made here, and only here."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import BadSignature, URLSafeSerializer

from dxcourse.web.identity import (
    NAME_LENGTH,
    LocalIdentity,
    SecretError,
    VisitorIdentity,
    read_secrets,
    secrets_of,
)
from dxcourse.web.setting_sources import read_settings

if TYPE_CHECKING:
    from pathlib import Path

HERE = LocalIdentity("the secret", "kacho")


def test_without_a_token_one_is_the_user_of_the_machine() -> None:
    assert HERE.of(None) == HERE.of("") == "kacho"
    assert HERE.name_of("kacho") == ""


@given(st.text(max_size=60))
def test_whoever_gives_a_name_comes_back_under_it(name: str) -> None:
    learner, token = HERE.named(name)
    assert HERE.of(token) == learner
    assert HERE.named(HERE.name_of(learner)) == (learner, token)
    assert len(HERE.name_of(learner)) <= NAME_LENGTH
    assert learner.encode()
    assert learner.isprintable() or "\n" not in learner


@pytest.mark.parametrize("name", ["Tanaka 1", "Ｔａｎａｋａ　１", "  Tanaka\t1\n", "Tanaka\0 1"])
def test_a_name_is_the_same_however_it_is_typed(name: str) -> None:
    assert HERE.named(name) == HERE.named("Tanaka 1")


@pytest.mark.parametrize("name", ["", "   ", "\n", "\0", "　"])
def test_no_name_is_the_user_of_the_machine(name: str) -> None:
    assert HERE.named(name) == ("kacho", "")


def test_nobody_becomes_the_user_of_the_machine_by_a_name() -> None:
    for name in ("kacho", "/", "../kacho", "."):
        assert HERE.named(name)[0] != "kacho"


@given(st.text(min_size=1, max_size=80))
def test_a_token_that_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(BadSignature):
        HERE.of(token)


def test_a_token_of_another_secret_or_purpose_is_refused() -> None:
    for other in (
        LocalIdentity("another secret", "kacho").named("x")[1],
        str(URLSafeSerializer("the secret", salt="board").dumps("kacho/x")),
        str(URLSafeSerializer("the secret", salt="learner").dumps({"not": "a name"})),
    ):
        with pytest.raises(BadSignature):
            HERE.of(other)


def test_the_secret_is_made_once_and_is_for_this_user_only(tmp_path: Path) -> None:
    path = tmp_path / "new/secret"
    (secret,) = read_secrets(path)
    assert len(secret) >= 32
    assert read_secrets(path) == (secret,)
    assert read_secrets(tmp_path / "other") != (secret,)
    if sys.platform != "win32":
        assert os.stat(path).st_mode & 0o077 == 0  # noqa: PTH116


def test_what_a_former_secret_signed_still_holds() -> None:
    before = VisitorIdentity("s" * 32)
    after = VisitorIdentity(["n" * 32, "s" * 32])
    token = before.mint()
    assert after.of(token) == before.of(token)
    with pytest.raises(BadSignature):
        before.of(after.mint())  # the new one signs
    with pytest.raises(BadSignature):
        VisitorIdentity("n" * 32).of(token)  # once the former is taken away


def test_a_file_of_secrets_has_the_newest_first(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(f"{'n' * 32}\n{'o' * 32}\n", encoding="ascii")
    assert read_secrets(path) == ("n" * 32, "o" * 32)
    old = "x" * 32
    environ = {"DXCOURSE_SECRET_FILE": str(path), "DXCOURSE_OLD_SECRETS": old}
    chosen = read_settings({}, None, environ)
    assert secrets_of(chosen, tmp_path) == ("n" * 32, "o" * 32, old)
    assert old not in repr(chosen)


def test_a_line_that_is_no_secret_is_told_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dxcourse.web.identity.MADE_WITHIN", 0.0)
    path = tmp_path / "secret"
    path.write_text(f"{'n' * 32}\nKANARIE\n", encoding="ascii")
    with pytest.raises(SecretError, match="短すぎる行") as told:
        read_secrets(path)
    assert "KANARIE" not in str(told.value)
