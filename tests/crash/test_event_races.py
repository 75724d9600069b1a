"""However many reach for a place at an event at once, from four processes, none is sold twice and nobody waits for a free one."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import insert, select

from db.engine import Database
from db.events import EventSignUp
from db.people import Address
from services import event_check_in, event_places, event_sign_ups
from tests.crash import event_driver
from tests.crash.crowd import Act, let_loose
from tests.fakes.clock import START
from tests.fakes.eventhall import add_event, check_places
from tests.fakes.examroom import add_people
from tests.fakes.sealed import VAULT

pytestmark = pytest.mark.crash


async def _crowd(database: Database, count: int, **columns: Any) -> tuple[int, list[int]]:
    """Return an event, and the accounts of those who want to come."""
    async with database.transaction() as db:
        event = await add_event(db, **columns)
        rows = [
            {"channel": "telegram", "external_id": str(n), "reachable": True, "created_at": START} for n in range(count)
        ]
        accounts = list(await db.scalars(insert(Address).returning(Address.id), rows))
    return event, accounts


async def test_two_hundred_for_fifty_places(spawn: Any, database_url: str, database: Database) -> None:
    """Each of them twice, from two processes, as people do who tap again: 50 come, 150 wait, in a row without gaps."""
    event, accounts = await _crowd(database, 200, capacity=50)
    shares: list[list[Act]] = [[("sign_up", one, event) for one in accounts[n::2]] for n in range(2)] * 2
    results = let_loose(spawn, database_url, event_driver.do, shares)
    assert Counter(said for _, said in results) == {"active": 100, "waiting": 300}
    async with database.snapshot() as db:
        assert await check_places(db) == {event: (50, 150)}
        rows = await db.scalars(select(EventSignUp).where(EventSignUp.status == "waiting").order_by(EventSignUp.id))
        assert [await event_sign_ups.position(db, row) for row in rows] == list(range(1, 151))


async def test_places_given_back_go_to_those_who_wait(spawn: Any, database_url: str, database: Database) -> None:
    """While people leave, die, sign up, and staff make more room: never oversold, and no place is free while one waits."""
    event, accounts = await _crowd(database, 100, capacity=30)
    async with database.transaction() as db:
        signed = [
            await event_places.sign_up(db, VAULT, event, event_places.Who(address_id=one), START)
            for one in accounts[:60]
        ]
        people = await add_people(db, 20)
        for person in people[:10]:
            await event_places.sign_up(db, VAULT, event, event_places.Who(person_id=person), START)
    acts: list[Act] = [("cancel", one.row.id, 0) for one in signed[:15]] * 2
    acts += [("sign_up", one, event) for one in accounts[60:]] + [("die", one, 0) for one in people[:10]]
    acts += [("sign_up_person", one, event) for one in people[10:]] + [("grow", 40, event)]
    results = let_loose(spawn, database_url, event_driver.do, [acts[n::4] for n in range(4)])
    told = {said for _, said in results}
    assert told <= {"done", "active", "waiting", event_sign_ups.NO_PLACE}
    async with database.snapshot() as db:
        assert await check_places(db) == {event: (40, 100 + 20 - 15 - 10 - 40)}
        moved = await db.scalars(select(EventSignUp.news).where(EventSignUp.news == "moved_up"))
        assert len(moved.all()) >= 10 + 15 - 10  # whoever got a place left by one of the first thirty, or a new one


async def test_the_last_place_at_the_door(spawn: Any, database_url: str, database: Database) -> None:
    """Two hundred walk in at once where thirty have room, each telling the code twice."""
    event, accounts = await _crowd(database, 200, capacity=30)
    shares: list[list[Act]] = [[("arrive", one, event) for one in accounts[n::2]] for n in range(2)] * 2
    results = let_loose(spawn, database_url, event_driver.do, shares)
    assert Counter(said for _, said in results) == {"done": 60, event_check_in.FULL: 340}
    async with database.snapshot() as db:
        assert await check_places(db) == {event: (30, 0)}
        assert await event_check_in.count(db, event) == (30, 30)


async def test_an_event_is_cancelled_under_those_who_come_and_go(
    spawn: Any, database_url: str, database: Database
) -> None:
    event, accounts = await _crowd(database, 60, capacity=10)
    async with database.transaction() as db:
        signed = [
            await event_places.sign_up(db, VAULT, event, event_places.Who(address_id=one), START)
            for one in accounts[:20]
        ]
    acts: list[Act] = [("sign_up", one, event) for one in accounts[20:]]
    acts += [("cancel", one.row.id, 0) for one in signed[:5]] + [("off", 0, event)]
    results = let_loose(spawn, database_url, event_driver.do, [acts[n::4] for n in range(4)])
    assert (("off", 0, event), "done") in results
    async with database.snapshot() as db:
        rows = await db.scalars(select(EventSignUp).where(EventSignUp.status != "cancelled"))
        assert {row.news for row in rows} == {"cancelled"}  # everybody who stands hears of it
