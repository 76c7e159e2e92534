"""A whole agenda in fast motion: every stop held, and every text of the wall measured."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import pytest

from dxcourse.workshop.results.voices import LENGTH, SPANS, Utterance, voice_pages
from support.back_row import SIZES, unreadable
from support.chromium import AWAY
from support.room_answers import SAYINGS, answer
from support.workshop_server import Hall
from workshop.test_room_faults import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Page

    from support.chromium import Visit
    from support.study import Study

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("room")]

QUIET = AWAY + "|ERR_INTERNET_DISCONNECTED|INCOMPLETE_CHUNKED|40[139]|429"
SILLY = (
    "うるせえバカ死ね",
    "<script>alert(1)</script>",
    "😀😀😀",
    "やめる",
    "デラックス",
    "住民の一日が少し楽になること。職員の一日も" * 5,
    "部長が「紙で持ってこい」と言わなくなること",
)
QUESTIONS = (
    "議会でも使ってよい言葉ですか",
    "国の計画が終わったあと、うちの計画はどうすればよいのでしょうか。だれに聞けば分かりますか",
    "DXという言葉を使わずに、住民に説明する方法はありますか",
    "予算はどこから",
    "標準化の期限に間に合わないとき、責任はだれにありますか。課長ですか、情報政策課ですか" * 2,
)
WIFI = ("--wifi", "town-guest-5G", "--wifi-password", "dx-2026-12")


@pytest.fixture
def hall(course_copy: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hall]:
    """A room with the agenda of so many minutes."""
    options = ("--agenda", str(getattr(request, "param", 90)), *WIFI)
    started = Hall(course_copy, tmp_path / "hall", options=options).start()
    yield started
    started.stop()


def items_of(public: dict[str, Any], number: int, chance: random.Random) -> dict[str, Any]:
    said = (*SILLY, *SAYINGS)[number % (len(SILLY) + len(SAYINGS))]
    typed = public["shape"] == "text"
    found = {
        face["ref"]: said if typed else answer(public["kind"], public, face, chance)
        for face in public["items"]
    }
    return {ref: value for ref, value in found.items() if value is not None}


def revealed(hall: Hall) -> dict[str, Any] | None:
    """What the wall draws, once it is drawn."""
    view: dict[str, Any] | None = hall.board_state()["view"]
    return view if view and view["revealed"] else None


def walk(hall: Hall) -> Iterator[tuple[str, dict[str, Any]]]:
    """The agenda with thirty people: what the wall is told at every stop, by name."""
    wall = f"/wall/{json.loads((hall.kept / 'keys.json').read_text('utf-8'))['wall']}/events"
    phones = [hall.enter(source=f"127.0.5.{n + 1}", consent=n % 2 == 0) for n in range(30)]
    chance = random.Random(3)  # noqa: S311  -- a room, not a secret
    yield "00-join", hall.hear(wall)
    for place, row in enumerate(hall.board_state()["agenda"], start=1):
        hall.at(row["id"])
        name = f"{place:02}-{row['id']}"
        yield name, hall.hear(wall)
        for ask in hall.board_state()["asks"]:
            name = f"{place:02}-{ask['id']}"
            hall.do("open", exercise=ask["id"])
            yield f"{name}-begun", hall.hear(wall)
            give_all(hall, phones[:27], ask["id"], chance)
            hall.do("step")
            until(lambda: (hall.board_state()["preview"] or {}).get("pictures"))
            yield f"{name}-open", hall.hear(wall)
            hall.do("close")
            listed = hall.ask(f"{urlsplit(hall.board).path}/voices/{ask['id']}").json()["items"]
            good = [v["id"] for item in listed for v in item["voices"] if "バカ" not in v["text"]]
            if good:
                hall.do("voice", exercise=ask["id"], change="show", voices=good)
            hall.do("reveal")
            view = until(lambda: revealed(hall))
            assert "バカ" not in json.dumps(view, ensure_ascii=False)
            for sheet in range(1 + max((p["page"] for p in view["pictures"]), default=0)):
                hall.do("page", page=sheet)
                yield f"{name}-result{sheet}", hall.hear(wall)
            if good:
                yield f"{name}-voice", spotlight(hall, wall, ask["id"], view)
    ask_floor(hall, phones)
    hall.do("show", screen="questions")
    yield "97-questions", hall.hear(wall)
    hall.do("rest", minutes=8)
    yield "98-rest", hall.hear(wall)
    hall.do("end")
    yield "99-farewell", hall.hear(wall)


def give_all(hall: Hall, phones: list[str], ask: str, chance: random.Random) -> None:
    exercises = hall.mine(phones[0])["exercises"]
    public = next(each for each in exercises if each["id"] == ask)
    for number, phone in enumerate(phones):
        entry = f"{ask[:20]}-{number:04}"
        reply = hall.give(phone, ask, items_of(public, number, chance), entry)
        assert reply.status == 200, reply.text


def ask_floor(hall: Hall, phones: list[str]) -> None:
    """Five long questions from the floor, agreed with."""
    for number, text in enumerate(QUESTIONS):
        body = {"id": f"{number:032}", "text": text}
        assert hall.post("/api/questions", body, token=phones[number]).status == 200
    for each in until(lambda: hall.board_state()["floor"]):
        hall.do("question", id=each["id"], status="shown")
        for phone in phones[: len(each["text"]) % 12]:
            hall.post("/api/nods", {"target": each["id"], "on": True}, token=phone)


def spotlight(hall: Hall, wall: str, ask: str, view: dict[str, Any]) -> dict[str, Any]:
    """The longest voice of them all, as large as the wall."""
    voices = [v for p in view["pictures"] for v in p.get("voices", ())]
    longest = max(voices, key=lambda voice: len(voice["text"]))
    assert hall.do("spotlight", exercise=ask, voice=longest["id"]).status == 200
    until(lambda: hall.hear(wall)["spotlight"])
    return hall.hear(wall)


TALE = (
    "窓口に来た人が用紙を探さずにすむように、案内の紙を一枚だけ入口に置いてみたいと思います。"
    "マイナンバーカードでデジタルトランスフォーメーションと言われても、係長には届きません。"
    "まず会議を減らして、現場に出る時間を増やす。「前例がない」を理由にしない職場をつくる。"
)


def worst(state: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Pages of voices as full as they can be: every length that a place holds, agreed with."""
    chance = random.Random(8)  # noqa: S311  -- a room, not a secret
    picture = next(each for each in state["view"]["pictures"] if each["shape"] == "voices")
    found = {}
    for number in range(12):
        texts = []
        for _ in range(40):
            begin = chance.randrange(len(TALE))
            most = chance.choice((*SPANS[:-1], LENGTH, chance.randrange(4, LENGTH)))
            texts.append((TALE + TALE)[begin : begin + most])
        said = [
            Utterance(f"v{n}", text, ("m",) * chance.choice((1, 12))).voice(
                pinned=n == 0, nods=chance.choice((0, 14))
            )
            for n, text in enumerate(texts)
        ]
        page = [voice.model_dump() for voice in voice_pages(said)[0]]
        title = (TALE * 2)[: (120 if number % 2 else 30)]  # the longest made on the spot
        view = {
            **state["view"],
            "title": title,
            "pictures": [{**picture, "voices": page, "page": 0}],
        }
        found[f"full{number}"] = {**state, "view": view, "page": 0, "screen": "room"}
    longest = Utterance("v", (TALE + TALE)[:LENGTH], ("m",)).voice(nods=14).model_dump()
    choices = [(TALE[n:] + TALE)[:60] for n in range(8)]
    own = {**state["exercise"], "title": (TALE * 2)[:120], "items": [], "choices": choices}
    bars = [
        {"ref": f"o{n}", "text": text, "count": n, "before": None, "right": None}
        for n, text in enumerate(choices)
    ]
    drawn = {**picture, "shape": "bars", "bars": bars, "several": False, "before_n": None}
    shown = {**state["view"], "title": own["title"], "pictures": [{**drawn, "page": 0}]}
    asked = {**state, "screen": "room", "exercise": own, "page": 0}
    table = {"head": ["答え", "人"], "rows": [[text[:20], 3] for text in choices]}
    mosaic = {**picture, "shape": "mosaic", "table": table, "page": 0}  # of a later version
    return {
        **found,
        "full-voice": {**state, "screen": "voice", "spotlight": longest},
        "full-open": {**asked, "phase": "open"},
        "full-bars": {**asked, "view": shown},
        "unknown": {**asked, "view": {**shown, "title": "題", "pictures": [mosaic]}},
    }


@pytest.mark.soak
@pytest.mark.parametrize("hall", [60, 120], indirect=True)
def test_every_stop_of_the_other_agendas_is_held_and_can_be_read(visit: Visit, hall: Hall) -> None:
    states = dict(walk(hall))
    stops = [row["id"] for row in hall.board_state()["agenda"]]
    assert len(stops) >= 15
    assert unreadable(wall_of(visit, hall), states, SIZES[:1])[0] == {}


def wall_of(visit: Visit, hall: Hall) -> Page:
    key = json.loads((hall.kept / "keys.json").read_text("utf-8"))["wall"]
    return visit(cast("Study", hall), f"/wall/{key}", allowed=QUIET)


def test_every_stop_of_ninety_minutes_can_be_read_from_the_last_row(
    visit: Visit, hall: Hall
) -> None:
    states = dict(walk(hall))
    states |= worst(states["03-what-is-dx-result1"])
    wall = wall_of(visit, hall)
    faults, measured = unreadable(wall, states, SIZES[:2])
    assert set(measured) == {"text", "voice", "contrast"}
    some = dict(list(states.items())[::4])  # as large again is laid out alike, and so is the night
    faults |= unreadable(wall, some, SIZES[2:])[0]
    wall.emulate_media(color_scheme="dark")
    faults |= unreadable(wall, some, SIZES[:1])[0]
    assert faults == {}


def few(state: dict[str, Any], lengths: Sequence[int]) -> dict[str, Any]:
    """A page of voices of such lengths, some of them agreed with."""
    said = [
        Utterance(f"v{n}", (TALE[7 * n :] + TALE * 4)[:length], ("m",)).voice(nods=4 * (n % 3))
        for n, length in enumerate(lengths)
    ]
    picture = {
        "shape": "voices",
        "item": "i",
        "title": "",
        "caption": "声",
        "n": len(said),
        "table": {"head": [], "rows": []},
        "page": 0,
        "voices": [voice.model_dump() for voice in voice_pages(said)[0]],
    }
    view = {
        "exercise": "what-is-dx",
        "title": "課長、DXって何ですか",
        "revealed": True,
        "answered": {"people": len(said), "pairs": 0, "hands": 0},
        "withheld": False,
        "changed": None,
        "pictures": [picture],
    }
    asked = {"id": "what-is-dx", "title": view["title"], "items": [], "choices": [], "prompt": ""}
    shown = {"screen": "room", "phase": "revealed", "page": 0}
    return {**state, **shown, "exercise": asked, "view": view}


FILLED = """async states => {
    const script = document.querySelector('script[type=module]').src;
    const {stage} = await import(new URL('stage.js', script));
    const read = id => JSON.parse(document.getElementById(id).textContent);
    const words = {...read('words'), results: read('wall-words')};
    const box = document.getElementById('wall');
    const found = {};
    for (const [name, state] of Object.entries(states)) {
        stage(state, box, words, {...read('join'), words});
        const of = each => each.clientWidth * each.clientHeight;
        const cards = [...box.querySelectorAll('.wall-cards li')];
        const type = parseFloat(getComputedStyle(box.querySelector('.wall-cards q')).fontSize);
        const middles = cards.map(card => {
            const [q, edge] = [card.querySelector('q'), card.getBoundingClientRect()];
            const text = q.getBoundingClientRect();
            return Math.abs((text.top + text.bottom - edge.top - edge.bottom) / 2) / edge.height;
        });
        found[name] = [type / innerHeight, cards.reduce((sum, card) => sum + of(card), 0)
            / of(box.querySelector('.wall-body')), Math.max(...middles)];
    }
    return found;
}"""


def test_few_voices_fill_the_wall_in_large_type(visit: Visit, hall: Hall) -> None:
    """One voice or six, short or long: no corner of a wall, and no card that is nearly empty."""
    wall = f"/wall/{json.loads((hall.kept / 'keys.json').read_text('utf-8'))['wall']}/events"
    state = hall.hear(wall)
    lengths = {
        f"{count} of {length}": [length] * count
        for count in (1, 2, 3, 4, 5, 6)
        for length in (6, 15, 24, 40, 140, 400)
    }
    states = {name: few(state, each) for name, each in lengths.items()}
    page = wall_of(visit, hall)
    assert unreadable(page, states)[0] == {}
    page.reload()
    least = {1: 0.13, 2: 0.1, 3: 0.06, 4: 0.06, 5: 0.05, 6: 0.05}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for name, (size, filled, off) in page.evaluate(FILLED, states).items():
            said = f"{name} at {width}x{height}"
            assert size >= 0.05, said
            if lengths[name][0] <= 15:
                assert size >= least[len(lengths[name])], said
                assert filled > 0.85, said
                assert off < 0.2, said
