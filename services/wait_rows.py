"""Who waits for a place (候补), as the rows tell it: of an account, of persons, of a line, and how far in front they are."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    String,
    bindparam,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA, day_of
from core.errors import Refusal
from db.bookings import Service, Slot, Waiting
from db.people import Address
from db.places import Station
from db.proxies import Proxy
from db.turns import Outbox
from services import notice_hold
from services.booking_rows import accounts
from services.notice_gate import CANCELLED
from services.who import theirs

_OPEN: BindParameter[Any] = bindparam("in_line", ("waiting", "offered"), expanding=True, literal_execute=True)
IN_LINE = Waiting.status.in_(_OPEN)
"""Written out in the statement: SQLite finds an index of some rows only by the very words of its condition."""
_NOON = 12

NOT_FOUND = "没有找到这个候补，可能已经结束了。"


@dataclass(frozen=True, slots=True)
class Wait:
    """A place in a waiting list; the slot is the one that is kept for them, the position that of whoever still waits.

    The position is told by `placed` and those who call it; it costs a statement each.
    """

    row: Waiting
    station: Station
    service: Service
    slot: Slot | None
    position: int | None = None


def key(row: Waiting) -> str:
    """Return how the key of every notice about a place in a waiting list begins."""
    return f"wait:{row.id}:"


def half_of(starts_at: datetime) -> str:
    """Return which half of its day a time is in."""
    return "am" if starts_at.astimezone(CHINA).hour < _NOON else "pm"


async def waits(db: AsyncSession, *conditions: ColumnElement[bool]) -> list[Wait]:
    """Return places in waiting lists as they stand now, in the order of the lines."""
    rows = await db.execute(
        select(Waiting, Station, Service, Slot)
        .join(Station, Station.id == Waiting.station_id)
        .join(Service, Service.id == Waiting.service_id)
        .outerjoin(Slot, Slot.id == Waiting.slot_id)
        .where(*conditions)
        .order_by(Waiting.id)
        .execution_options(populate_existing=True)
    )
    return [Wait(*row) for row in rows.all()]


async def placed(db: AsyncSession, *conditions: ColumnElement[bool]) -> list[Wait]:
    """Return the same, with how many are in front."""
    return [replace(one, position=await _position(db, one.row)) for one in await waits(db, *conditions)]


async def find(db: AsyncSession, waiting_id: int) -> Wait | None:
    """Return one, also one that has ended; None when there is none."""
    return next(iter(await placed(db, Waiting.id == waiting_id)), None)


async def wait_of(db: AsyncSession, waiting_id: int) -> Wait:
    """Return the same.

    Raises:
        Refusal: there is none.
    """
    found = await find(db, waiting_id)
    if found is None:
        raise Refusal(NOT_FOUND)
    return found


async def of(db: AsyncSession, address_id: int | None, person_ids: Collection[int], now: datetime) -> list[Wait]:
    """Return what an account waits for, also before it was bound, and what is waited for on behalf of persons."""
    return await placed(db, IN_LINE, Waiting.day >= day_of(now), theirs(Waiting, address_id, person_ids))


def line(station_id: int, service_id: int, day: date) -> tuple[ColumnElement[bool], ...]:
    """Return the condition on who still waits for a service on a day."""
    in_it = Waiting.station_id == station_id, Waiting.service_id == service_id, Waiting.day == day
    return *in_it, IN_LINE, Waiting.status == "waiting"


async def change(db: AsyncSession, row: Waiting, status: str, now: datetime, **values: Any) -> bool:
    """End a place as it was read, and take back what was not sent of it; False when somebody was quicker."""
    done = await db.execute(
        update(Waiting)
        .where(Waiting.id == row.id, Waiting.status == row.status)
        .values(status=status, slot_id=None, offer_until=None, ended_at=now, **({"news": None} | values))
        .execution_options(synchronize_session=False)
    )
    assert isinstance(done, CursorResult)
    if done.rowcount:
        about = Outbox.dedupe_key.startswith(key(row), autoescape=True)
        theirs = Outbox.address_id.in_(accounts(row.address_id, row.person_id))
        await notice_hold.cancel(db, CANCELLED, now, theirs, about)
    return done.rowcount == 1


async def end_all(db: AsyncSession, now: datetime, *which: ColumnElement[bool]) -> Counter[int]:
    """End whatever is waited for in vain, however many do; return how many places of which slots are not kept any more."""
    columns = Waiting.id, Waiting.slot_id, Waiting.address_id, Waiting.person_id
    in_vain = select(*columns).where(IN_LINE, *which).order_by(Waiting.id)
    found = (await db.execute(in_vain.with_for_update(key_share=True))).all()
    ids = [row.id for row in found]
    ended = {"status": "passed", "slot_id": None, "offer_until": None, "ended_at": now, "news": "closed"}
    await db.execute(
        update(Waiting).where(Waiting.id.in_(ids)).values(**ended).execution_options(synchronize_session=False)
    )
    persons = [row.person_id for row in found if row.person_id is not None]
    own = Address.id.in_([row.address_id for row in found if row.address_id is not None])
    theirs = select(Address.id).where(or_(own, Address.person_id.in_(persons)))
    told = theirs.union(select(Proxy.address_id).where(Proxy.person_id.in_(persons)))
    begins = literal("wait:") + cast(Waiting.id, String) + literal(":%")
    about = exists().where(Waiting.id.in_(ids), Outbox.dedupe_key.like(begins))
    await notice_hold.cancel(db, CANCELLED, now, Outbox.address_id.in_(told), about)
    return Counter(row.slot_id for row in found if row.slot_id is not None)


async def _position(db: AsyncSession, row: Waiting) -> int | None:
    """Return how many wait for the same times, up to and with this one."""
    if row.status != "waiting":
        return None
    before = *line(row.station_id, row.service_id, row.day), Waiting.id <= row.id
    halves = [] if row.half == "any" else [Waiting.half.in_(("any", row.half))]
    return await db.scalar(select(func.count()).select_from(Waiting).where(*before, *halves))
