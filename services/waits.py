"""The waiting list (候补): join it, leave it, and take or let pass the place that is kept for whoever is next."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from core.errors import Refusal
from db.bookings import Booking, Slot, Waiting
from db.upsert import insert_new
from services import booking_rows, seats, slots
from services.booking_outcomes import mark
from services.booking_rows import Visit, open_ones, visits, who_key
from services.booking_rules import BookingRules
from services.vault import Vault
from services.wait_days import check_day, offered, slots_of
from services.wait_offers import free, offer_next, refill, refill_all, refill_day, run_out
from services.wait_rows import IN_LINE, Wait, change, find, of, placed, wait_of, waits
from services.who import BY_STAFF, Who

__all__ = [
    "Wait", "WaitsError", "accept", "decline", "end_days", "find", "free", "join", "leave", "of", "offer_next", "refill",
    "refill_all", "run_out", "told", "untold",
]  # fmt: skip

WAITS_ALREADY = "这件事已经在候补{month}月{day}日，要换一天请先退出。"
TOO_LATE = "这个位子没能留住，已经让给下一位了。"
CHANGED = "您的预约刚刚有变动，请再看一次。"
TAKEN = "这个号刚才已经答应下来，约好了。"
NO_PHONE = "请写上电话，空出号来好打电话问他。"


class WaitsError(Refusal):
    """They wait for this service already, on another day or for another half: `wait` says where."""

    def __init__(self, wait: Wait) -> None:
        super().__init__(WAITS_ALREADY.format(month=wait.row.day.month, day=wait.row.day.day))
        self.wait = wait


async def join(  # noqa: PLR0913, PLR0917 - a wish has so many parts
    db: AsyncSession, vault: Vault, rules: BookingRules, station_id: int, service_id: int, day: date,
    half: Literal["am", "pm", "any"], who: Who, purpose: str, now: datetime,
) -> Wait:  # fmt: skip
    """Put somebody at the end of a line; asked again, the same place. What is free just now is kept for who is first.

    Raises:
        WaitsError: they wait for this service on another day, or for another half of it.
        Refusal: nothing can be had at this station on this day, there is no such person, or staff know no way to ask them.
    """
    if who.made_by == BY_STAFF and not (who.person_id or who.phone):
        raise Refusal(NO_PHONE)
    timetable, provision = await offered(db, station_id, service_id)
    check_day(timetable, provision, day, half, rules, now)
    await booking_rows.lock_person(db, who.person_id)
    # Locked first: a place that is given back at this moment is either seen by `refill_day`, or offered to the new row.
    await seats.hold(db, Slot, await slots_of(db, station_id, service_id, day))
    whose = who_key(vault, who)
    wish = {
        "station_id": station_id, "service_id": service_id, "day": day, "half": half, "who_key": whose,
        "address_id": who.address_id, "person_id": who.person_id, "name": vault.encrypt(who.name) if who.name else None,
        "phone": vault.encrypt(who.phone) if who.phone else None, "purpose": purpose, "made_by": who.made_by,
    }  # fmt: skip
    while not (found := await placed(db, IN_LINE, Waiting.service_id == service_id, Waiting.who_key == whose)):
        if await insert_new(db, Waiting, **wish, status="waiting", created_at=now):
            await refill_day(db, rules, station_id, service_id, day, now)
    own = found[0]
    if (own.row.station_id, own.row.day, own.row.half) != (station_id, day, half):
        raise WaitsError(own)
    return own


async def leave(db: AsyncSession, rules: BookingRules, waiting_id: int, now: datetime) -> Wait:
    """Leave a line; a place that was kept goes to the next. Return the place as it was; what has ended stays so.

    Raises:
        Refusal: there is none.
    """
    return await _end(db, rules, waiting_id, "left", now, ("waiting", "offered"))


async def decline(db: AsyncSession, rules: BookingRules, waiting_id: int, now: datetime) -> Wait:
    """Let the place pass that is kept: it goes to the next. Return it as it was; what has ended stays so.

    Raises:
        Refusal: there is none.
    """
    return await _end(db, rules, waiting_id, "passed", now, ("offered",))


async def accept(
    db: AsyncSession, rules: BookingRules, waiting_id: int, now: datetime, by: str | None = None, reason: str | None = None,
    booking_id: int | None = None, **given: Any,
) -> Visit:  # fmt: skip
    """Make the place that is kept a booking; who has one of this service already is moved. Twice is the same visit.

    Of two since records were joined, the one that is named is moved, else the sooner.

    Staff who were not the first are told so. What is given now, as booking_rows.write has it, goes before what they gave when they joined the line.

    Raises:
        Refusal: it is kept no more, the station is not open then any more, or they cannot have that time.
    """
    before = await wait_of(db, waiting_id)
    await booking_rows.lock_person(db, before.row.person_id)
    own = await _own(db, before.row, booking_id, now)
    await seats.hold(db, Slot, {one.slot.id for one in (before, own) if one and one.slot})
    wait = await wait_of(db, waiting_id)
    again = await _own(db, wait.row, booking_id, now)
    if wait.row.status == "taken" and again is not None:
        if by == BY_STAFF:
            raise Refusal(TAKEN)
        return again
    if wait.slot is None or wait.row.offer_until is None or wait.row.offer_until <= now:
        raise Refusal(TOO_LATE)
    if before.slot is None or (own and own.slot.id) != (again and again.slot.id):
        raise Refusal(CHANGED)
    timetable, provision = await offered(db, wait.row.station_id, wait.row.service_id)
    slots.bookable(timetable, provision, wait.slot.starts_at, rules, now, by_staff=True)  # whatever the notice
    moved = again.booking.id if again else None
    await booking_rows.check_day(db, rules, wait.row.who_key, wait.slot, moved=moved, by_staff=by == BY_STAFF)
    if again is not None and again.slot.ends_at <= now:  # over, and nobody said a word of it
        await mark(db, again.booking.id, "over", now)
        again = None
    if again is not None:
        done = await booking_rows.shift(db, again, wait.slot, by or wait.row.made_by, now, reason)
        taken = again.booking if done else None
    else:
        taken = await booking_rows.write(db, wait.slot, now, **_values(wait.row, given))
    if taken is None:
        raise Refusal(CHANGED)
    await change(db, wait.row, "taken", now)
    if again is not None:
        await free(db, rules, again.slot, now)
    return (await visits(db, Booking.id == taken.id))[0]


async def end_days(db: AsyncSession, now: datetime) -> int:
    """End what was waited for on days that are over; they are told that nothing came of it. Return how many."""
    over = IN_LINE, Waiting.status == "waiting", Waiting.day < day_of(now)
    ended = update(Waiting).where(*over).values(status="left", ended_at=now, news="ended").returning(Waiting.id)
    return len((await db.scalars(ended.execution_options(synchronize_session=False))).all())


async def untold(db: AsyncSession, limit: int) -> list[Wait]:
    """Return of whom something has to be told (`row.news`), locked; whoever tells it calls `told` with them."""
    first = (
        select(Waiting.id)
        .where(Waiting.news.is_not(None), Waiting.by_phone.is_(False))
        .order_by(Waiting.id)
        .limit(limit)
    )
    ids = (await db.scalars(first.with_for_update(skip_locked=True, key_share=True))).all()
    return await waits(db, Waiting.id.in_(ids))


async def told(db: AsyncSession, found: Iterable[Wait], by_phone: Collection[int] = ()) -> None:
    """Note that they were told; some are left to staff, who telephone them."""
    known: ColumnElement[bool] = Waiting.id.in_([one.row.id for one in found if one.row.id not in by_phone])
    await db.execute(update(Waiting).where(known).values(news=None).execution_options(synchronize_session=False))
    if by_phone:
        which: ColumnElement[bool] = Waiting.id.in_(by_phone)
        await db.execute(
            update(Waiting).where(which).values(by_phone=True).execution_options(synchronize_session=False)
        )


async def _end(
    db: AsyncSession, rules: BookingRules, waiting_id: int, status: str, now: datetime, out_of: tuple[str, ...]
) -> Wait:  # fmt: skip
    while True:
        before = await wait_of(db, waiting_id)
        if before.slot is not None:
            await seats.hold(db, Slot, (before.slot.id,))
        if before.row.status not in out_of:
            return before
        if await change(db, before.row, status, now):
            if before.slot is not None:
                await free(db, rules, before.slot, now)
            return before


async def _own(db: AsyncSession, row: Waiting, booking_id: int | None, now: datetime) -> Visit | None:
    """Return which of their open bookings of this service is moved; one that is over only where no other stands."""
    theirs = [one for one in await open_ones(db, row.who_key) if one.service.id == row.service_id]
    named = [one for one in theirs if booking_id in (None, one.booking.id)]
    return next((one for one in named if one.slot.ends_at > now), None) or next(iter(named), None)


def _values(row: Waiting, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a booking is written with: what was given when they joined the line, but for what is given now."""
    joined = {
        "who_key": row.who_key, "address_id": row.address_id, "person_id": row.person_id, "name": row.name,
        "phone": row.phone, "purpose": row.purpose, "made_by": row.made_by, "staff_id": None,
    }  # fmt: skip
    return joined | {name: value for name, value in given.items() if value}
