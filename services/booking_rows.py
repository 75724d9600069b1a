"""A booking as it is kept and read: whoever reserves and whoever takes an offer write it in one and the same way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, false, or_, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from core.errors import Refusal
from db.bookings import Booking, Service, Slot, Waiting
from db.people import Address, Person
from db.places import Station
from db.proxies import Proxy
from db.turns import Outbox
from db.upsert import insert_row
from services import booking_moments, notice_hold
from services.booking_rules import BookingRules
from services.cases import new_code
from services.notice_gate import CANCELLED
from services.person_cards import name_key
from services.vault import Vault
from services.who import ONESELF, Who, person_key

KIND = "visit"
"""The kind of what is said of a booking; its dedupe key begins with `key`."""
CODE_PREFIX = "YY-"
_CODE_TRIES = 20

NOBODY = "现在没法给这位预约，请找工作人员核对一下。"
OVERLAPS = "这个时间已经有别的预约了，请换一个时间。"
MANY = "一天最多约 {count} 次，这天已经约满了，请换一天。"


@dataclass(frozen=True, slots=True)
class Visit:
    """A booking with its time, its station and what is done there."""

    booking: Booking
    slot: Slot
    station: Station
    service: Service


def who_key(vault: Vault, who: Who) -> str:
    """Return by what two bookings of the same are told: the record, else the account, else name and number."""
    if who.person_id is not None:
        return person_key(who.person_id)
    if who.address_id is None:
        return "n:" + vault.fingerprint(f"visitor:{who.name or ''}:{who.phone or ''}")
    if who.made_by == ONESELF:
        return f"a:{who.address_id}"
    return f"a:{who.address_id}:{name_key(vault, who.name) if who.name else 'family'}"


def key(row: Booking) -> str:
    """Return how the key of every notice about a booking begins."""
    return f"visit:{row.id}:"


def whose(key_of_whom: str, table: type[Booking | Waiting] = Booking) -> ColumnElement[bool]:
    """Tell whether a booking is somebody's; by the record where there is one, for since two were joined it may have more keys."""
    kind, _, rest = key_of_whom.partition(":")
    return table.person_id == int(rest.split(":")[0]) if kind == "p" else table.who_key == key_of_whom


async def visits(db: AsyncSession, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Visit]:
    """Return bookings as they stand now, the soonest first."""
    rows = await db.execute(
        select(Booking, Slot, Station, Service)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Station, Station.id == Slot.station_id)
        .join(Service, Service.id == Booking.service_id)
        .where(*conditions)
        .order_by(Slot.starts_at, Booking.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return [Visit(*row) for row in rows]


async def open_of(db: AsyncSession, service_id: int, key_of_whom: str) -> Visit | None:
    """Return the one open booking of a service that somebody may have; of two since records were joined, the sooner."""
    mine = Booking.service_id == service_id, whose(key_of_whom), Booking.status == "booked"
    return next(iter(await visits(db, *mine)), None)


async def open_ones(db: AsyncSession, key_of_whom: str) -> list[Visit]:
    """Return all open bookings of somebody: there are no more of them than services."""
    return await visits(db, whose(key_of_whom), Booking.status == "booked")


async def lock_person(db: AsyncSession, person_id: int | None) -> None:
    """Lock a person before any slot, as whoever reports a death does: so their bookings are counted one after the other.

    Raises:
        Refusal: there is no such person, or they have died.
    """
    if person_id is None:
        return
    alive = select(Person.id).where(Person.id == person_id, Person.deceased_at.is_(None), Person.erased_at.is_(None))
    if await db.scalar(alive.with_for_update(key_share=True)) is None:
        raise Refusal(NOBODY)


async def check_day(
    db: AsyncSession, rules: BookingRules, key_of_whom: str, slot: Slot, *, moved: int | None = None, by_staff: bool = False
) -> None:  # fmt: skip
    """See that somebody can have a time, where `moved` comes to if that is one of theirs; staff know why they come so often.

    Raises:
        Refusal: they have another booking at that time, or as many on that day as one can have.
    """
    other = Booking.service_id != slot.service_id if moved is None else Booking.id != moved
    others = await visits(db, whose(key_of_whom), Booking.status == "booked", other)
    check_others(rules, others, slot, by_staff=by_staff)


def check_others(rules: BookingRules, others: Iterable[Visit], slot: Slot, *, by_staff: bool) -> None:
    """See the same, once it is known what else they have.

    Raises:
        Refusal: as `check_day` does.
    """
    day = day_of(slot.starts_at)
    same_day = [one.slot for one in others if day_of(one.slot.starts_at) == day]
    if any(one.starts_at < slot.ends_at and slot.starts_at < one.ends_at for one in same_day):
        raise Refusal(OVERLAPS)
    if len(same_day) >= rules.per_day and not by_staff:
        raise Refusal(MANY.format(count=rules.per_day))


async def write(db: AsyncSession, slot: Slot, now: datetime, **values: Any) -> Booking | None:
    """Write a booking for which a place of the slot is taken already; None when they have one already.

    The values are who_key, address_id, person_id, name and phone (sealed), purpose, made_by and staff_id.
    """
    values |= {
        "slot_id": slot.id, "service_id": slot.service_id, "created_at": now, "status": "booked",
        "remind_at": booking_moments.first(slot.starts_at, now),
    }  # fmt: skip
    for _ in range(_CODE_TRIES):
        code = CODE_PREFIX + new_code()
        if row := await insert_row(db, Booking, code=code, **values):
            return row
        if await db.scalar(select(Booking.id).where(Booking.code == code)) is None:
            return None
    raise RuntimeError("no free code of a booking")


async def shift(
    db: AsyncSession, before: Visit, slot: Slot, by: str, now: datetime, reason: str | None = None
) -> bool:  # fmt: skip
    """Let a booking that still stands as it was read be at another time; False when somebody was quicker.

    The caller has taken the place in the new slot, and frees the one in the old.
    """
    return await change(
        db, before, now, slot_id=slot.id, changed_by=by, reason=reason, late_minutes=None,
        remind_at=booking_moments.first(slot.starts_at, now),
    )  # fmt: skip


async def change(db: AsyncSession, before: Visit, now: datetime, **values: Any) -> bool:
    """Change an open booking that still stands as it was read, and take back what was said of it but is not out yet."""
    done = await db.execute(
        update(Booking)
        .where(Booking.id == before.booking.id, Booking.status == "booked", Booking.slot_id == before.slot.id)
        .values(sequence=Booking.sequence + 1, changed_staff_id=None, untold_slot_id=None, **values)
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    if done.rowcount:
        await retract(db, before.booking, now)
    return done.rowcount == 1


async def retract(db: AsyncSession, row: Booking, now: datetime) -> None:
    """Take back what was said of a booking but has not gone out."""
    about = Outbox.dedupe_key.startswith(key(row), autoescape=True)
    await notice_hold.cancel(db, CANCELLED, now, Outbox.address_id.in_(accounts(row.address_id, row.person_id)), about)


def accounts(address_id: int | None, person_id: int | None) -> CompoundSelect[Any]:
    """Return the ids of the accounts on which somebody hears of a visit: their own, and their family's."""
    own = Address.id == address_id if address_id is not None else false()
    theirs = Address.person_id == person_id if person_id is not None else false()
    family = Proxy.person_id == person_id if person_id is not None else false()
    return select(Address.id).where(or_(own, theirs)).union(select(Proxy.address_id).where(family))
