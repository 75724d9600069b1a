"""The waiting list as staff see it: places that are kept and until when, who stands in which line, and whom to telephone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, FunctionElement, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.clock import day_of
from core.errors import Refusal
from db.bookings import Waiting
from db.people import Address, NoticeStop, Person
from db.staff import Staff
from services import event_contacts, reach
from services.booking_rows import KIND
from services.scope import near
from services.wait_rows import IN_LINE, Wait, waits

PAGE = 20
_LATELY = timedelta(days=7)
"""For so long staff are asked to telephone somebody for whom nothing came of it."""
TOLD = "已经有人打过电话了。"
GONE = "没有找到这个候补，或者不是您的站的。"


async def wait_of(db: AsyncSession, staff: Staff, waiting_id: int) -> Wait:
    """Return a place in a line that a person of staff may see, also one that has ended.

    Raises:
        Refusal: there is none with this id, or it is at a station of others.
    """
    found = await waits(db, Waiting.id == waiting_id, near(staff, Waiting.station_id))
    if not found:
        raise Refusal(GONE)
    return found[0]


async def kept(db: AsyncSession, staff: Staff, station_id: int | None, now: datetime) -> list[Wait]:
    """Return for whom a place is kept, near enough for a person of staff; the first to run out is the first."""
    standing = Waiting.status == "offered", Waiting.offer_until > now
    found = await waits(db, *_near(staff, station_id), *standing)
    return sorted(found, key=lambda one: one.row.offer_until or now)


async def page(
    db: AsyncSession, staff: Staff, station_id: int | None, number: int, now: datetime
) -> tuple[list[Wait], int]:
    """Return a page of those who wait, line by line, each with how many are in front; and how many wait on all pages."""
    waiting = *_near(staff, station_id), Waiting.status == "waiting", Waiting.day >= day_of(now)
    count = await db.scalar(select(func.count()).select_from(Waiting).where(*waiting)) or 0
    lines = select(Waiting.id, _position()).where(*waiting)
    lines = lines.order_by(Waiting.day, Waiting.station_id, Waiting.service_id, Waiting.id)
    positions = dict((await db.execute(lines.limit(PAGE).offset(number * PAGE))).all())
    found = {one.row.id: one for one in await waits(db, Waiting.id.in_(positions))}
    return [replace(found[id_], position=position) for id_, position in positions.items()], count


async def unreached(db: AsyncSession, found: Sequence[Wait], now: datetime) -> set[int]:
    """Return the ids of those whom no push reaches, so that somebody has to telephone them."""
    to = await event_contacts.accounts(db, [one.row for one in found], now)
    pushed = {account.id for accounts in to.values() for account, _ in accounts if account.channel in reach.PUSH}
    pushed -= await _stopped(db, pushed)
    return {id_ for id_, accounts in to.items() if not any(account.id in pushed for account, _ in accounts)}


async def calls(db: AsyncSession, staff: Staff, now: datetime, station_id: int | None = None) -> int:
    """Return how many are to be telephoned: a place is kept for them, or nothing came of their waiting."""
    asked = await to_telephone(db, await kept(db, staff, station_id, now), now)
    lost = select(func.count()).select_from(Waiting).where(*_lost(staff, station_id, now))
    return len(asked) + (await db.scalar(lost) or 0)


async def to_telephone(db: AsyncSession, found: Sequence[Wait], now: datetime) -> set[int]:
    """Return the ids of those whom only the telephone reaches, and whose number is known."""
    if not found:
        return set()
    silent = await unreached(db, found, now)
    with_number = select(Person.id).where(
        Person.id.in_({one.row.person_id for one in found}), Person.phone.is_not(None)
    )
    known = set(await db.scalars(with_number))
    numbered = {one.row.id for one in found if one.row.phone is not None or one.row.person_id in known}
    return silent & numbered


async def lost(db: AsyncSession, staff: Staff, station_id: int | None, now: datetime) -> list[Wait]:
    """Return whose waiting ended lately without a place, and who have to be told so by telephone."""
    return await waits(db, *_lost(staff, station_id, now))


async def telephoned(db: AsyncSession, waiting_id: int) -> None:
    """Note that one of these was told.

    Raises:
        Refusal: a colleague has done so.
    """
    open_ = update(Waiting).where(Waiting.id == waiting_id, Waiting.by_phone.is_(True), Waiting.news.is_not(None))
    done = open_.values(news=None, by_phone=False).returning(Waiting.id)
    if await db.scalar(done.execution_options(synchronize_session=False)) is None:
        raise Refusal(TOLD)


def _near(staff: Staff, station_id: int | None) -> list[ColumnElement[bool]]:
    own = [] if station_id is None else [Waiting.station_id == station_id]
    return [IN_LINE, near(staff, Waiting.station_id), *own]


def _lost(staff: Staff, station_id: int | None, now: datetime) -> list[ColumnElement[bool]]:
    own = [] if station_id is None else [Waiting.station_id == station_id]
    gone = select(Person.id).where(or_(Person.deceased_at.is_not(None), Person.erased_at.is_not(None)))
    nobody = and_(Waiting.person_id.is_not(None), Waiting.person_id.in_(gone))
    lately = Waiting.by_phone.is_(True), Waiting.news.is_not(None), Waiting.ended_at >= now - _LATELY
    return [*lately, near(staff, Waiting.station_id), ~nobody, *own]


def _position() -> ColumnElement[int]:
    """Return how many wait for the same times up to and with each, where whole lines are read."""

    def up_to(counted: FunctionElement[int]) -> ColumnElement[int]:
        line = [Waiting.station_id, Waiting.service_id, Waiting.day]
        return counted.over(partition_by=line, order_by=Waiting.id)

    of_half = {half: up_to(func.sum(case((Waiting.half.in_(("any", half)), 1), else_=0))) for half in ("am", "pm")}
    return case(of_half, value=Waiting.half, else_=up_to(func.count()))


async def _stopped(db: AsyncSession, address_ids: set[int]) -> set[int]:
    """Return which of these accounts belong to somebody who does not want to be told of visits, on whatever account."""
    other = aliased(Address)
    same = or_(other.id == Address.id, other.person_id == Address.person_id)
    stops = select(Address.id).join(other, same)
    stops = stops.join(NoticeStop, and_(NoticeStop.address_id == other.id, NoticeStop.kind == KIND))
    return set(await db.scalars(stops.where(Address.id.in_(address_ids))))
