"""News of events reach everybody they concern, also when more come while others are being told."""

from datetime import timedelta

import pytest
from sqlalchemy import event as hooks
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from core.errors import Refusal
from db.engine import Database
from db.events import EventSignUp
from db.people import Address
from db.turns import Outbox
from handlers import event_notices
from services import employers, event_check_in, event_list, event_news, event_places, event_reminders, events
from services.who import Who
from tests.fakes.clock import START
from tests.fakes.eventhall import BEGINS, add_account, add_event, check_places, sign_up
from tests.fakes.examroom import add_person
from tests.fakes.sealed import VAULT


async def _told(database: Database) -> list[str]:
    async with database.snapshot() as db:
        return [row.payload["text"] for row in await db.scalars(select(Outbox).order_by(Outbox.id))]


async def _cancelled_at_once(database: Database, event: int) -> None:
    async with database.transaction() as db:
        await db.execute(text("SET LOCAL lock_timeout = '100ms'"))
        await events.cancel(db, event, "下雪", START)


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_cancelled_while_others_are_being_told(database: Database) -> None:
    """On SQLite one writes at a time."""
    async with database.transaction() as db:
        event = await add_event(db, capacity=1)
        first, _ = [await sign_up(db, event, name) for name in "ab"]
        await event_places.cancel(db, first.row.id, START)
    async with database.transaction() as telling:
        found = await event_news.waiting(telling, 9)
        assert [one.row.news for one in found] == ["moved_up"]
        async with database.transaction() as db:
            assert await event_news.waiting(db, 9) == []  # nobody is told twice
        with pytest.raises(DBAPIError, match="lock timeout"):
            await _cancelled_at_once(database, event)
        await event_news.told(telling, found)
    async with database.transaction() as db:
        await events.cancel(db, event, "下雪", START)
    async with database.transaction() as db:
        await event_notices.tell_news(VAULT, db, START)
    assert ["不办了" in said for said in await _told(database)] == [True]


async def test_whoever_came_on_the_first_day_of_a_class_hears_of_the_rest(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=3, kind="skill", ends_at=BEGINS + timedelta(days=20))
        came = await sign_up(db, event, "a")
        await sign_up(db, event, "b")
        await event_check_in.tick(db, event, came.row.id, BEGINS)
        outcome = await events.cancel(db, event, "老师病了", BEGINS + timedelta(days=1))
        assert outcome.told == 2
        ended = await add_event(db, door_code="1111")
        await sign_up(db, ended, "c")
        assert (await events.cancel(db, ended, "下雪", BEGINS + timedelta(hours=4))).told == 0


async def test_a_place_taken_before_the_account_was_bound_is_the_person_s(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=3)
        person = await add_person(db, "王建国")
        first, second = await add_account(db, "a", "web"), await add_account(db, "b")
        before = await event_places.sign_up(db, VAULT, event, Who(first), START)
        for account in (first, second):
            (await db.get_one(Address, account)).person_id = person.id
        await db.flush()
        for who in (Who(second, person.id), Who(person_id=person.id, made_by=event_places.BY_STAFF)):
            assert (await event_places.sign_up(db, VAULT, event, who, START)).row.id == before.row.id
        assert await check_places(db) == {event: (1, 0)}


async def test_nobody_is_checked_in_at_an_event_that_was_just_cancelled(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=3)
        as_it_was = await event_list.event_of(db, event)
        await sign_up(db, event, "a")
        account = await add_account(db, "b")
        await events.cancel(db, event, "下雪", BEGINS)
        with pytest.raises(Refusal, match="没有在办"):
            await event_check_in.arrive(db, VAULT, as_it_was, Who(account), BEGINS)


async def test_room_for_many_is_given_in_a_few_statements(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=1, taken=1)
        row = {"event_id": event, "made_by": "本人", "created_at": START}
        await db.execute(
            insert(EventSignUp),
            [row | {"code": f"ZP-{n}", "status": "waiting" if n else "active"} for n in range(400)],
        )
        one = await event_list.event_of(db, event)
        one.capacity = 301
        await db.flush()
        said: list[str] = []
        connection = (await db.connection()).sync_connection
        hooks.listen(connection, "before_cursor_execute", lambda *args: said.append(args[2]))
        moved = await event_places.fill(db, one, START)
        assert ([one.row.code for one in moved], len(said) < 9) == ([f"ZP-{n}" for n in range(1, 301)], True)
        assert await check_places(db) == {event: (301, 99)}


async def test_a_page_of_those_to_be_reminded(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=5)
        made = [await sign_up(db, event, name) for name in "abc"]
        found = []
        for _ in range(3):
            due = await event_reminders.due(db, BEGINS - timedelta(hours=20), 2)
            await event_reminders.reminded(db, due)
            found.append([one.row.id for one in due])
        assert found == [[one.row.id for one in made[:2]], [made[2].row.id], []]


@pytest.mark.parametrize("name", ["甲" * 61, "", " "])
async def test_an_employer_is_called_something(database: Database, name: str) -> None:
    async with database.transaction() as db:
        with pytest.raises(Refusal, match="最多 60 个字"):
            await employers.ensure(db, {name: None}, START)
