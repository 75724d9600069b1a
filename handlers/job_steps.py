"""The steps of saying what work one wants, by digits or in words: kind, place, pay, shift, how often."""

import re
from collections.abc import Sequence
from dataclasses import replace

from core.menu import bare
from core.reply import Choice
from db.places import Station
from handlers import job_rhythm, texts
from handlers.guide import paged
from handlers.job_draft import STEPS, Draft
from handlers.job_hearing import note
from handlers.job_words import SHIFTS, wrapped
from handlers.turn import Turn, visit
from services import bindings
from services.townships import read_townships

STEP = "job-step"
ANY = "any"
HOME = "home"
ASK = {
    "kinds": "您想做什么工作？回复数字。\n也可以直接打字，比如：保安和司机。",
    "place": "想在哪里上班？回复数字。\n也可以直接打乡镇的名字。",
    "pay": "一个月最少要多少钱？回复数字。\n也可以直接打数，比如：4500。",
    "shift": "上什么班？回复数字就行。",
    "often": "有合适的岗位，多久告诉您一次？\n也可以直接说，比如：每天晚上8点。",
}
ANY_LABEL = {"kinds": "什么工作都行", "place": "哪里都行", "pay": "多少都行", "shift": "什么班都行"}
PAY, WHOLE = "{pay} 元以上", "{place}都行"
NO_PLACE, WHICH_PLACE = (
    "没有找到“{place}”。请换个说法，或者回复数字选。",
    "没有找到“{place}”。您说的是哪一个？回复数字：",
)
_PAYS = (3000, 4000, 5000, 6000)
_SHIFTS = ("no_night", "day", "night", "flexible")
_NOUNS = {"kinds": "工种|工作", "place": "地方|地点", "pay": "工资|待遇|钱", "shift": "班次|上班时间"}
_DROPS = {
    step: re.compile(
        f"(?:不限|不管|随便)(?:{noun})|(?:{noun})(?:也|都)?(?:不限|随便|无所谓|都行|都可以|不管|不要求)(?:了|的)?"
    )
    for step, noun in _NOUNS.items()
}
_NOTHING: dict[str, dict[str, object]] = {
    "kinds": {"kinds": (), "not_kinds": ()}, "place": {"cities": (), "townships": ()}, "pay": {"pay_from": None},
    "shift": {"shift": ""},
}  # fmt: skip
_ANY_WORDS = {
    "不限", "都行", "都可以", "随便", "无所谓", "哪里都行", "哪都行", "哪儿都行", "什么都行", "多少都行", "没要求", "没有要求", "不要求",
    "都好", "随意", "看着办",
}  # fmt: skip


def state_of(step: str) -> str:
    """Return the state in which words answer a step."""
    return f"jobs.{step}"


def dropped(text: str) -> str | None:
    """Return the step that words like 班次不限 say does not matter any more."""
    return next((step for step, words in _DROPS.items() if words.fullmatch(bare(text))), None)


def says_any(text: str) -> bool:
    """Tell whether words answer a step with: it does not matter."""
    return bare(text) in _ANY_WORDS


async def ask(turn: Turn, step: str, page: int = 0, before: str = "") -> None:
    """Ask one step; `before` is said above it."""
    note(turn)
    visit(turn, f"{STEP}:{step}")
    turn.go(state_of(step))
    options = await _options(turn, step)
    text = f"{wrapped(before)}\n{ASK[step]}" if before else ASK[step]
    turn.say(text, *paged(options, page, f"{STEP}:{step}"))


async def ask_which(turn: Turn, place: str, names: Sequence[str]) -> None:
    """Ask which township was meant by a name that none has."""
    note(turn)
    ids = await read_townships(turn.db)
    options = [Choice(name, f"job-place:t{ids[name]}") for name in names if name in ids]
    if not options:
        await ask(turn, "place", before=NO_PLACE.format(place=place))
        return
    turn.go(state_of("place"))
    turn.say(
        WHICH_PLACE.format(place=place), *options[:4], Choice(ANY_LABEL["place"], f"job-place:{ANY}"), texts.BACK_CHOICE
    )


async def chosen(turn: Turn, draft: Draft, step: str, argument: str) -> Draft | None:
    """Return the draft with what was chosen; None for what was never offered."""
    if step == "often":
        rhythm = job_rhythm.chosen(argument)
        return replace(draft, cadence=rhythm[0], hour=rhythm[1], weekday=rhythm[2]) if rhythm else None
    if argument == ANY:
        return without(draft, step)
    if step == "place":
        return await _placed(turn, draft, argument)
    if step == "kinds" and argument in turn.heard.snapshot.content.jobs.kinds:
        return draft.with_wish(kinds=(argument,), not_kinds=())
    if step == "pay" and argument in map(str, _PAYS):
        return draft.with_wish(pay_from=int(argument))
    return draft.with_wish(shift=argument) if step == "shift" and argument in _SHIFTS else None


def without(draft: Draft, step: str) -> Draft:
    """Return the draft of somebody to whom a step does not matter."""
    return draft.with_wish(**_NOTHING[step])


def following(draft: Draft, step: str) -> str | None:
    """Return the next step that nothing was said of yet, None behind the last."""
    said = {"place": draft.wish.cities or draft.wish.townships, "pay": draft.wish.pay_from, "shift": draft.wish.shift}
    return next((one for one in STEPS[STEPS.index(step) + 1 :] if not said.get(one)), None)


async def _placed(turn: Turn, draft: Draft, argument: str) -> Draft | None:
    region = turn.heard.snapshot.region
    if argument == HOME and region:
        return draft.with_wish(cities=(region.parts[-1],), townships=())
    known = {f"t{number}": number for number in (await read_townships(turn.db)).values()}
    return draft.with_wish(cities=(), townships=(known[argument],)) if argument in known else None


async def _options(turn: Turn, step: str) -> list[Choice]:
    if step == "kinds":
        popular = turn.heard.snapshot.content.jobs.popular
        return [Choice(ANY_LABEL[step], f"job-kind:{ANY}"), *(Choice(kind, f"job-kind:{kind}") for kind in popular)]
    if step == "place":
        return await _places(turn)
    if step == "pay":
        pays = [Choice(PAY.format(pay=pay), f"job-pay:{pay}") for pay in _PAYS]
        return [Choice(ANY_LABEL[step], f"job-pay:{ANY}"), *pays]
    if step == "shift":
        shifts = [Choice(SHIFTS[shift], f"job-shift:{shift}") for shift in _SHIFTS]
        return [Choice(ANY_LABEL[step], f"job-shift:{ANY}"), *shifts]
    return job_rhythm.choices()


async def _places(turn: Turn) -> list[Choice]:
    """Return the places to choose from: the person's own township stands first, where it is on file."""
    region = turn.heard.snapshot.region
    home = [Choice(WHOLE.format(place=region.parts[-1]), f"job-place:{HOME}")] if region else []
    own = await _own_township(turn)
    townships = sorted((await read_townships(turn.db)).items(), key=lambda town: (town[1] != own, town[1]))
    return [
        Choice(ANY_LABEL["place"], f"job-place:{ANY}"),
        *home,
        *(Choice(name, f"job-place:t{n}") for name, n in townships),
    ]


async def _own_township(turn: Turn) -> int | None:
    person = await bindings.bound_to(turn.db, turn.address_id)
    station = await turn.db.get(Station, person.station_id) if person and person.station_id else None
    return station.township_id if station else None
