"""What hangs on a record goes over to the one that it is joined with, and nothing is counted or reminded twice."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.base import Base
from db.broadcasts import BroadcastRecipient
from db.campaigns import Certification
from db.jobs import JobReferral
from db.people import Address, Person
from db.proxies import BindingCode, BindingRequest, Proxy
from db.reminders import Reminder
from db.turns import Outbox
from services import booking_people, deaths, event_places, exam_places, notice_hold, people_phone, wait_people
from services.notice_gate import CANCELLED

_GAPS = ("id_key", "id_tail_key", "birth_year", "village_id", "grid_id", "quiet_from", "quiet_until", "deceased_at")
_STRONGER = ("removed", "open", "claimed", "deceased", "done")
"""Of two certifications of one campaign the later in this row stands."""


async def move_all(db: AsyncSession, keep: Person, other: Person, now: datetime) -> None:
    """Move everything of one locked record to another."""
    for column in _GAPS:
        if getattr(keep, column) is None:
            setattr(keep, column, getattr(other, column))
    await db.flush()
    await _move_certifications(db, keep.id, other.id)
    await _move_reminders(db, keep.id, other.id, now)
    await exam_places.hand_over(db, other.id, keep.id, now)
    await event_places.hand_over(db, other.id, keep.id, now)
    await wait_people.hand_over(db, other.id, keep.id, now)
    await booking_people.hand_over(db, other.id, keep.id, now)
    # the id may be given to somebody new, who must not come into the talks by telephone of this one
    by_phone = Address.channel == people_phone.CHANNEL
    await _set(db, Address, by_phone, Address.external_id == str(other.id), external_id=f"{other.id}-{keep.id}")
    for table in (Address, Proxy, BindingCode, BindingRequest, BroadcastRecipient, JobReferral):
        await _set(db, table, table.person_id == other.id, person_id=keep.id)
    own = select(Address.id).where(Address.person_id == keep.id)
    await _set(
        db, Proxy, Proxy.person_id == keep.id, Proxy.address_id.in_(own), Proxy.status != "ended",
        status="ended", ended_at=now, code_hash=None,
    )  # fmt: skip
    if keep.deceased_at is not None:
        await deaths.stop_all(db, keep.id, now)


async def _move_certifications(db: AsyncSession, keep_id: int, other_id: int) -> None:
    mine = {row.campaign_id: row for row in await _certifications(db, keep_id)}
    for theirs in await _certifications(db, other_id):
        own = mine.get(theirs.campaign_id)
        weaker = None if own is None else min(own, theirs, key=lambda row: _STRONGER.index(row.status))
        if weaker is not None:
            await db.execute(delete(Certification).where(Certification.id == weaker.id))
            db.expunge(weaker)
        if weaker is not theirs:
            await _set(db, Certification, Certification.id == theirs.id, person_id=keep_id)


async def _move_reminders(db: AsyncSession, keep_id: int, other_id: int, now: datetime) -> None:
    """Move the reminders: of two for the same thing the other record's is stopped under a name of its own."""
    mine = {(row.kind, row.period): row for row in await _reminders(db, keep_id)}
    for theirs in await _reminders(db, other_id):
        own = mine.get((theirs.kind, theirs.period))
        if own is not None:
            theirs.period, theirs.status, theirs.next_at = f"{theirs.period}~{theirs.id}", "stopped", None
        theirs.person_id = keep_id
    await db.flush()
    settled = select(Certification.campaign_id).where(
        Certification.person_id == keep_id, Certification.status.not_in(("open", "claimed"))
    )
    running = (Reminder.person_id == keep_id, Reminder.kind == "certification", Reminder.status == "pending")
    await _set(db, Reminder, *running, Reminder.about_id.in_(settled), status="done", next_at=None)
    ended = select(Reminder.id).where(Reminder.person_id == keep_id, Reminder.status != "pending")
    await notice_hold.cancel(db, CANCELLED, now, Outbox.reminder_id.in_(ended))


async def _certifications(db: AsyncSession, person_id: int) -> list[Certification]:
    rows = select(Certification).where(Certification.person_id == person_id).order_by(Certification.id)
    return list(await db.scalars(rows.with_for_update()))


async def _reminders(db: AsyncSession, person_id: int) -> list[Reminder]:
    rows = select(Reminder).where(Reminder.person_id == person_id).order_by(Reminder.id)
    return list(await db.scalars(rows.with_for_update()))


async def _set(db: AsyncSession, table: type[Base], *where: ColumnElement[bool], **values: object) -> None:
    await db.execute(update(table).where(*where).values(**values).execution_options(synchronize_session=False))
