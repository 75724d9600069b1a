"""When to come for a visit at home: one of the next half-days on which staff work."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta

from core.clock import CHINA
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.guide import page_number, paged
from handlers.home_draft import asked, keep, note
from handlers.turn import Turn
from knowledge.heard import Heard
from services.calendar import read_calendar
from services.vault import Vault

_DAYS, _FARTHEST = 5, 30
"""Working days that are offered, from tomorrow on, and how many days are looked at for them."""
_NOON = time(12)
_HALVES = {"am": texts.MORNING, "pm": texts.AFTERNOON}

ASK_DAY = "哪天在家方便？回复数字。\n具体几点，上门前打电话跟您约。"
NO_DAYS = "最近没有能上门的日子。\n请回复 0，让工作人员跟您约。"


def routes(_: Vault, __: Router[Heard], go_on: Callable[[Turn], Awaitable[None]]) -> Router[Heard]:
    """Return the routes; `go_on` asks for what is missing next."""
    router: Router[Heard] = Router()

    @router.action("home-days", when=asked)
    async def more_days(turn: Turn) -> None:
        note(turn)
        await ask(turn, page_number(turn.argument))

    @router.action("home-day", when=asked)
    async def day_chosen(turn: Turn) -> None:
        if turn.argument in await free(turn):
            keep(turn, day=turn.argument)
        await go_on(turn)

    return router


async def ask(turn: Turn, page: int = 0) -> None:
    """Ask on which day."""
    options = [Choice(label(each), f"home-day:{each}") for each in await free(turn)]
    if options:
        turn.say(ASK_DAY, *paged(options, page, "home-days"), replaces=True)
    else:
        turn.say(NO_DAYS, texts.PERSON_CHOICE, texts.BACK_CHOICE)


async def free(turn: Turn) -> list[str]:
    """Return the half-days that can be asked for, such as 20261123.am."""
    calendar = await read_calendar(turn.db)
    today = turn.now.astimezone(CHINA).date()
    ahead = (today + timedelta(days=number) for number in range(1, _FARTHEST))
    days = [(day, periods) for day in ahead if (periods := calendar.periods(day))][:_DAYS]
    return [
        f"{day:%Y%m%d}.{half}"
        for day, periods in days
        for half, there in (("am", periods[0][0] < _NOON), ("pm", periods[-1][1] > _NOON))
        if there
    ]


def label(half_day: str) -> str:
    """Return 11月23日（周一）上午."""
    day, _, half = half_day.partition(".")
    on: date = datetime.strptime(day, "%Y%m%d").replace(tzinfo=CHINA).date()
    weekday = texts.WEEKDAYS[on.weekday()]
    return texts.THAT_DAY.format(month=on.month, day=on.day, weekday=weekday) + _HALVES[half]
