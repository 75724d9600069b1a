"""A death is reported: from that moment everything automated stops, and one named person of staff takes over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from core.reply import Reply
from db.campaigns import Certification
from db.cases import SupportCase
from db.people import Address, Conversation, Person
from db.places import Station
from db.proxies import Proxy
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from services import (
    booking_people,
    cases,
    certifications,
    errands,
    event_places,
    exam_places,
    exam_reminders,
    notice_hold,
    outbox,
    people_phone,
    silent_cases,
    subscriptions,
)
from services.case_alerts import on_duty
from services.cases import Plea
from services.masks import surname
from services.notice_gate import DECEASED
from services.outbox import About, Recipient
from services.person_cards import open_sealed
from services.vault import Vault

QUESTION = "{name}某已去世，{source}。请联系家属，帮忙办好后面的事。"
FROM_CHAT, FROM_STAFF = "家属或知情人在聊天里告诉的", "工作人员登记的"
TOLD = "求助单 {code}：有一位服务对象去世，请您联系家属。"
MATTER = "去世"
GONE = "没有找到这份档案，可能已经合并。"
_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Death:
    """What followed: the case, and who of staff has it; neither where the death was known already."""

    case: SupportCase | None
    staff: Staff | None


async def report(
    db: AsyncSession, vault: Vault, person_id: int, now: datetime, conversation: Conversation | None = None
) -> Death:
    """Stop everything for a person who has died; open a case with the chat, locked, that told us, else by telephone.

    Raises:
        Refusal: there is no such person.
    """
    source, reason = (FROM_STAFF, "staff") if conversation is None else (FROM_CHAT, "asked")
    await silent_cases.lock(db, [person_id])  # talks before the person's row is locked: turns do it in this order too
    if conversation is None:
        conversation = await people_phone.open_conversation(db, person_id, now)
    person = await db.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None:
        raise Refusal(GONE)
    if person.deceased_at is not None:
        return Death(None, None)
    person.deceased_at = now
    await stop_all(db, person_id, now)
    question = QUESTION.format(name=surname(open_sealed(vault, person.name)), source=source)
    plea = Plea(reason, "benefit", question, MATTER)
    case = await errands.ask(db, conversation, plea, person.station_id, now)
    held = case.claimed_by is not None
    staff = await db.get(Staff, case.claimed_by) if held else await _named(db, person.station_id)
    if staff is not None:
        await _hand_to(db, case, staff, now)
    return Death(case, staff)


async def undo(db: AsyncSession, person: Person, now: datetime) -> None:
    """Take a report back that was a mistake: what it ended runs again, but for places that were given back."""
    died_at, person.deceased_at = person.deceased_at, None
    await db.flush()
    if died_at is None:
        return
    await subscriptions.undo_end(db, person.id, died_at, now)
    listed = select(Certification.id).where(Certification.person_id == person.id, Certification.status == "deceased")
    for certification_id in (await db.scalars(listed)).all():
        await certifications.reopen(db, certification_id, now)
    await db.execute(
        update(Proxy)
        .where(Proxy.person_id == person.id, Proxy.ended_at == died_at)
        .where(Proxy.address_id.is_not(None), Proxy.relation != "")  # offered only: its code is worth nothing now
        .values(status="active", ended_at=None)
        .execution_options(synchronize_session=False)
    )


async def stop_all(db: AsyncSession, person_id: int, now: datetime) -> None:
    """End whatever runs for a person and take back what was not sent yet."""
    await silent_cases.close(db, [person_id], now)
    await db.execute(
        update(Certification)
        .where(Certification.person_id == person_id, Certification.status.in_(("open", "claimed")))
        .values(status="deceased")
        .execution_options(synchronize_session=False)
    )
    await db.execute(
        update(Reminder)
        .where(Reminder.person_id == person_id, Reminder.status == "pending")
        .values(status="stopped", next_at=None)
        .execution_options(synchronize_session=False)
    )
    await subscriptions.end_all(db, person_id, now)
    accounts = select(Address.id).where(Address.person_id == person_id)
    about = select(Reminder.id).where(Reminder.person_id == person_id)
    family = select(Proxy.address_id).where(Proxy.person_id == person_id)
    of_places = and_(Outbox.address_id.in_(family), exam_reminders.told_of(person_id))
    theirs = or_(Outbox.address_id.in_(accounts), Outbox.reminder_id.in_(about), of_places)
    await notice_hold.cancel(db, DECEASED, now, theirs)
    await db.execute(
        update(Proxy)
        .where(and_(Proxy.person_id == person_id, Proxy.status != "ended"))
        .values(status="ended", ended_at=now, code_hash=None)
        .execution_options(synchronize_session=False)
    )
    await exam_places.cancel_all(db, person_id, now)
    await event_places.cancel_all(db, person_id, now)
    await booking_people.cancel_all(db, person_id, now)


async def _named(db: AsyncSession, station_id: int | None) -> Staff | None:
    """Return whom the family gets: the station's lead on duty, else the bureau's, else whoever is there."""
    leads = select(Staff).where(Staff.active, Staff.on_duty, Staff.role == "lead").order_by(Staff.id).limit(1)
    parent = select(Station.parent_id).where(Station.id == station_id).scalar_subquery()
    for where in (Staff.station_id == (station_id or 0), Staff.station_id == parent, Staff.station_id.is_(None)):
        if found := await db.scalar(leads.where(where)):
            return found
    return next(iter(await on_duty(db)), None)


async def _hand_to(db: AsyncSession, case: SupportCase, staff: Staff, now: datetime) -> None:
    """Give the case to its person of staff, and tell them alone; whoever has it already keeps it."""
    if case.claimed_by is None:
        await cases.claim(db, case.id, staff, now, timedelta())
    if staff.telegram_id is not None:
        to = Recipient("telegram", str(staff.telegram_id), None, _LIMIT)
        about = About(key=f"death:{case.id}:{now.isoformat()}")
        await outbox.post(db, to, Reply(TOLD.format(code=case.code)), now, about=about)
