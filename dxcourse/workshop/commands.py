"""What the facilitator may say, as the board sends it, and what comes of it: events. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dxcourse.exercises.typed_text import kept
from dxcourse.workshop.agenda import AgendaStop
from dxcourse.workshop.errors import NotNow
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.moderation import Moderation, VoiceChange, VoiceStatus
from dxcourse.workshop.state import Phase, QuestionStatus, RoomState, WallScreen

Name = Annotated[str, Field(min_length=1, max_length=64)]
Voice = Annotated[str, Field(min_length=1, max_length=64)]
Voices = Annotated[tuple[Voice, ...], Field(max_length=2000)]
GROUP_LENGTH = 40  # characters, as people count them; so are the next two
OWN_LENGTH = 120
OPTION_LENGTH = 60
GroupName = Annotated[str, AfterValidator(lambda text: kept(text, GROUP_LENGTH, "name"))]
OwnText = Annotated[str, AfterValidator(lambda text: kept(text, OWN_LENGTH, "text"))]
OwnOption = Annotated[str, AfterValidator(lambda text: kept(text, OPTION_LENGTH, "option"))]
MOST_GROUPS = 50
MOST_MADE = 30
MOST_HANDS = 5000


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlainCommand(_Command):
    """A command that says it all by its name."""

    do: Literal["next", "back", "close", "reveal", "step", "pause", "continue", "end", "readmit"]


class GoToStop(_Command):
    """Go to a stop."""

    do: Literal["go"]
    stop: Name


class OpenExercise(_Command):
    """Let phones answer: the exercise named, or the next one of the present stop."""

    do: Literal["open"]
    exercise: Annotated[str, Field(max_length=64)] = ""


class AskAgain(_Command):
    """Take a reveal back, and let phones answer anew: the exercise named, or the present one."""

    do: Literal["again"]
    exercise: Annotated[str, Field(max_length=64)] = ""


class ExtendTimer(_Command):
    """More time for the step, in seconds; less where negative."""

    do: Literal["longer"]
    seconds: Annotated[int, Field(ge=-3600, le=3600)]


class ShowScreen(_Command):
    """What the wall shows."""

    do: Literal["show"]
    screen: WallScreen


class TurnPage(_Command):
    """Turn to a page of the wall's picture, from 0."""

    do: Literal["page"]
    page: Annotated[int, Field(ge=0, le=100)]


class PlanMinutes(_Command):
    """A stop is planned anew."""

    do: Literal["minutes"]
    stop: Name
    minutes: Annotated[float, Field(ge=0, le=240, allow_inf_nan=False)]


class SkipStop(_Command):
    """A stop is left out, or taken in again."""

    do: Literal["skip"]
    stop: Name
    skipped: bool


class TallyHands(_Command):
    """Hands and paper for one item of an exercise, a count a value; it replaces the last."""

    do: Literal["tally"]
    exercise: Name
    item: Name
    counts: Annotated[
        Mapping[Annotated[str, Field(max_length=1000)], Annotated[int, Field(ge=0, le=MOST_HANDS)]],
        Field(max_length=200),
    ]


class ChangeVoices(_Command):
    """Some voices of an exercise are let through, hidden, pinned or grouped: a difference.

    A voice is a text, word for word: its id says which. `seen` says where it stood before the eyes
    of whoever lets it through; without, it is let through wherever it stands.
    """

    do: Literal["voice"]
    exercise: Name
    change: VoiceChange
    voices: Voices
    name: GroupName = ""
    seen: VoiceStatus | None = None


class SetApproval(_Command):
    """Whether voices wait for the facilitator before they stand on the wall."""

    do: Literal["approval"]
    on: bool


class Spotlight(_Command):
    """One voice of the present exercise fills the wall; "" for none any more."""

    do: Literal["spotlight"]
    exercise: Name
    voice: Annotated[str, Field(max_length=64)]


class Expel(_Command):
    """Whoever wrote a voice is put out of the room, with all that they gave."""

    do: Literal["expel"]
    exercise: Name
    voice: Voice


class AnswerQuestion(_Command):
    """A question from the floor is shown, hidden, or done with; `seen` as for a voice."""

    do: Literal["question"]
    id: Name
    status: QuestionStatus
    seen: QuestionStatus | None = None


class AskOwn(_Command):
    """A question made on the spot: its words and, where it is to be chosen from, its options."""

    do: Literal["ask"]
    text: Annotated[OwnText, Field(min_length=1)]
    options: Annotated[tuple[OwnOption, ...], Field(max_length=8)] = ()


class Recall(_Command):
    """The wall goes back to an exercise that was closed; also after the end."""

    do: Literal["recall"]
    exercise: Name


class CloseSoon(_Command):
    """The exercise that is open closes in some seconds; phones say so, and send what they hold."""

    do: Literal["closing"]
    seconds: Annotated[int, Field(ge=3, le=120)] = 10


class ExtendStop(_Command):
    """More minutes for the stop the room is at; fewer where negative."""

    do: Literal["extend"]
    minutes: Annotated[float, Field(ge=-60, le=60, allow_inf_nan=False)]


class Rest(_Command):
    """A break of some minutes."""

    do: Literal["rest"]
    minutes: Annotated[float, Field(gt=0, le=240, allow_inf_nan=False)]


class SetDoor(_Command):
    """Whether more people may join."""

    do: Literal["door"]
    open: bool


Command = Annotated[
    PlainCommand
    | GoToStop
    | OpenExercise
    | AskAgain
    | ExtendTimer
    | ShowScreen
    | TurnPage
    | PlanMinutes
    | SkipStop
    | TallyHands
    | ChangeVoices
    | SetApproval
    | Spotlight
    | Expel
    | AnswerQuestion
    | AskOwn
    | Recall
    | CloseSoon
    | ExtendStop
    | Rest
    | SetDoor,
    Field(discriminator="do"),
]
_COMMANDS: TypeAdapter[Any] = TypeAdapter(Command)


def read_command(raw: Mapping[str, Any]) -> Any:  # noqa: ANN401  -- one of the above
    """Give a command from JSON.

    Raises
    ------
    ValueError
        It is none; what was sent is not repeated.
    """
    try:
        return _COMMANDS.validate_python(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"{place}: {first['msg']}"[:200]) from None


AFTER_THE_END = {
    "approval",
    "expel",
    "page",
    "question",
    "readmit",
    "recall",
    "show",
    "spotlight",
    "tally",
    "voice",
}  # what changes only what is shown of what was given
OWN: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "own_questions.yaml").read_text(encoding="utf-8")
)
"""What a question made on the spot is, but for its words: an exercise as a bank has it."""

Found = Iterable[tuple[EventKind, dict[str, Any]]]


def decide(state: RoomState, command: Any, now: datetime) -> list[RoomEvent]:  # noqa: ANN401
    """Give what comes of a command. Pure.

    Raises
    ------
    NotNow
        It does not fit what the room is doing.
    """
    if state.ended and command.do not in AFTER_THE_END:
        raise NotNow("over", "the workshop has ended; copy it to hold another")
    found = _DECISIONS[command.do](state, command)
    return [RoomEvent(kind, now, data) for kind, data in found]


def _neighbour(state: RoomState, ahead: int) -> AgendaStop:
    order = [stop for stop in state.stops if stop.id not in state.skipped or stop.id == state.stop]
    place = next((i for i, stop in enumerate(order) if stop.id == state.stop), -1)
    if not 0 <= place + ahead < len(order):
        raise NotNow("no_stop", "there is no further stop on the agenda")
    return order[place + ahead]


def _next(state: RoomState, _: PlainCommand) -> Found:
    return [(EventKind.WENT, {"stop": _neighbour(state, 1).id})]


def _back(state: RoomState, _: PlainCommand) -> Found:
    if not state.stop:
        raise NotNow("not_begun", "the first stop has not begun")
    return [(EventKind.WENT, {"stop": _neighbour(state, -1).id})]


def _go(state: RoomState, command: GoToStop) -> Found:
    _stop(state, command.stop)
    return [(EventKind.WENT, {"stop": command.stop})]


def _open(state: RoomState, command: OpenExercise) -> Found:
    name = command.exercise or _to_open(state)
    _known(state, name)
    phase = state.phase(name)
    if phase is Phase.REVEALED:
        raise NotNow("revealed", f"{name} has been revealed; take that back to ask it again")
    if phase is Phase.OPEN:
        raise NotNow("open_already", f"{name} is open already")
    return [(EventKind.OPENED, {"exercise": name})]


def _to_open(state: RoomState) -> str:
    """The exercise that is next at this stop: the first that was not asked, or one that closed."""
    stop = state.at()
    names = state.asks(stop.id if stop else "")
    for phase in (Phase.UNASKED, Phase.CLOSED):
        for name in names:
            if state.phase(name) is phase:
                return name
    raise NotNow("nothing_to_ask", "there is nothing to ask at this stop")


def _close(state: RoomState, _: PlainCommand) -> Found:
    name = next((name for name, phase in state.phases.items() if phase is Phase.OPEN), "")
    if not name:
        raise NotNow("nothing_open", "no exercise is open")
    return [(EventKind.CLOSED, {"exercise": name})]


def _reveal(state: RoomState, _: PlainCommand) -> Found:
    phase = state.phase(state.asked) if state.asked else Phase.UNASKED
    if phase is Phase.UNASKED:
        raise NotNow("nothing_asked", "nothing was asked yet that could be revealed")
    if phase is Phase.REVEALED:
        raise NotNow("revealed", "it is revealed already")
    return [(EventKind.REVEALED, {"exercise": state.asked})]


def _again(state: RoomState, command: AskAgain) -> Found:
    name = command.exercise or state.asked
    if state.phase(name) is not Phase.REVEALED:
        raise NotNow("not_revealed", "it was not revealed, so there is nothing to take back")
    return [(EventKind.REASKED, {"exercise": name})]


def _step(state: RoomState, _: PlainCommand) -> Found:
    stop = state.at()
    place = -1 if state.timer is None else state.timer.step
    if stop is None or place + 1 >= len(stop.steps):
        raise NotNow("no_step", "there is no further step at this stop")
    return [(EventKind.STEP, {"step": place + 1, "seconds": stop.steps[place + 1].seconds})]


def _timer(kind: EventKind) -> Callable[[RoomState, Any], Found]:
    def decided(state: RoomState, command: Any) -> Found:  # noqa: ANN401
        if state.timer is None:
            raise NotNow("no_timer", "no step has begun, so there is no time to change")
        return [(kind, {"seconds": command.seconds} if isinstance(command, ExtendTimer) else {})]

    return decided


def _show(_: RoomState, command: ShowScreen) -> Found:
    return [(EventKind.SHOWN, {"screen": command.screen.value})]


def _page(_: RoomState, command: TurnPage) -> Found:
    return [(EventKind.TURNED, {"page": command.page})]


def _minutes(state: RoomState, command: PlanMinutes) -> Found:
    _stop(state, command.stop)
    return [(EventKind.MINUTES, {"stop": command.stop, "minutes": command.minutes})]


def _skip(state: RoomState, command: SkipStop) -> Found:
    _stop(state, command.stop)
    if command.skipped and command.stop == state.stop:
        raise NotNow("here", "the room is at this stop; go on to the next instead")
    return [(EventKind.SKIPPED, {"stop": command.stop, "skipped": command.skipped})]


def _tally(state: RoomState, command: TallyHands) -> Found:
    _known(state, command.exercise)
    data = {"exercise": command.exercise, "item": command.item, "counts": dict(command.counts)}
    return [(EventKind.TALLIED, data)]


def _voice(state: RoomState, command: ChangeVoices) -> Found:
    _known(state, command.exercise)
    name = " ".join(command.name.split())
    groups = state.moderation.get(command.exercise, Moderation()).groups
    if command.change is VoiceChange.GROUP:
        if not name:
            raise NotNow("no_name", "a group has a name")
        if name not in groups and len(groups) >= MOST_GROUPS:
            raise NotNow("too_many", "there are as many groups as can be")
    data = {
        "exercise": command.exercise,
        "change": command.change.value,
        "voices": list(command.voices),
        "name": name,
        "marks": [],  # `Room` knows who wrote them
    }
    return [(EventKind.VOICE, data)]


def _approval(_: RoomState, command: SetApproval) -> Found:
    return [(EventKind.APPROVAL, {"on": command.on})]


def _spotlight(state: RoomState, command: Spotlight) -> Found:
    if command.exercise != state.asked:
        raise NotNow("unknown", "this voice is not of the present exercise")
    if command.voice and state.phase(state.asked) is not Phase.REVEALED:
        raise NotNow("not_revealed", "voices are seen together once the room may see them")
    if command.voice in state.moderated(state.asked).hidden:
        raise NotNow("hidden", "this voice is hidden")
    return [(EventKind.SPOTLIGHT, {"exercise": command.exercise, "voice": command.voice})]


def _expel(state: RoomState, command: Expel) -> Found:
    _known(state, command.exercise)
    return []  # `Room` knows who wrote it


def _question(state: RoomState, command: AnswerQuestion) -> Found:
    if command.id not in state.questions:
        raise NotNow("unknown", "there is no such question")
    hidden = QuestionStatus.HIDDEN
    taken_back = command.status is QuestionStatus.SHOWN and command.seen not in {None, hidden}
    if taken_back and state.questions[command.id].status is hidden:
        raise NotNow("changed", "it was hidden after it was looked at")
    return [(EventKind.ANSWERED, {"id": command.id, "status": command.status.value})]


def _ask(state: RoomState, command: AskOwn) -> Found:
    if len(state.made) >= MOST_MADE:
        raise NotNow("too_many", "there are as many questions of one's own as can be")
    options = tuple(
        dict.fromkeys(filter(None, (" ".join(each.split()) for each in command.options)))
    )
    if len(options) == 1:
        raise NotNow("one_option", "one option alone is nothing to choose from")
    name = f"own-{len(state.made) + 1}"
    made = own_question(name, " ".join(command.text.split()), options)
    return [
        (EventKind.MADE, {"stop": state.stop, "exercise": made}),
        (EventKind.OPENED, {"exercise": name}),
    ]


def own_question(name: str, text: str, options: Sequence[str]) -> dict[str, Any]:
    """Give a question made on the spot as a bank of exercises would have it."""
    form = OWN["chosen" if options else "written"]
    made: dict[str, Any] = {**form, "id": name, "title": text}
    if options:
        made["options"] = [
            {"id": f"o{at}", "text": option} for at, option in enumerate(options, start=1)
        ]
    return made


def _recall(state: RoomState, command: Recall) -> Found:
    if Phase.OPEN in state.phases.values():
        raise NotNow("open_already", "an exercise is open; close it first")
    if state.phase(command.exercise) is Phase.UNASKED:
        raise NotNow("nothing_asked", "it was not asked")
    return [(EventKind.RECALLED, {"exercise": command.exercise})]


def _closing(state: RoomState, command: CloseSoon) -> Found:
    name = next((name for name, phase in state.phases.items() if phase is Phase.OPEN), "")
    if not name:
        raise NotNow("nothing_open", "no exercise is open")
    return [(EventKind.CLOSING, {"exercise": name, "seconds": command.seconds})]


def _extend(state: RoomState, command: ExtendStop) -> Found:
    stop = state.at()
    if stop is None:
        raise NotNow("not_begun", "the first stop has not begun")
    minutes = min(240.0, max(0.0, state.planned(stop) + command.minutes))
    return [(EventKind.MINUTES, {"stop": stop.id, "minutes": minutes})]


def _rest(_: RoomState, command: Rest) -> Found:
    return [(EventKind.REST, {"seconds": command.minutes * 60})]


def _readmit(state: RoomState, _: PlainCommand) -> Found:
    if not state.expelled:
        raise NotNow("nobody_out", "nobody was put out")
    return [(EventKind.READMITTED, {})]


def _door(_: RoomState, command: SetDoor) -> Found:
    return [(EventKind.DOOR, {"open": command.open})]


def _end(_: RoomState, __: PlainCommand) -> Found:
    return [(EventKind.ENDED, {})]


def _stop(state: RoomState, name: str) -> None:
    if name not in {stop.id for stop in state.stops}:
        raise NotNow("unknown", "there is no such stop on the agenda")


def _known(state: RoomState, name: str) -> None:
    if not state.knows(name):
        raise NotNow("unknown", "there is no such exercise on the agenda")


_DECISIONS: dict[str, Callable[[RoomState, Any], Found]] = {
    "next": _next,
    "back": _back,
    "go": _go,
    "open": _open,
    "close": _close,
    "reveal": _reveal,
    "again": _again,
    "step": _step,
    "pause": _timer(EventKind.PAUSED),
    "continue": _timer(EventKind.CONTINUED),
    "longer": _timer(EventKind.LONGER),
    "show": _show,
    "page": _page,
    "minutes": _minutes,
    "skip": _skip,
    "tally": _tally,
    "voice": _voice,
    "approval": _approval,
    "spotlight": _spotlight,
    "expel": _expel,
    "question": _question,
    "ask": _ask,
    "recall": _recall,
    "closing": _closing,
    "extend": _extend,
    "rest": _rest,
    "readmit": _readmit,
    "door": _door,
    "end": _end,
}
