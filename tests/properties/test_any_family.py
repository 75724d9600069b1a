"""Whatever people say and press, in any order and at any time: nobody acts for an elder without an active proxy."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.clock import CHINA
from db.campaigns import Certification
from db.engine import Database
from db.people import Address, Person
from db.proxies import Proxy
from db.staff import Audit
from db.turns import Inbox
from handlers.reminded_for import NOT_YOURS
from services import deaths, proxies
from tests.databases import SqliteFile
from tests.fakes.clock import SettableClock
from tests.fakes.county import OPENS, nine
from tests.journeys.family import Family

ACTS = ("cert-done", "cert-book", "cert-later", "cert-moved", "cert-unbind", "cert-gone")
SPEAKERS = ("elder", "daughter", "son", "stranger")
STEPS = st.one_of(
    st.tuples(st.just("press"), st.sampled_from(SPEAKERS), st.sampled_from(ACTS)),
    st.tuples(st.just("offer"), st.just("elder"), st.sampled_from("12")),
    st.tuples(st.just("take"), st.sampled_from(SPEAKERS), st.sampled_from(("1", "2", ""))),
    st.tuples(st.just("stop"), st.sampled_from(SPEAKERS), st.just("")),
    st.tuples(st.just("wait"), st.just(""), st.sampled_from((1, 25, 24 * 400))),
    st.tuples(st.just("undo"), st.just(""), st.just("")),
)


@asynccontextmanager
async def _family(path: Path) -> AsyncIterator[tuple[Family, Person]]:
    template = SqliteFile(path)
    async with template.database() as url:
        database = Database(url)
        family = Family(database, SettableClock(datetime(2027, 2, 1, 2, tzinfo=UTC)))
        await family.build()
        await family.county.draft()
        person, elder = await family.at_home()
        family.visitors["telegram", "elder"] = elder
        family.visitors["telegram", "daughter"] = await family.relative(person, ends_on=date(2027, 4, 1))
        family.visitors["telegram", "son"] = await family.relative(person, "儿子", scopes=["book"])
        await family.county.start()
        await family.county.goes(nine(OPENS))
        yield family, person
        await database.close()


async def _allowed(family: Family, person: Person, name: str) -> bool:
    """Tell by the tables alone whether an account may answer the elder's reminders."""
    visitor = family.visitor(name)
    async with family.database.snapshot() as db:
        address = await db.scalar(
            select(Address).where(Address.channel == "telegram", Address.external_id == visitor.name)
        )
        if address is None:
            return False
        if address.person_id == person.id:
            return True
        dead = (await db.get_one(Person, person.id)).deceased_at is not None
        rows = await db.scalars(select(Proxy).where(Proxy.person_id == person.id, Proxy.address_id == address.id))
        today: date = family.clock().astimezone(CHINA).date()
        good = [row for row in rows if row.status == "active" and row.ends_on >= today and "remind" in row.scopes]
        return bool(good) and not dead


async def _state(family: Family, person: Person) -> tuple[Any, ...]:
    async with family.database.snapshot() as db:
        row = (await db.scalars(select(Certification).where(Certification.person_id == person.id))).one()
        known = await db.get_one(Person, person.id)
        return row.status, row.claimed_from, known.deceased_at


async def _go(path: Path, steps: list[tuple[str, str, Any]]) -> None:
    async with _family(path) as (family, person):
        number, code = (await family.county.reminder(person)).id, "000000"
        for step, name, what in steps:
            if step == "wait":
                family.clock.advance(timedelta(hours=what).total_seconds())
            elif step == "undo":
                async with family.database.transaction() as db:
                    await deaths.undo(db, await db.get_one(Person, person.id), family.clock())
            elif step == "offer":
                said = await family.visitor(name).says("亲属代办", "1", what)
                code = next(iter(re.findall(r"\b(\d{6})\b", said.text)), code)
            elif step == "take":
                await family.visitor(name).says(f"代办 {code}", *([what] if what else []))
            elif step == "stop":
                await family.visitor(name).says("停止代办")
            else:
                allowed, before = await _allowed(family, person, name), await _state(family, person)
                said = await family.visitor(name).presses(f"{what}:{number}")
                assert (said.text == NOT_YOURS) == (not allowed)
                assert allowed or await _state(family, person) == before
        async with family.database.snapshot() as db:
            assert list(await db.scalars(select(Inbox.error).where(Inbox.error.is_not(None)))) == []
            acted = await db.scalars(select(Audit.detail).where(Audit.action == "proxy_acted"))
            relations = "|".join(proxies.RELATIONS)
            assert all(re.fullmatch(f"({relations}) 代 王某", detail["who"]) for detail in acted)


@pytest.fixture(scope="module")
def template(_sqlite: SqliteFile) -> Path:
    return _sqlite._path


@settings(max_examples=10)
@given(steps=st.lists(STEPS, min_size=1, max_size=12))
def test_nobody_acts_without_an_active_proxy(template: Path, steps: list[tuple[str, str, Any]]) -> None:
    asyncio.run(_go(template, steps))
