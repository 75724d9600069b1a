"""Batches of examinations in short, and people to sign up for them."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.exams import ExamBatch, ExamPlace, ExamSession
from db.people import Address, Person
from db.staff import Staff
from services import person_cards
from services.vault import Vault
from tests.fakes.clock import START
from tests.fakes.sealed import VAULT

FIRST_DAY = date(2026, 12, 1)
"""A Tuesday, ten days after the clock's day."""


async def add_people(db: AsyncSession, count: int) -> list[int]:
    """Add people without names; return their ids."""
    rows = [{"categories": [], "created_at": START} for _ in range(count)]
    return list(await db.scalars(insert(Person).returning(Person.id), rows))


async def add_person(db: AsyncSession, name: str, vault: Vault = VAULT, **columns: Any) -> Person:
    """Add somebody with a name, and an account when one is named as (channel, external id)."""
    account = columns.pop("account", None)
    phone = columns.pop("phone", None)
    person = Person(
        name=vault.encrypt(name), name_key=person_cards.name_key(vault, name),
        phone=vault.encrypt(phone) if phone else None, phone_key=person_cards.phone_key(vault, phone),
        **({"categories": ["退役军人"], "created_at": START} | columns),
    )  # fmt: skip
    db.add(person)
    await db.flush()
    if account is not None:
        db.add(Address(person_id=person.id, channel=account[0], external_id=account[1], created_at=START))
        await db.flush()
    return person


async def add_boss(db: AsyncSession, **columns: Any) -> Staff:
    """Add one of staff of the whole bureau."""
    staff = Staff(**({"login": "boss", "name": "王专员", "role": "lead", "created_at": START} | columns))
    db.add(staff)
    await db.flush()
    return staff


async def add_batch(db: AsyncSession, *sessions: tuple[date, str, int], **columns: Any) -> tuple[ExamBatch, list[int]]:
    """Add an open batch with sessions of (day, half, capacity); return it with the ids of the sessions."""
    values = {
        "kind": "exam", "title": "2026年优抚对象体检", "place": "县人民医院体检中心", "before": "头天晚上10点后别吃东西",
        "bring": "身份证、优待证", "phone": "0573-88001234", "categories": [], "closes_on": date(2026, 11, 30),
        "status": "open", "created_at": START,
    }  # fmt: skip
    batch = ExamBatch(**(values | columns))
    db.add(batch)
    await db.flush()
    made = [
        ExamSession(batch_id=batch.id, day=day, half=half, capacity=places, taken=0) for day, half, places in sessions
    ]
    db.add_all(made)
    await db.flush()
    return batch, [session.id for session in made]


async def check_places(db: AsyncSession) -> dict[int, int]:
    """Check that every session counts its places truly and none is oversold; return how many each has."""
    counted = await db.execute(
        select(ExamPlace.session_id, func.count()).where(ExamPlace.status == "active").group_by(ExamPlace.session_id)
    )
    places = dict(iter(counted))
    sessions = (await db.scalars(select(ExamSession).order_by(ExamSession.id))).all()
    assert all(0 <= session.taken <= session.capacity for session in sessions)
    assert {session.id: session.taken for session in sessions} == {s.id: places.get(s.id, 0) for s in sessions}
    doubled = select(ExamPlace.person_id).where(ExamPlace.status == "active")
    doubled = doubled.group_by(ExamPlace.batch_id, ExamPlace.person_id).having(func.count() > 1)
    assert (await db.scalars(doubled)).all() == []
    return {session.id: session.taken for session in sessions}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of December 2026 in China; day 0 is the 30th of November."""
    return datetime(2026, 11, 30, hour, minute, tzinfo=CHINA) + timedelta(days=day)
