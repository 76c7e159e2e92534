"""The agenda: what a workshop plans to do, as data. Three come with the course; a file may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dxcourse.authored import YamlError, did_you_mean, field_error, finding, read_yaml
from dxcourse.course import Course
from dxcourse.exercises import AnyExercise, Scene
from dxcourse.workshop.drawings import PICTURE_TYPES, our_pictures
from dxcourse.workshop.errors import AgendaError

HERE = Path(__file__).parent / "agendas"
SHIPPED = ("60", "90", "120")
Slug = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Strict):
    """One step of a live exercise (書く → 隣と → 壁), with its time in seconds."""

    text: Annotated[str, Field(min_length=1, max_length=60)]
    seconds: Annotated[int, Field(ge=5, le=3600)]


class StopWall(_Strict):
    """What the wall shows at a stop that asks nothing: a line, and a picture beside it."""

    line: Annotated[str, Field(min_length=1, max_length=80)]
    label: Annotated[str, Field(max_length=40)] = ""
    picture: Annotated[str, Field(max_length=100)] = ""


class Ask(_Strict):
    """An exercise that phones show at a stop.

    `items` names those of its items that are played, `prompt` what is said in place of the
    exercise's own prompt, where that speaks of all of them; `scene` what comes before it, in place
    of the exercise's own.
    `words` says that the words of what is written are the point: the wall then counts them.
    """

    id: Slug
    items: tuple[str, ...] = ()
    prompt: Annotated[str, Field(max_length=400)] = ""
    scene: Scene | None = None
    words: bool = False

    def of(self, course: Course) -> AnyExercise:
        """The exercise as the room gets it.

        Raises
        ------
        AgendaError
            The course has no such exercise, or the exercise no such item.
        """
        exercise = course.exercises.get(self.id)
        if exercise is None:
            cure = did_you_mean(self.id, course.exercises)
            raise AgendaError([finding("", 0, "agendas.exercise", cure, id=self.id)])
        known = {item.id: item for item in exercise.items}
        missing = [name for name in self.items if name not in known]
        if missing:
            blanks = {"id": self.id, "item": missing[0], "known": "、".join(known)}
            cure = did_you_mean(missing[0], known)
            raise AgendaError([finding("", 0, "agendas.item", cure, **blanks)])
        played = tuple(known[name] for name in self.items) or exercise.items
        prompt = self.prompt or exercise.prompt
        scene = self.scene or exercise.scene
        return exercise.model_copy(update={"items": played, "prompt": prompt, "scene": scene})


class AgendaStop(_Strict):
    """One stop of the agenda.

    Parameters
    ----------
    minutes, least
        How long it is to take, and how long at least when time is short (`minutes` where it is not
        to be shortened, 0 where it can be left out).
    shorten
        How to shorten it, in a phrase that a facilitator reads while speaking.
    asks
        What phones are asked, one after the other.
    steps
        The steps of a live exercise, each with its timer.
    notes
        What the facilitator wants to know here; nobody else sees it.
    screen, wall
        What the wall shows when the room comes to the stop; and its line and picture, where the
        stop asks nothing.
    """

    id: Slug
    title: Annotated[str, Field(min_length=1, max_length=60)]
    minutes: Annotated[float, Field(gt=0, le=240)]
    least: Annotated[float, Field(ge=0, le=240)]
    shorten: Annotated[str, Field(max_length=120)] = ""
    asks: tuple[Ask, ...] = ()
    steps: tuple[Step, ...] = ()
    notes: Annotated[str, Field(max_length=2000)] = ""
    screen: Literal["join", "room", "scene", "rest", "farewell"] = "room"
    wall: StopWall | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, raw: object) -> object:
        """Let `least` be left out, and an ask be the id alone."""
        if not isinstance(raw, Mapping):
            return raw
        asks = [{"id": ask} if isinstance(ask, str) else ask for ask in raw.get("asks", ())]
        return {"least": raw.get("minutes"), **raw, "asks": asks}

    @model_validator(mode="after")
    def _least_is_less(self) -> Self:
        if self.least > self.minutes:
            raise field_error("agendas.least", least=self.least, minutes=self.minutes)
        return self

    @property
    def pictures(self) -> tuple[str, ...]:
        """The pictures that its wall and its scenes name."""
        scenes = [ask.scene.picture for ask in self.asks if ask.scene]
        return tuple(filter(None, [*scenes, self.wall.picture if self.wall else ""]))

    @property
    def live(self) -> bool:
        """Whether it is a live exercise: the room is asked, and goes through steps."""
        return bool(self.asks and self.steps)


class Agenda(_Strict):
    """What a workshop plans to do.

    `twice` names the exercises that ask what an earlier one asked, with that earlier one: the wall
    shows them before against after.
    """

    title: str
    stops: Annotated[tuple[AgendaStop, ...], Field(min_length=1, max_length=100)]
    twice: Mapping[Slug, Slug] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        for code, names in (
            ("agendas.stop_twice", [stop.id for stop in self.stops]),
            ("agendas.exercise_twice", [ask.id for ask in self.asks]),
        ):
            again = next((name for name in names if names.count(name) > 1), None)
            if again:
                raise field_error(code, about=again, id=again)
        known = {ask.id for ask in self.asks}
        for later, earlier in self.twice.items():
            for name in (later, earlier):
                if name not in known:
                    cure = did_you_mean(name, known)
                    raise field_error("agendas.twice", cure, about=name, id=name)
        return self

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Everything the room is asked, in order."""
        return tuple(ask for stop in self.stops for ask in stop.asks)

    @property
    def minutes(self) -> float:
        """How long it is to take in all."""
        return sum(stop.minutes for stop in self.stops)

    def exercises(self, course: Course) -> dict[str, AnyExercise]:
        """What the room is asked, by id.

        Raises
        ------
        AgendaError
            The course does not have it.
        """
        return {ask.id: ask.of(course) for ask in self.asks}


def read_agenda(name: str, course: Course) -> Agenda:
    """Read an agenda: one that comes with the course, by its minutes, or a YAML file.

    Raises
    ------
    AgendaError
        It is missing or wrong, or does not fit the course.
    """
    path = HERE / f"{name}.yaml" if name in SHIPPED else Path(name)
    return load_agenda(path, path.name if name in SHIPPED else name, course)


def load_agenda(path: Path, shown: str, course: Course) -> Agenda:
    """Read an agenda from a file, which is called `shown` where something is wrong with it.

    Raises
    ------
    AgendaError
        With everything that is wrong.
    """
    try:
        document = read_yaml(path)
    except OSError as error:
        known = "、".join(SHIPPED)
        blanks = {"name": shown, "known": known}
        raise AgendaError([finding(shown, 0, "agendas.missing", **blanks)]) from error
    except YamlError as error:
        raise AgendaError([error.finding(shown)]) from error
    try:
        agenda = Agenda.model_validate(document.data)
    except ValidationError as error:
        raise AgendaError(document.findings(shown, error, model=Agenda)) from error
    wrong = []
    for number, stop in enumerate(agenda.stops):
        for ask in stop.asks:
            try:
                ask.of(course)
            except AgendaError as error:
                names = [name for name in ask.items if name not in _items_of(ask, course)]
                line = document.line(("stops", number), next(iter(names), ask.id))
                wrong += [replace(each, file=shown, line=line) for each in error.findings]
        for picture in stop.pictures:
            if not _is_there(picture, path.parent):
                line = document.line(("stops", number), picture)
                blanks = {"file": picture, "known": "、".join(our_pictures())}
                cure = did_you_mean(picture, our_pictures())
                wrong.append(finding(shown, line, "agendas.picture", cure, **blanks))
    if wrong:
        raise AgendaError(wrong)
    return agenda


def own_pictures(agenda: Agenda, folder: Path) -> list[Path]:
    """The pictures of an agenda that lie beside it, in a folder."""
    names = {name for stop in agenda.stops for name in stop.pictures}
    return [folder / name for name in sorted(names - set(our_pictures()))]


def agenda_folder(name: str) -> Path:
    """The folder of an agenda, by what the command was given."""
    return HERE if name in SHIPPED else Path(name).parent


def _is_there(picture: str, folder: Path) -> bool:
    plain = Path(picture).name == picture and Path(picture).suffix.lower() in PICTURE_TYPES
    return picture in our_pictures() or (plain and (folder / picture).is_file())


def _items_of(ask: Ask, course: Course) -> set[str]:
    exercise = course.exercises.get(ask.id)
    return {item.id for item in exercise.items} if exercise else set(ask.items)
