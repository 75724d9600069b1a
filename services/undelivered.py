"""Whom our words do not reach, so that somebody telephones them: what was given up, and accounts that shut us out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, null, or_, select, true, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.people import Address, Person
from db.staff import Staff
from db.turns import FollowUp, Inbox, Outbox
from db.upsert import insert_new
from services.scope import visible_people

DAYS = timedelta(days=30)
ANSWER = "answer"
"""The kind of what was said to somebody who asked."""
SHUT_OUT = "blocked"
"""The error of an account that shut us out without a message of ours having been given up."""
GONE = "没有找到这一条，可能已经处理过，或者不在您的服务站。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; "" is everything."""

    kind: str = ""
    channel: str = ""
    handled: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One account, and what did not reach it in the last 30 days."""

    channel: str
    recipient: str
    address_id: int | None
    outbox_id: int | None
    """The last message that was given up."""
    count: int
    since: datetime
    last: datetime
    kind: str | None
    error: str
    person: Person | None
    worker: str | None
    """Who of staff, where the message was for one of them."""
    handled_by: str | None
    handled_at: datetime | None


async def page(
    db: AsyncSession, staff: Staff, wanted: Wanted, now: datetime, limit: int, offset: int = 0
) -> tuple[list[Line], bool]:
    """Return lines, the latest first, and whether there are more."""
    rows = (await db.execute(_lines(staff, wanted, now).limit(limit + 1).offset(offset))).all()
    return await _complete(db, rows[:limit]), len(rows) > limit


async def handled(
    db: AsyncSession, staff: Staff, address_id: int | None, outbox_id: int | None, now: datetime
) -> tuple[str, str]:
    """Note that somebody has seen to an account; it comes back with the next message that does not reach it.

    Raises:
        Refusal: there is nothing to see to, or not for these eyes.
    """
    lines = _lines(staff, Wanted(), now).subquery()
    same = lines.c.address_id == address_id if address_id is not None else lines.c.outbox_id == outbox_id
    found = (await db.execute(select(lines.c.channel, lines.c.recipient).where(same))).first()
    if found is None:
        raise Refusal(GONE)
    channel, recipient = found
    if not await insert_new(db, FollowUp, channel=channel, recipient=recipient, staff_id=staff.id, at=now):
        await db.execute(
            update(FollowUp)
            .where(FollowUp.channel == channel, FollowUp.recipient == recipient)
            .values(staff_id=staff.id, at=now)
        )
    return channel, recipient


def _lines(staff: Staff, wanted: Wanted, now: datetime) -> Select[Any]:
    faults = _faults(wanted, now - DAYS).subquery()
    lines = (
        select(
            faults.c.channel, faults.c.recipient, func.max(faults.c.address_id).label("address_id"),
            func.max(faults.c.outbox_id).label("outbox_id"), func.count(faults.c.outbox_id).label("lost"),
            func.min(faults.c.at).label("since"), func.max(faults.c.at).label("last"),
        )
        .group_by(faults.c.channel, faults.c.recipient)
        .subquery()
    )  # fmt: skip
    to_do = or_(FollowUp.at.is_(None), FollowUp.at < lines.c.last)
    return (
        select(*lines.c, Address.person_id, Staff.name.label("handled_by"), FollowUp.at.label("handled_at"))
        .outerjoin(FollowUp, and_(FollowUp.channel == lines.c.channel, FollowUp.recipient == lines.c.recipient))
        .outerjoin(Staff, Staff.id == FollowUp.staff_id)
        .outerjoin(Address, Address.id == lines.c.address_id)
        .where(~to_do if wanted.handled else to_do, _visible(staff))
        .order_by(lines.c.last.desc(), lines.c.channel, lines.c.recipient)
    )


def _faults(wanted: Wanted, since: datetime) -> Any:
    """Return each message that was given up, and each time an account shut us out and has not come back."""
    given_up = select(
        Outbox.channel, Outbox.recipient, Outbox.address_id, Outbox.id.label("outbox_id"), Outbox.at
    ).where(
        Outbox.status == "dead", Outbox.at >= since, or_(Outbox.address_id.is_not(None), Outbox.notice.is_not(None))
    )
    shut_out = (
        select(Address.channel, Address.external_id.label("recipient"), Address.id, null().label("outbox_id"), Inbox.at)
        .join(Inbox, Inbox.address_id == Address.id)
        .where(~Address.reachable, Inbox.kind == "event", Inbox.text == SHUT_OUT, Inbox.at >= since)
    )
    if wanted.channel:
        given_up = given_up.where(Outbox.channel == wanted.channel)
        shut_out = shut_out.where(Address.channel == wanted.channel)
    if wanted.kind:
        return given_up.where(Outbox.notice.is_(None) if wanted.kind == ANSWER else Outbox.notice == wanted.kind)
    return union_all(given_up, shut_out)


def _visible(staff: Staff) -> ColumnElement[bool]:
    if staff.role == "admin" or staff.station_id is None:
        return true()
    return Address.person_id.in_(select(Person.id).where(visible_people(staff)))


async def _complete(db: AsyncSession, rows: Sequence[Row[Any]]) -> list[Line]:
    """Add what each line says beside its numbers, with three statements for all of them."""
    told = await db.execute(
        select(Outbox.id, Outbox.notice, Outbox.error).where(Outbox.id.in_([row.outbox_id for row in rows]))
    )
    messages = {number: (notice, error or "") for number, notice, error in told}
    people = await db.scalars(select(Person).where(Person.id.in_([row.person_id for row in rows])))
    by_id = {person.id: person for person in people}
    numbers = [int(row.recipient) for row in rows if row.address_id is None and row.recipient.isdecimal()]
    workers = await db.execute(select(Staff.telegram_id, Staff.name).where(Staff.telegram_id.in_(numbers)))
    names = {str(number): name for number, name in workers}
    lines = []
    for row in rows:
        kind, error = messages.get(row.outbox_id, (None, SHUT_OUT))
        lines.append(
            Line(
                row.channel, row.recipient, row.address_id, row.outbox_id, row.lost, row.since, row.last, kind, error,
                by_id.get(row.person_id), names.get(row.recipient) if row.address_id is None else None,
                row.handled_by, row.handled_at,
            )
        )  # fmt: skip
    return lines
