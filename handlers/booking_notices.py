"""What people are told unasked of their visits: what staff did with them, and reminders before."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from core.reply import Choice
from core.tick import Pass
from handlers import texts
from handlers.booking_letters import Letter, letters, visit_facts
from handlers.booking_screens import visit_choices
from handlers.booking_shut import shut
from handlers.booking_wait import AGAIN_CHOICE
from handlers.event_screens import moment, wrapped
from services import (
    booking_calendar,
    booking_reminders,
    booking_rows,
    closures,
    event_contacts,
    notice_stops,
    notices,
    reach,
)
from services.booking_moments import soon
from services.booking_rows import KIND, Visit
from services.notices import Notice
from services.timetable import Timetable, read_timetable
from services.vault import Vault

_AT_ONCE = 200

BOOKED = "工作人员给{who}约好了到服务站的时间。\n{facts}\n\n有事来不了，回复数字改期或取消。"
MOVED = "工作人员把{who}的预约改到了新的时间。\n{why}{facts}\n\n请按新的时间来。不方便的话，回复数字再改。"
CANCELLED = "{who}的预约被工作人员取消了，请不要跑一趟。\n{what}\n{why}预约码 {code}\n还想办的话，可以再约一个时间。"
WHY, WHAT = "原因：{reason}\n", "{when}到{station}办{service}"
REMINDER = "{who}到服务站办事的时间快到了。\n{facts}\n\n能来吗？回复数字就行。"
GOING = "我会去"

News = Literal["booked", "moved", "cancelled"]


async def tell(
    db: AsyncSession, vault: Vault, visits: Sequence[Visit], what: News, now: datetime, reason: str | None = None
) -> list[Visit]:
    """Tell of visits what staff did with them; return those of whom no push reaches anybody: they are telephoned."""
    told = await event_contacts.accounts(db, [one.booking for one in visits], now)
    written, silent = [], []
    for one in visits:
        letter = _news(one, what, now, reason or one.booking.reason)
        theirs = list(letters(vault, one.booking, told[one.booking.id], letter))
        written += theirs
        if not await _reached(db, theirs):
            silent.append(one)
    await notices.post(db, written, now)
    return silent


async def _reached(db: AsyncSession, theirs: Sequence[Notice]) -> bool:
    """Tell whether any of them arrives by itself: not where people stopped this kind, though it is kept on record."""
    pushed = [notice.address_id for notice in theirs if notice.channel in reach.PUSH and notice.address_id is not None]
    wanted = [KIND not in await notice_stops.stopped(db, address_id) for address_id in pushed]
    return any(wanted)


def _news(one: Visit, what: News, now: datetime, reason: str | None) -> Letter:
    choices = {
        "booked": visit_choices(one),
        "moved": (Choice(GOING, f"book-go:{one.booking.id}"), *visit_choices(one)),
        "cancelled": (AGAIN_CHOICE, texts.PERSON_CHOICE),
    }
    cancelled = what == "cancelled"
    return Letter(
        f"{booking_rows.key(one.booking)}{what}:{one.booking.sequence}",
        partial(_WORDS[what], one, WHY.format(reason=wrapped(reason)) if reason else ""),
        choices[what],
        one.slot.ends_at,
        urgent=what == "moved" or soon(one.slot.starts_at, now),  # the time that it was before may be near
        document=booking_calendar.calendar_file(one, now=now, cancelled=cancelled),
        qr=None if cancelled else one.booking.code,
    )


def _booked(one: Visit, _: str, who: str) -> str:
    return BOOKED.format(who=who, facts=visit_facts(one))


def _moved(one: Visit, why: str, who: str) -> str:
    return MOVED.format(who=who, why=why, facts=visit_facts(one))


def _cancelled(one: Visit, why: str, who: str) -> str:
    what = WHAT.format(when=moment(one.slot.starts_at), station=one.station.name, service=one.service.name)
    return CANCELLED.format(who=who, what=wrapped(what), why=why, code=one.booking.code)


_WORDS: Mapping[News, Callable[[Visit, str, str], str]] = {"booked": _booked, "moved": _moved, "cancelled": _cancelled}


async def remind(vault: Vault, db: AsyncSession, now: datetime) -> Pass:
    """Remind whoever comes tomorrow, and whoever comes in two hours; who would come in vain is told not to."""
    found = await booking_reminders.due(db, now, _AT_ONCE)
    if not found:
        return Pass(0)
    told = await event_contacts.accounts(db, [one.booking for one in found], now)
    timetable = await read_timetable(db, station_ids={one.station.id for one in found})
    posted = [
        notice
        for one in found
        for notice in letters(vault, one.booking, told[one.booking.id], _reminder(timetable, one, now))
    ]
    await notices.post(db, posted, now)
    await booking_reminders.advance(db, found, now)
    return Pass(len(found))


def _reminder(timetable: Timetable, one: Visit, now: datetime) -> Letter:
    """Make one; that of the day before is too late when the other is due."""
    starts_at, step = one.slot.starts_at, booking_reminders.step(one, now)
    ends = booking_reminders.moments(starts_at)[1] if step == "day" else starts_at
    key = f"{booking_rows.key(one.booking)}remind:{step}:{int(starts_at.timestamp())}"
    if not closures.stands(timetable, one):
        return Letter(key, partial(shut, timetable, one), (*visit_choices(one), texts.PERSON_CHOICE), ends)
    choices = Choice(GOING, f"book-go:{one.booking.id}"), *visit_choices(one)
    return Letter(key, lambda who: REMINDER.format(who=who, facts=visit_facts(one)), choices, ends)
