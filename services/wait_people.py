"""Who waits goes with their record: to the one an account is bound to, to the one it is joined with, or the waiting ends."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Booking, Slot, Waiting
from db.people import Address
from services import seats
from services.booking_rules import DEFAULT_BOOKING_RULES
from services.wait_offers import free_all
from services.wait_rows import IN_LINE, Wait, change, waits
from services.who import ONESELF, person_key


async def end_all(db: AsyncSession, person_id: int, now: datetime) -> list[Slot]:
    """End all waiting of somebody who has died or whose record was erased; the caller frees the slots that this returns."""
    accounts = select(Address.id).where(Address.person_id == person_id)
    unbound = Waiting.person_id.is_(None) & Waiting.address_id.in_(accounts) & (Waiting.made_by == ONESELF)
    theirs = (Waiting.person_id == person_id) | unbound, IN_LINE
    kept: list[Slot] = []
    while found := await waits(db, *theirs):  # once more when they were offered a place just now
        kept += await _end(db, found, now)
    return kept


async def hand_over(db: AsyncSession, from_id: int, to_id: int, now: datetime) -> None:
    """Move the waiting of a record that is joined with another; of two for one service the better one stays."""
    await _hold(db, from_id, to_id)
    mine = {one.service.id: one for one in await waits(db, Waiting.person_id == to_id, IN_LINE)}
    theirs = await waits(db, Waiting.person_id == from_id, Waiting.service_id.in_(mine), IN_LINE)
    kept = await _end(db, [max(one, mine[one.service.id], key=_worth) for one in theirs], now)
    await free_all(db, DEFAULT_BOOKING_RULES, kept, now)
    await _give(db, Waiting.person_id == from_id, person_id=to_id)


async def _hold(db: AsyncSession, *person_ids: int) -> None:
    """Lock all slots that are theirs in one go: their bookings are changed after this, in the same transaction."""
    accounts = select(Address.id).where(Address.person_id.in_(person_ids))
    booked = (Booking.person_id.in_(person_ids) | Booking.address_id.in_(accounts)) & (Booking.status == "booked")
    kept = (Waiting.person_id.in_(person_ids) | Waiting.address_id.in_(accounts)) & (Waiting.status == "offered")
    rows = select(Booking.slot_id).where(booked).union(select(Waiting.slot_id).where(kept))
    await seats.hold(db, Slot, [slot_id for slot_id in await db.scalars(rows) if slot_id is not None])


async def bound(db: AsyncSession, address_id: int, person_id: int) -> None:
    """Let what an account waits for on its own behalf be its person's; where both wait for one service, each stays."""
    theirs = select(Waiting.service_id).where(Waiting.who_key == person_key(person_id), IN_LINE)
    free_to_go = ~(IN_LINE & Waiting.service_id.in_(theirs))
    await _give(db, Waiting.who_key == f"a:{address_id}", free_to_go, person_id=person_id)


async def _give(db: AsyncSession, *which: ColumnElement[bool], person_id: int) -> None:
    whose = {"person_id": person_id, "who_key": person_key(person_id)}
    await db.execute(update(Waiting).where(*which).values(**whose).execution_options(synchronize_session=False))


def _worth(one: Wait) -> tuple[bool, int]:
    """The less, the better: a place that is kept, else whoever came first."""
    return one.row.status != "offered", one.row.id


async def _end(db: AsyncSession, found: list[Wait], now: datetime) -> list[Slot]:
    await seats.hold(db, Slot, {one.slot.id for one in found if one.slot is not None})
    ended = [one for one in found if await change(db, one.row, "left", now)]
    return [one.slot for one in ended if one.slot is not None]
