"""Spaces: each municipality's own part of a server. What is answered in one is in no other."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from pydantic import SecretStr

from dxcourse import course as courses
from dxcourse.cli import main
from dxcourse.pages.cache import PictureFile
from dxcourse.pages.spaces import SpacePages
from dxcourse.web.proxy import moved_base, under_base
from dxcourse.web.setting_sources import SettingsError
from dxcourse.web.settings import ServerSettings
from dxcourse.web.site import read_spaces
from dxcourse.web.static_files import Representation
from support.served import TINY_EXERCISE, Served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from dxcourse.pages.cache import PageCache
    from dxcourse.pages.spaces import SpaceSite
    from support.served import Ready
    from support.study import Answer

TOWNS = {"hakodate": 6, "noto-cho": 3, "oki": 0}
"""Spaces, and how many have answered in each."""
WHOLE = 2
SECRET = "the whole server's"  # noqa: S105
HEADER = "X-Dxcourse-Learner"


def listed(*names: str) -> str:
    return json.dumps(
        {
            "spaces": [
                {
                    "id": name,
                    "name": f"<b>{name}</b>役場",
                    "contact": f"dx@{name}.example.jp",
                    "embed_from": [f"https://www.{name}.example.jp"],
                    "admin_secret": f"{name}'s own secret",
                }
                for name in names
            ]
        },
        ensure_ascii=False,
    )


def base(name: str) -> str:
    return f"/dx/s/{name}" if name else ""


def signed(secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'a:{secret}'.encode()).decode()}"}


@pytest.fixture(scope="module")
def served(ready: Ready, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("spaces")
    file = folder / "spaces.yaml"
    file.write_text(listed(*TOWNS), encoding="utf-8")
    server = Served(
        ready.root,
        folder / "own",
        ready.cache,
        spaces_file=file,
        admin_secret=SECRET,
        base_path="/dx",
        operator="県",
    ).start()
    for name, count in [*TOWNS.items(), ("", WHOLE)]:
        for number in range(count):
            assert give(server, name, mint(server, name), number).status == 200
    yield server
    server.stop()


def mint(server: Served, name: str) -> str:
    return str(server.post(f"{base(name)}/api/visitor", {}).json()["token"])


def give(server: Served, name: str, token: str, number: int) -> Answer:
    answer = courses.at(server.course).exercise(TINY_EXERCISE).model_answer()
    body = {"id": f"space-{name}-{number}-answer", "answer": answer}
    return server.post(f"{base(name)}/api/answers/{TINY_EXERCISE}", body, token=token)


def counted(server: Served, name: str) -> int:
    """How many others' answers a learner of a space is shown."""
    token = mint(server, name)
    assert give(server, name, token, 100).status == 200
    found = server.ask(f"{base(name)}/api/others/{TINY_EXERCISE}", headers={HEADER: token})
    count = int(found.json()["items"][0]["answers"])
    assert server.post(f"{base(name)}/api/forget", {}, token=token).json()["records"] == 1
    return count


def test_others_answers_are_those_of_the_space(served: Served) -> None:
    assert counted(served, "hakodate") == 5  # whole groups of five, of seven
    assert counted(served, "noto-cho") == 0
    assert counted(served, "oki") == 0
    assert counted(served, "") == 0


def test_a_token_is_good_in_its_space_alone(served: Served) -> None:
    token = mint(served, "oki")
    for name in [*TOWNS, ""]:
        for path in ("/api/learner", "/my/answers.json"):
            found = served.ask(f"{base(name)}{path}", headers={HEADER: token})
            assert found.status == (200 if name == "oki" else 401)
        assert (give(served, name, token, 200).status == 200) == (name == "oki")
    assert served.post(f"{base('oki')}/api/forget", {}, token=token).json()["records"] == 1


def test_a_spaces_administrator_sees_its_answers_alone(served: Served) -> None:
    for name, count in [*TOWNS.items(), ("", sum(TOWNS.values()) + WHOLE)]:
        secret = f"{name}'s own secret" if name else SECRET
        path = f"{base(name)}/admin"
        assert f"<dd>{count} 件</dd>" in served.ask(path, headers=signed(secret)).text
        file = served.ask(f"{path}/answers.xlsx", headers=signed(secret)).body
        assert load_workbook(BytesIO(file))["答え"].max_row == count + 1
        shown = served.ask(path, headers=signed(secret)).text
        assert (f'<td class="n">{TOWNS["hakodate"]}</td>' in shown) == (name in {"", "hakodate"})
        assert ("noto-cho" in shown) == (name in {"", "noto-cho"})
        for other in TOWNS:
            if other != name:
                wrong = signed(f"{other}'s own secret")
                assert served.ask(path, headers=wrong).status == 401


def test_an_export_of_a_space_has_its_answers_alone(served: Served, tmp_path: Path) -> None:
    for name, count in TOWNS.items():
        file = tmp_path / f"{name}.jsonl"
        asked = ["export", "--store", served.store, "--space", name, str(file)]
        done = CliRunner().invoke(main, ["answers", *asked])
        assert done.stdout == f"{count}\n"
        learners = [json.loads(line)["learner"] for line in file.read_text("utf-8").splitlines()]
        assert all(learner.startswith(f"@{name}/visitor-") for learner in learners)
        assert len(set(learners)) == count
    both = ["export", "--store", served.store, "--space", "oki", "--learner", "x", "x.jsonl"]
    assert CliRunner().invoke(main, ["answers", *both]).exit_code == 2


def test_each_has_its_own_words_and_frames_and_every_link_stays_within(served: Served) -> None:
    for name in TOWNS:
        page = served.ask(f"{base(name)}/privacy").text
        assert f"&lt;b&gt;{name}&lt;/b&gt;役場" in page
        assert f"dx@{name}.example.jp" in page
        for path in ("/", "/modules/00", "/modules/01", "/mine"):
            found = served.ask(f"{base(name)}{path}")
            assert found.status == 200
            assert f'data-base="{base(name)}"' in found.text
            links = re.findall(r"""\s(?:href|src)=["'](/[^"']*)""", found.text)
            assert links
            assert {link for link in links if not link.startswith(f"{base(name)}/")} == set()
            stripped = served.ask(f"/s/{name}{path}")  # a proxy that takes the folder away
            assert stripped.text == found.text
        script = re.search(rf"{base(name)}/static/[0-9a-f]+/page\.js", served.ask(base(name)).text)
        assert script
        assert served.ask(script[0]).status == 200
    assert "県" in served.ask("/privacy").text
    assert served.ask("/dx/s/nowhere/").status == 404
    assert served.ask("/s/").status == 404
    assert served.ask(f"{base('oki')}/metrics").status == 404


def test_a_space_has_nothing_that_opens_the_whole(tmp_path: Path) -> None:
    file = tmp_path / "spaces.toml"
    file.write_text('[[spaces]]\nid = "oki"\nname = "隠岐"\n', encoding="utf-8")
    [space] = read_spaces(file)
    whole = ServerSettings(
        admin_secret=SecretStr("a" * 16),
        metrics_secret=SecretStr("b" * 16),
        embed_from=("https://x.example.jp",),
        public_url="https://dx.example.jp/dx",
        contact="県",
    )
    own = space.settings(whole)
    assert (own.admin_secret, own.metrics_secret, own.embed_from) == (None, None, ())
    assert (own.address, own.base) == ("https://dx.example.jp/dx/s/oki", "/dx/s/oki")
    assert (own.contact, own.results_from) == ("", whole.results_from)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("spaces: [", "読めません"),
        ("[]", "「spaces」の下に"),
        ("spaces: []", "「spaces」の下に"),
        ("spaces: [{id: a, name: A}, {id: a, name: B}]", "二度あります"),
        ("spaces: [{id: a, name: A}, {id: A, name: B}]", "2番目の市町村の「id」"),
        ("spaces: [{id: a, name: A, admin_secret: short}]", "1番目の市町村の「admin_secret」"),
        ("spaces: [{id: a, name: A, more: 1}]", "1番目の市町村の「more」"),
        ("spaces: [{id: a/b, name: A}]", "1番目の市町村の「id」"),
    ],
)
def test_a_list_that_is_wrong_is_told(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "spaces.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=told) as raised:
        read_spaces(file)
    assert "short" not in str(raised.value)


def test_each_page_of_forty_spaces_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads in one space does not cost the readers of another their pages."""
    towns, notebooks, made = range(40), [f"{number:02}.ipynb" for number in range(25)], []
    whole = {name: Representation.of(f'<html><a href="/{name}">'.encode()) for name in notebooks}

    class Whole:
        async def get(self, notebook: str, *, day: date | None = None) -> Representation:
            assert day is None
            return whole[notebook]

        async def picture(self, notebook: str, name: str) -> PictureFile:
            return PictureFile(name, whole[notebook])

    def of(body: bytes) -> Representation:
        made.append(body)
        return Representation(body, "")

    monkeypatch.setattr(Representation, "of", of)
    sites = [SimpleNamespace(settings=SimpleNamespace(base=f"/s/{n}", address="")) for n in towns]
    before = cast("PageCache", Whole())
    pages = [SpacePages(before, "", "", cast("SpaceSite", site)) for site in sites]

    async def read_all() -> None:
        for name in 2 * notebooks:
            for each in pages:
                await each.get(name)

    asyncio.run(read_all())
    assert len(made) == len(set(made)) == len(towns) * len(notebooks)
    picture = asyncio.run(pages[0].picture("00.ipynb", "5c498c1b"))
    assert picture == PictureFile("5c498c1b", whole["00.ipynb"])


def test_a_page_is_moved_from_one_base_to_another() -> None:
    page = '<html lang="ja"><a href="/x">/x</a><img src="//y/z"><p>href="/x"</p>'
    for old in ("", "/dx"):
        assert moved_base(under_base(page, old), old, "/n/s/a") == under_base(page, "/n/s/a")
