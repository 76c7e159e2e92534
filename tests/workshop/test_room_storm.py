"""Two boards, thirty phones, all at once: what is hidden stays so, what was sent counts once."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from workshop.test_room_faults import EXERCISE, until
from workshop.test_room_stage import WORDS, voices

if TYPE_CHECKING:
    from support.workshop_server import Hall

pytestmark = pytest.mark.server

PHONES, NASTY = 30, 4
POISON = "毒"
KINDLY = ("窓口を広く", "会議を短く", "紙をやめる", "待たせない", "隣に聞く")


@dataclass
class PhoneInStorm:
    """Someone who writes, chooses, sends twice, and agrees; a nasty one writes poison only."""

    number: int
    token: str
    faces: dict[str, dict[str, Any]]
    chance: random.Random
    saved: dict[str, list[str]] = field(default_factory=lambda: {WORDS: [], EXERCISE: []})
    nods: set[str] = field(default_factory=set)
    sent: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def nasty(self) -> bool:
        return self.number < NASTY

    def act(self, hall: Hall, turn: int) -> None:
        what = self.chance.random()
        if what < 0.15 and self.sent:
            self._send(hall, *self.chance.choice(self.sent), again=True)
        elif what < 0.3:
            self._nod(hall)
        else:
            name = self.chance.choice((WORDS, EXERCISE))
            self._send(hall, name, self._value(name), f"storm-{self.number:02}-{turn:04}")

    def _value(self, name: str) -> str:
        if self.saved[name] and self.chance.random() < 0.3:
            return self.saved[name][-1]
        if name == EXERCISE:
            return str(self.chance.choice(self.faces[name]["options"])["ref"])
        if self.nasty:
            return POISON * self.chance.randrange(1, 6) + self.chance.choice(("", "。", "!", "ー"))
        return self.chance.choice(KINDLY)

    def _send(self, hall: Hall, name: str, value: str, entry: str, *, again: bool = False) -> None:
        reply = hall.give(self.token, name, {self.faces[name]["ref"]: value}, entry)
        assert reply.status in {200, 409, 429}, reply.text
        if reply.status == 200 and not again:
            if self.saved[name][-1:] != [value]:  # what is as it was is not stored by its id
                self.sent.append((name, value, entry))
            self.saved[name].append(value)

    def _nod(self, hall: Hall) -> None:
        seen = hall.phone_state(self.token)["voices"]
        if not seen:
            return
        target, on = self.chance.choice(seen)["id"], self.chance.random() < 0.7
        if hall.post("/api/nods", {"target": target, "on": on}, token=self.token).status == 200:
            (self.nods.add if on else self.nods.discard)(target)


def click(hall: Hall, chance: random.Random) -> None:
    """Whatever a facilitator may click, poison apart: that is hidden, and let through never."""
    known = voices(hall, WORDS)
    poison = [each["id"] for text, each in known.items() if POISON in text]
    kind = [each["id"] for text, each in known.items() if POISON not in text] or ["none"]
    some = chance.sample(kind, min(2, len(kind)))
    change = chance.choice(("show", "show", "show", "pin", "unpin", "group", "ungroup"))
    commands: tuple[dict[str, Any], ...] = (
        {"do": "open", "exercise": chance.choice((WORDS, EXERCISE))},
        {"do": "close"},
        {"do": "reveal"},
        {"do": "again", "exercise": chance.choice((WORDS, EXERCISE))},
        {"do": "recall", "exercise": chance.choice((WORDS, EXERCISE))},
        {"do": "approval", "on": chance.random() < 0.5},
        {"do": "page", "page": chance.randrange(3)},
        {"do": "show", "screen": chance.choice(("room", "join", "scene"))},
        {"do": "go", "stop": chance.choice(("first-word", "counter"))},
        {"do": "spotlight", "exercise": WORDS, "voice": chance.choice([*kind, *poison, ""])},
        {"do": "voice", "exercise": WORDS, "change": "hide", "voices": poison[:3]},
    )
    voice = {"do": "voice", "exercise": WORDS, "change": change, "voices": some, "name": "まとまり"}
    command = chance.choice((*commands, voice, voice, voice))
    assert hall.do(command.pop("do"), **command).status in {200, 409}


def let_them_answer(hall: Hall, chance: random.Random) -> None:
    """Open one of the two, often: or nobody could say anything."""
    for name in (WORDS, EXERCISE):
        if chance.random() < 0.5 and hall.do("open", exercise=name).status == 409:
            hall.do("again", exercise=name)


def storm(hall: Hall, seed: int, turns: int) -> None:
    hall.at("first-word")
    hall.do("open")
    hall.do("open", exercise=EXERCISE)
    hall.do("open", exercise=WORDS)
    tokens = [hall.enter(source=f"127.0.9.{n + 1}", consent=True) for n in range(PHONES)]
    faces = {each["id"]: each["items"][0] for each in hall.mine(tokens[0])["exercises"]}
    phones = [
        PhoneInStorm(n, token, faces, random.Random(f"{seed}/{n}"))  # noqa: S311
        for n, token in enumerate(tokens)
    ]
    for phone in phones[:NASTY]:  # they are hidden once: from here on nothing of theirs is seen
        reply = hall.give(
            phone.token, WORDS, {faces[WORDS]["ref"]: POISON}, f"first-{phone.number:04}"
        )
        assert reply.status == 200
        phone.saved[WORDS].append(POISON)
    hall.do("voice", exercise=WORDS, change="hide", voices=[voices(hall, WORDS)[POISON]["id"]])

    told = blow(hall, seed, phones, turns)
    assert len(told) > 10
    assert not [each for each in told if POISON in each]
    assert sum(len(phone.saved[name]) for phone in phones for name in faces) > PHONES
    settle(hall, phones, faces)


def blow(hall: Hall, seed: int, phones: list[PhoneInStorm], turns: int) -> list[str]:
    """All at once, until the phones have had their turns; what wall and phones were told."""
    wall = f"/wall/{json.loads((hall.kept / 'keys.json').read_text('utf-8'))['wall']}/events"
    over = threading.Event()
    told: list[str] = []

    def watch() -> None:
        mine = random.Random(f"{seed}/watch")  # noqa: S311
        while not over.is_set():
            told.append(json.dumps(hall.hear(wall), ensure_ascii=False))
            state = hall.phone_state(mine.choice(phones).token)
            told.append(json.dumps(state, ensure_ascii=False))

    def person(phone: PhoneInStorm) -> None:
        for turn in range(turns):
            phone.act(hall, turn)

    def board(number: int) -> None:
        mine = random.Random(f"{seed}/board/{number}")  # noqa: S311
        while not over.wait(0.02):
            click(hall, mine)
            let_them_answer(hall, mine)

    with ThreadPoolExecutor(10) as people:
        boards = [people.submit(watch), *(people.submit(board, n) for n in range(2))]
        try:
            for each in [people.submit(person, phone) for phone in phones]:
                each.result()
        finally:
            over.set()
        for other in boards:
            other.result()
    return told


def settle(hall: Hall, phones: list[PhoneInStorm], faces: dict[str, dict[str, Any]]) -> None:
    """When all is over: each counts once, with the last that was acknowledged."""
    hall.do("approval", on=False)
    for name in (EXERCISE, WORDS):
        hall.do("close")
        hall.do("recall", exercise=name)
        if hall.board_state()["phase"] == "unasked":
            hall.do("open", exercise=name)
        hall.do("reveal")
        last = {phone.token: phone.saved[name][-1] for phone in phones if phone.saved[name]}

        def drawn(count: int = len(last)) -> dict[str, Any] | None:
            view: dict[str, Any] | None = hall.board_state()["view"]
            ready = view and view["revealed"] and view["answered"]["people"] == count
            return view if ready else None

        view = until(drawn)
        assert POISON not in json.dumps(view, ensure_ascii=False)
        for token, value in last.items():
            answer = hall.mine(token)["replies"][name]["answer"]["items"]
            assert answer == {faces[name]["ref"]: value}
        if name == EXERCISE:
            bars = {bar["ref"]: bar["count"] for bar in view["pictures"][0]["bars"] if bar["count"]}
            assert bars == Counter(last.values())
        changes = sum(len([*groupby(phone.saved[name])]) for phone in phones)
        assert sum(each["exercise"] == name for each in hall.records()) == changes
    nodded = Counter(target for phone in phones for target in phone.nods)
    listed = {each["id"]: each["nods"] for each in voices(hall, WORDS).values()}
    assert {target: n for target, n in nodded.items() if target in listed} == {
        target: n for target, n in listed.items() if n
    }
    board = urlsplit(hall.board).path
    for name in ("report.html", "answers.csv"):
        kept = hall.ask(f"{board}/files/{name}").text
        assert POISON not in kept
        assert any(text in kept for text in KINDLY)
    assert "Traceback" not in hall.log.read_text("utf-8")


def test_in_a_storm_of_clicks_hidden_stays_hidden_and_what_was_sent_counts_once(hall: Hall) -> None:
    storm(hall, seed=1, turns=8)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 22))
def test_in_many_long_storms_hidden_stays_hidden_and_each_counts_once(
    hall: Hall, seed: int
) -> None:
    storm(hall, seed, turns=40)
