"""A station where things are done, people who come to it, and the count that no place is given twice."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.bookings import Booking, Service, Slot, StationClosure, StationService, Waiting
from db.people import Address
from db.places import Station
from services import bookings
from services.booking_rules import DEFAULT_BOOKING_RULES, BookingRules
from services.bookings import Visit, Who, Wish
from tests.fakes.clock import START
from tests.fakes.eventhall import add_account
from tests.fakes.sealed import VAULT

MONDAY = date(2026, 11, 23)
"""The first workday after the clock's day, a Saturday."""


@dataclass(frozen=True, slots=True)
class House:
    """A station and a service that it offers."""

    station: Station
    service: Service


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """Return a moment of a day in China."""
    return datetime.combine(day, time(hour, minute), CHINA)


async def add_station(db: AsyncSession, name: str = "南街服务站", **columns: Any) -> Station:
    """Add a station that keeps the bureau's hours, 8 to 12 and 14 to 18 on workdays."""
    values = {"level": "township", "address": "南街12号", "phone": "0573-88001234"}
    station = Station(name=name, **(values | columns))
    db.add(station)
    await db.flush()
    return station


async def add_service(db: AsyncSession, name: str = "优待证申领", **columns: Any) -> Service:
    """Add a service of half an hour for two at a time."""
    values = {"words": ["办优待证"], "bring": "身份证\n两寸照片", "entry": None, "minutes": 30, "capacity": 2}
    service = Service(name=name, **(values | columns))
    db.add(service)
    await db.flush()
    return service


async def offer(db: AsyncSession, station: Station, service: Service, **columns: Any) -> House:
    """Let a station offer a service, with minutes and a capacity of its own where they are named."""
    db.add(StationService(station_id=station.id, service_id=service.id, **columns))
    await db.flush()
    return House(station, service)


async def open_house(db: AsyncSession, **columns: Any) -> House:
    """Add a station that offers a service; the columns are those of the station, capacity and minutes of the service."""
    own = {name: columns.pop(name) for name in ("capacity", "minutes") if name in columns}
    return await offer(db, await add_station(db, **columns), await add_service(db, **own))


async def close_day(db: AsyncSession, station: Station, day: date, reason: str = "停电检修") -> None:
    """Close a station for a day, telling nobody."""
    db.add(StationClosure(station_id=station.id, day=day, reason=reason, at=START))
    await db.flush()


async def somebody(db: AsyncSession, account: str, **values: Any) -> Who:
    """Return who has the account of this name, added unless it is there, and is not on file."""
    known = await db.scalar(select(Address.id).where(Address.external_id == account))
    return Who(address_id=known or await add_account(db, account), **values)


def wish(house: House, starts_at: datetime, who: Who, purpose: str = "") -> Wish:
    """Return the wish to come to a house at a time."""
    return Wish(house.station.id, house.service.id, starts_at, purpose, who)


async def book(
    db: AsyncSession, house: House, starts_at: datetime, who: Who | str,
    now: datetime = START, rules: BookingRules = DEFAULT_BOOKING_RULES,
) -> Visit:  # fmt: skip
    """Reserve a place for somebody, or for the account of that name."""
    whom = await somebody(db, who) if isinstance(who, str) else who
    return await bookings.reserve(db, VAULT, rules, wish(house, starts_at, whom), now)


async def wait_for(db: AsyncSession, house: House, day: date, name: str, half: str = "any") -> int:
    """Let the account of that name wait for a day without looking whether anything is free; return the row's id."""
    whom = await somebody(db, name)
    row = Waiting(
        station_id=house.station.id, service_id=house.service.id, day=day, half=half, address_id=whom.address_id,
        who_key=bookings.who_key(VAULT, whom), purpose="", made_by=whom.made_by, created_at=START,
    )  # fmt: skip
    db.add(row)
    await db.flush()
    return row.id


async def check_slots(db: AsyncSession) -> dict[int, int]:
    """Check that every slot counts its places truly, none is oversold and nobody has two; return how many by slot."""
    booked = select(Booking.slot_id, func.count()).where(Booking.status != "cancelled").group_by(Booking.slot_id)
    kept = select(Waiting.slot_id, func.count()).where(Waiting.status == "offered").group_by(Waiting.slot_id)
    bookings_of, offers_of = dict((await db.execute(booked)).all()), dict((await db.execute(kept)).all())
    rows = (await db.scalars(select(Slot).order_by(Slot.id).execution_options(populate_existing=True))).all()
    taken = {row.id: row.taken for row in rows}
    assert taken == {row.id: bookings_of.get(row.id, 0) + offers_of.get(row.id, 0) for row in rows}
    assert all(0 <= row.taken <= row.capacity for row in rows)
    for table, standing in ((Booking, ("booked",)), (Waiting, ("waiting", "offered"))):
        doubled = select(table.who_key).where(table.status.in_(standing)).group_by(table.service_id, table.who_key)
        assert (await db.scalars(doubled.having(func.count() > 1))).all() == []
    return taken
