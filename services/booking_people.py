"""What is booked follows its people: to the record an account is bound to, to the one theirs is joined with, or it ends."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Booking, Slot, Waiting
from db.people import Address
from db.turns import Outbox
from services import booking_rows, seats, wait_offers, wait_people
from services.booking_rows import Visit, visits
from services.booking_rules import DEFAULT_BOOKING_RULES, BookingRules
from services.who import BY_STAFF, ONESELF, person_key


async def lock_all(db: AsyncSession, person_id: int) -> None:
    """Lock the times of all that somebody has booked or is offered before any is given back, in the order of all others."""
    accounts = select(Address.id).where(Address.person_id == person_id)
    mine = select(Booking.slot_id).where(
        (Booking.person_id == person_id) | Booking.address_id.in_(accounts), Booking.status == "booked"
    )
    kept = select(Waiting.slot_id).where(
        (Waiting.person_id == person_id) | Waiting.address_id.in_(accounts), Waiting.status == "offered"
    )
    await seats.hold(db, Slot, {id_ for id_ in await db.scalars(mine.union(kept)) if id_ is not None})


async def cancel_all(
    db: AsyncSession, person_id: int, now: datetime, rules: BookingRules = DEFAULT_BOOKING_RULES
) -> int:
    """Give back every place to come of somebody who has died or whose record was erased, and end their waiting.

    Return how many bookings were cancelled.

    Whoever is next is offered them by the shipped rules: those who report a death do not know the bureau's.
    """
    accounts = select(Address.id).where(Address.person_id == person_id)
    unbound = Booking.person_id.is_(None) & Booking.address_id.in_(accounts) & (Booking.made_by == ONESELF)
    theirs = (Booking.person_id == person_id) | unbound, Booking.status == "booked", Slot.ends_at > now
    await lock_all(db, person_id)
    freed = await wait_people.end_all(db, person_id, now)  # first: none of their own places is to be offered to them
    kept = len(freed)
    while found := await visits(db, *theirs):  # once more when one was moved just now
        await seats.hold(db, Slot, {one.slot.id for one in found})
        freed += await _end(db, found, now)
    await wait_offers.free_all(db, rules, freed, now)
    return len(freed) - kept


async def bound(db: AsyncSession, address_id: int, person_id: int) -> None:
    """Let what an account booked for its own owner be that person's; of two for one service each stays as it is."""
    theirs = select(Booking.service_id).where(_open_with(person_key(person_id)))
    doubled = (Booking.status == "booked") & Booking.service_id.in_(theirs)
    await _set(db, Booking.who_key == f"a:{address_id}", ~doubled, person_id=person_id, who_key=person_key(person_id))


async def hand_over(
    db: AsyncSession, from_id: int, to_id: int, now: datetime, rules: BookingRules = DEFAULT_BOOKING_RULES
) -> None:
    """Move the bookings of a record that is joined with another; of two for one service both stay, for staff to see.

    Nobody is to come in vain, so only what both have at the very same time is one too many.
    """
    theirs = select(Booking.slot_id).where(Booking.person_id == to_id, Booking.status == "booked")
    twice = await visits(db, Booking.person_id == from_id, Booking.status == "booked", Booking.slot_id.in_(theirs))
    await seats.hold(db, Slot, {one.slot.id for one in twice})
    await wait_offers.free_all(db, rules, await _end(db, twice, now), now)
    services = select(Booking.service_id).where(_open_with(person_key(to_id)))
    doubled = (Booking.status == "booked") & (
        Booking.service_id.in_(services) | (Booking.who_key != person_key(from_id))
    )
    own = literal(f"{person_key(to_id)}:") + cast(Booking.id, String)
    await _set(db, Booking.person_id == from_id, doubled, person_id=to_id, who_key=own)
    await _set(db, Booking.person_id == from_id, person_id=to_id, who_key=person_key(to_id))


def told_of(person_id: int) -> ColumnElement[bool]:
    """Tell of an Outbox row whether it says something of a booking of the person."""
    key = literal("visit:") + cast(Booking.id, String) + literal(":%")
    return exists().where(Booking.person_id == person_id, Outbox.dedupe_key.like(key))


def _open_with(key: str) -> ColumnElement[bool]:
    return (Booking.who_key == key) & (Booking.status == "booked")


async def _end(db: AsyncSession, found: list[Visit], now: datetime) -> list[Slot]:
    """Cancel bookings whose slots are locked; return the slots to be freed, without those where somebody was quicker."""
    ended = {"status": "cancelled", "ended_at": now, "remind_at": None, "changed_by": BY_STAFF}
    return [one.slot for one in found if await booking_rows.change(db, one, now, **ended)]


async def _set(db: AsyncSession, *which: ColumnElement[bool], **values: Any) -> None:
    await db.execute(
        update(Booking).where(*which).values(**values).execution_options(synchronize_session=False)
    )  # fmt: skip
