"""The times that can still be had: hours cut into visits, without those that are full, too soon or too far ahead."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from core.clock import CHINA, start_of
from core.errors import Refusal
from db.bookings import Slot
from db.upsert import insert_row
from services import seats
from services.booking_rules import BookingRules
from services.timetable import Provision, Timetable

_DAY = timedelta(days=1)

PAST = "这个时间已经过了，请换一个时间。"
GONE = "{station}从{since}起不办事了，请换一个服务站。"
CLOSED = "{station}{day}停办：{reason}。请换一天。"
FREE = "{day}{note}，{station}不上班。请换一天。"
TOO_FAR = "现在最远能约到{day}，请换一天。"
TOO_SOON = "离这个时间太近了，要提前{notice}约。请换一个时间。"
NO_SUCH = "{station}没有这个时间，请从列出的时间里选。"
REST = "休息"


class Open(NamedTuple):
    """A time at which places are free; a tuple, for there may be a hundred thousand of them."""

    station_id: int
    service_id: int
    starts_at: datetime
    ends_at: datetime
    left: int


class _Kept(NamedTuple):
    """A slot that has been wanted."""

    starts_at: datetime
    ends_at: datetime
    taken: int


def last_day(provision: Provision, rules: BookingRules, now: datetime) -> date:
    """Return the last day that can be booked at a station."""
    own = provision.station.horizon_days
    return now.astimezone(CHINA).date() + timedelta(days=rules.horizon_days if own is None else own)


def notice_of(provision: Provision, rules: BookingRules) -> timedelta:
    """Return how long ahead one has to book at a station."""
    own = provision.station.notice_minutes
    return timedelta(minutes=rules.notice_minutes if own is None else own)


async def open_slots(
    db: AsyncSession, timetable: Timetable, provisions: Sequence[Provision], first: date, last: date,
    rules: BookingRules, now: datetime, *, by_staff: bool = False,
) -> list[Open]:  # fmt: skip
    """Return what is free from the first to the last day, the soonest first; one statement, whatever is asked for.

    Staff need not keep notice and horizon.
    """
    kept = await _kept(db, provisions, first, last)
    found: list[Open] = []
    for provision in provisions:
        there = kept.get((provision.station.id, provision.service.id), {})
        until = last if by_staff else min(last, last_day(provision, rules, now))
        day = max(first, now.astimezone(CHINA).date())
        earliest = now if by_staff else max(now, now + notice_of(provision, rules))
        while day <= until:
            found += _free(timetable, provision, day, there.get(day, ()), earliest)
            day += _DAY
    return sorted(found, key=itemgetter(2, 0, 1))


def _free(
    timetable: Timetable, provision: Provision, day: date, kept: Sequence[_Kept], earliest: datetime
) -> Iterator[Open]:
    """Give the times of a day that are left; one that was cut otherwise before counts for all it reaches into."""
    station_id, service_id, length = provision.station.id, provision.service.id, timedelta(minutes=provision.minutes)
    for starts_at in timetable.starts(provision, day):
        if starts_at >= earliest:
            ends_at, left = starts_at + length, provision.capacity
            for one in kept:
                if one.starts_at < ends_at and starts_at < one.ends_at:
                    left -= one.taken
            if left > 0:
                yield Open(station_id, service_id, starts_at, ends_at, left)


async def _kept(
    db: AsyncSession, provisions: Sequence[Provision], first: date, last: date
) -> Mapping[tuple[int, int], Mapping[date, Sequence[_Kept]]]:
    """Return the slots of these days of which places are taken, by station, service and day."""
    begins, ends = (start_of(day) for day in (first, last + _DAY))
    rows = await db.execute(
        select(Slot.station_id, Slot.service_id, Slot.starts_at, Slot.ends_at, Slot.taken).where(
            Slot.station_id.in_({one.station.id for one in provisions}),
            Slot.service_id.in_({one.service.id for one in provisions}),
            Slot.starts_at >= begins, Slot.starts_at < ends, Slot.taken > 0,
        )
    )  # fmt: skip
    found: defaultdict[tuple[int, int], defaultdict[date, list[_Kept]]] = defaultdict(lambda: defaultdict(list))
    for station_id, service_id, starts_at, ends_at, taken in rows:
        day = starts_at.astimezone(CHINA).date()
        found[station_id, service_id][day].append(_Kept(starts_at, ends_at, taken))
    return found


def bookable(
    timetable: Timetable, provision: Provision, starts_at: datetime, rules: BookingRules, now: datetime,
    *, by_staff: bool = False,
) -> None:  # fmt: skip
    """Check that a time can be booked at all, full or not; staff need not keep notice and horizon.

    Raises:
        Refusal: it cannot, with why.
    """
    station, day = provision.station, starts_at.astimezone(CHINA).date()
    words = {"station": station.name, "day": f"{day.month}月{day.day}日"}
    over = starts_at + timedelta(minutes=provision.minutes) if by_staff else starts_at
    if over <= now:
        raise Refusal(PAST)
    if station.closed_on is not None and day >= station.closed_on:
        since = f"{station.closed_on.month}月{station.closed_on.day}日"
        raise Refusal(GONE.format(since=since, **words))
    furthest = last_day(provision, rules, now)
    if day > furthest and not by_staff:
        raise Refusal(TOO_FAR.format(day=f"{furthest.month}月{furthest.day}日"))
    if reason := timetable.closure(station.id, day):
        raise Refusal(CLOSED.format(reason=reason.rstrip("。"), **words))
    if not timetable.periods(station.id, day):
        raise Refusal(FREE.format(note=timetable.note(day) or REST, **words))
    if starts_at not in timetable.starts(provision, day):
        raise Refusal(NO_SUCH.format(**words))
    notice = notice_of(provision, rules)
    if starts_at < now + notice and not by_staff:
        raise Refusal(TOO_SOON.format(notice=_length(notice)))


def _length(notice: timedelta) -> str:
    minutes = int(notice.total_seconds()) // 60
    if minutes % (24 * 60) == 0:
        return f" {minutes // (24 * 60)} 天"
    return f" {minutes // 60} 小时" if minutes % 60 == 0 else f" {minutes} 分钟"


async def lock(
    db: AsyncSession, wanted: Sequence[tuple[Provision, datetime]], besides: Sequence[int] = ()
) -> list[Slot]:  # fmt: skip
    """Lock slots, made the first time that somebody wants them, and others besides; return the wanted as they are now.

    What is there is locked before new rows are made, whose ids are higher: so all go the same way, and nobody in a circle.
    """
    there = [await db.scalar(select(Slot.id).where(*_at(*one))) for one in wanted]
    ids = {*besides, *(id_ for id_ in there if id_ is not None)}
    held = {slot.id: slot for slot in await _hold(db, Slot.id.in_(ids))} if ids else {}
    return [await _make(db, *one) if id_ is None else held[id_] for one, id_ in zip(wanted, there, strict=True)]


def _at(provision: Provision, starts_at: datetime) -> tuple[ColumnElement[bool], ...]:
    whose = Slot.station_id == provision.station.id, Slot.service_id == provision.service.id
    return *whose, Slot.starts_at == starts_at


async def _hold(db: AsyncSession, *which: ColumnElement[bool]) -> Sequence[Slot]:
    """Lock slots as `seats.hold` does, and read them."""
    rows = select(Slot).where(*which).order_by(Slot.id).with_for_update(key_share=True)
    return (await db.scalars(rows, execution_options={"populate_existing": True})).all()


async def _make(db: AsyncSession, provision: Provision, starts_at: datetime) -> Slot:
    new = await insert_row(
        db, Slot, station_id=provision.station.id, service_id=provision.service.id, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=provision.minutes), capacity=provision.capacity, taken=0,
    )  # fmt: skip
    return new or (await _hold(db, *_at(provision, starts_at)))[0]  # else somebody made it a moment before us


async def take(db: AsyncSession, provision: Provision, slot: Slot, left: int | None = None) -> bool:
    """Take a place in a locked slot; False when it is full: what the station has now counts, no less than is taken.

    Whoever moves still has a place in the slot that is `left`: it is not in their own way.
    """
    slot.capacity = max(provision.capacity, slot.taken)
    if slot.taken == 0:
        slot.ends_at = slot.starts_at.astimezone(UTC) + timedelta(minutes=provision.minutes)
    await db.flush()
    beside = select(Slot.id, Slot.taken).where(
        Slot.station_id == slot.station_id, Slot.service_id == slot.service_id, Slot.id != slot.id,
        Slot.starts_at < slot.ends_at, Slot.starts_at > slot.starts_at - timedelta(hours=8),
        Slot.ends_at > slot.starts_at,
    )  # fmt: skip
    there = slot.taken + sum(taken - (id_ == left) for id_, taken in await db.execute(beside))
    if there >= provision.capacity or not await seats.take(db, Slot, slot.id):
        return False
    set_committed_value(slot, "taken", slot.taken + 1)
    return True
