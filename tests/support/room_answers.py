"""Rooms to look at: generated answers of any number of people to any exercise of the course."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from dxcourse.workshop.results import GivenAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from dxcourse.exercises import AnyExercise

SAYINGS = (
    "窓口の待ち時間を減らすこと",
    "紙の申請をなくして、来なくていい役所にする",
    "仕事のやり方を変えること。道具はあとから",
    "住民の暮らしが少し楽になること",
    "正直、また来たかという感じです",
    "職員が残業しないで済むようにしたい",
    "データを見て決める文化をつくる",
    "AIやRPAを入れて自動化すること",
    "DXは変革、デジタル化は手段だと思う",
    "前例踏襲をやめる勇気",
    "高齢者が取り残されないようにすること",
    "人手不足でも続けられる行政サービス",
    "ペーパーレスと電子決裁",
    "会議を減らして、現場に出る時間を増やす",
    "マイナンバーカードで手続きが簡単になる",
    "市民から見て『便利になった』と言われること",
    "縦割りをこえて一緒に考える",
    "よくわからないが、若い人に任せたい",
    "クラウドにつないで、どこでも仕事ができる",
    "新しい価値を地域と一緒につくること",
)
ENDS = ("", "。", "と思います", "かな", "！", "ではないか", "ですね", "、たぶん")
PROMISES = (
    "朝の打合せを15分に",
    "押印をやめる一覧を作る",
    "窓口で30分立って見る",
    "隣の課長に電話する",
)


def room(exercise: AnyExercise, size: int, seed: int = 1) -> list[GivenAnswer]:
    """Give a room of so many answers: most agree, some do not, one in six is a pair."""
    chance = random.Random(f"{exercise.id}/{seed}")  # noqa: S311  -- a room, not a secret
    public = exercise.public()
    given = []
    for at in range(size):
        items = {}
        for face in public["items"]:
            value = answer(exercise.kind, public, face, chance)
            if value is not None and chance.random() < 0.95:
                items[face["ref"]] = value
        read = exercise.read({"items": items})["items"]
        pair, consent = chance.random() < 1 / 6, chance.random() < 1 / 2
        given.append(GivenAnswer(f"p{at}", read, pair=pair, consent=consent))
    return given


def answer(kind: str, public: dict[str, Any], face: dict[str, Any], chance: random.Random) -> Any:
    """Give one answer to one item, from what a phone shows of it."""
    taste = random.Random(face["ref"])  # noqa: S311  -- what this room leans to

    def lean(things: list[Any]) -> Any:
        weights = [taste.random() ** 2 + 0.02 for _ in things]
        return chance.choices(things, weights)[0]

    def ticks(things: list[Any]) -> list[str]:
        return [each["ref"] for each in things if chance.random() < taste.random()]

    def classified() -> dict[str, Any]:
        return {
            "bin": lean([each["ref"] for each in public["bins"]]),
            "evidence": ticks(public["evidence"]),
            "sure": None,
            "reason": chance.choice(("", "", "期限が決まっているから", "終わりがない仕事だから")),
        }

    def ordered() -> list[str]:
        things = [each["ref"] for each in face["things"]]
        return sorted(things, key=lambda ref: things.index(ref) + chance.gauss(0, 1.2))

    def pledged() -> str:
        if face["field"] == "date":
            return f"2026-{chance.choice((10, 11, 12)):02}-{chance.randrange(1, 28):02}"
        return chance.choice(PROMISES)[: face["max_length"]]

    makers: dict[str, Callable[[], Any]] = {
        "choice": lambda: lean([each["ref"] for each in face["options"]]),
        "multichoice": lambda: ticks(face["options"]),
        "classify": classified,
        "match": lambda: lean([each["ref"] for each in public["answers"]]),
        "order": ordered,
        "number": lambda: float(max(0, round(chance.gauss(1200, 500), -1))),
        "scale": lambda: lean(list(range(len(public["levels"])))),
        "schedule": lambda: chance.randrange(len(public["months"]) - face["length"] + 1),
        "pledge": pledged,
        "opinion": lambda: chance.choice(SAYINGS) + chance.choice(ENDS),
    }
    return makers[kind]()
