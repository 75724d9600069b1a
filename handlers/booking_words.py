"""What words say of a visit: which service, station, day and hour, so that only the rest is asked for."""

import re
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.bookings import Service
from handlers.exam_screens import day_label
from handlers.turn import Turn
from knowledge.day_said import DayHeard, plain, read_day
from knowledge.hour_said import Half, read_half, read_time
from knowledge.service_words import Meant, meant_services
from services.station_words import find_stations

PAST = "{day}已经过了，请选后面的日子。"
NO_SUCH_DAY = "“{words}”，日历上没有这一天，请再看一下。"
LUNAR = "“{words}”是农历吧？请说公历几月几号，或者从下面选。"
VAGUE = "“{words}”是哪一天？请说清楚，或者从下面选。"
CLASH = "{day}，不是{words}。请看一下日历，您要的是哪一天？"
CLOSED = "{station}已经不办事了，请换一个服务站。"

_FAMILY = re.compile(
    "(?:[给替帮为]|陪)(?:我|俺|咱)?(?:家|们家)?的?(?:爸|妈|爹|娘|父|母|老伴|爱人|丈夫|老公|媳妇|妻子|老婆|儿|女儿|哥|弟|姐|妹|爷|奶|公公|婆婆|岳|"
    "叔|伯|舅|姑|姨|家人|老人|战友|孩子)|我(?:爸|妈|爹|娘|父亲|母亲|老伴|爷爷|奶奶|公公|婆婆)(?:要|想|去(?!世|年)|来|办|的)"
)
_DEATH = re.compile(
    "去世|过世|病逝|逝世|病故了|死了(?<![累气急烦吓饿热冷笑]死了)|死亡|后事|丧[事葬]|安葬|骨灰|[父母]亲销户|[爸妈爹娘伴爷奶]销户|"
    "[爸妈爹娘亲伴爷奶人公婆头](?:[前昨今去上个年天月都已经刚人就]{0,4})(?:走了|没了|不在了)"
)
_SELF = re.compile("(?:给|替|帮)我(?:自己|本人)|我(?:自己|本人)(?:去|来|办|约|要)")


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of a visit from words; None for what they do not say."""

    service_id: int | None = None
    station_id: int | None = None
    day: date | None = None
    half: Half | None = None
    hour: time | None = None
    """The time of the day, China time."""
    problem: str | None = None
    """What was wrong with the day or the station, as a sentence to stand before the next question."""
    services: tuple[int, ...] = ()
    """Ids, where several fit or one only may be meant: to be asked, the likeliest first."""
    stations: tuple[int, ...] = ()
    whom: Literal["self", "family"] | None = None


async def read(turn: Turn, text: str | None = None) -> Said:
    """Return what the words of this turn say, or other words."""
    said = plain(turn.heard.text if text is None else text)
    heard = read_day(said, turn.now)
    found = await find_stations(turn.db, said, today := turn.now.astimezone(CHINA).date())
    closed = [one for one in found.stations if one.closed_on is not None and one.closed_on <= today]
    problem = CLOSED.format(station=closed[0].name) if closed else day_problem(heard)
    stations = () if closed else tuple(one.id for one in found.stations)
    services = await named_services(turn.db, turn.heard.snapshot.matcher.standard(said))
    return Said(
        service_id=services.ids[0] if services.sure else None,
        station_id=stations[0] if found.sure and stations else None,
        day=heard.day, half=read_half(said), hour=read_time(said), problem=problem,
        services=() if services.sure else services.ids,
        stations=() if found.sure else stations,
        whom=_whom(said),
    )  # fmt: skip


async def named_services(db: AsyncSession, said: str) -> Meant:
    """Return the services of the bureau that may be meant."""
    rows = await db.scalars(select(Service).order_by(Service.id))
    return meant_services(said, {one.id: [one.name, *one.words] for one in rows})


def day_problem(heard: DayHeard) -> str | None:
    """Return what is to be said of a day that was not understood, None when there is nothing."""
    day = day_label(heard.meant) if heard.meant else ""
    sentences = {"past": PAST, "no such day": NO_SUCH_DAY, "lunar": LUNAR, "too vague": VAGUE, "clash": CLASH}
    return sentences[heard.problem].format(day=day, words=heard.words) if heard.problem else None


def of_death(said: str) -> bool:
    """Tell words of somebody who has died: no visit is for them."""
    return bool(_DEATH.search(said))


def _whom(said: str) -> Literal["self", "family"] | None:
    if of_death(said):
        return None
    if _FAMILY.search(said):
        return "family"
    return "self" if _SELF.search(said) else None
