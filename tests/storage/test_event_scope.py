"""Who of staff sees whom of an event: the people of their stations, and those of whom no station is known."""

import pytest

from core.errors import Refusal
from db.engine import Database
from db.people import Address
from db.places import Station
from db.staff import Staff
from services import event_arrivals, event_check_in, event_people, event_places
from services.scope import may
from services.who import Who
from tests.fakes.clock import START
from tests.fakes.eventhall import BEGINS, add_account, add_event
from tests.fakes.examroom import add_boss, add_person
from tests.fakes.sealed import VAULT


async def test_people_of_another_station_are_neither_shown_nor_given_out(database: Database) -> None:
    async with database.transaction() as db:
        here, there = Station(name="甲站", level="township"), Station(name="乙站", level="township")
        db.add_all([here, there])
        await db.flush()
        event, other, boss = await add_event(db, capacity=3), await add_event(db, door_code="1111"), await add_boss(db)
        away = await add_person(db, "欧阳建国", phone="13812345678", station_id=here.id)
        later = await add_person(db, "司马光明", phone="13812345679", station_id=here.id)
        own = await add_person(db, "王建国", phone="13812345670", station_id=there.id)
        account = await add_account(db, "later")
        made = [
            await event_places.sign_up(db, VAULT, event, who, START)
            for who in (
                Who(person_id=away.id), Who(account, name="司马光明"), Who(name="李秀英", made_by="工作人员"), Who(person_id=own.id),
            )
        ]  # fmt: skip
        (await db.get_one(Address, account)).person_id = later.id
        await db.flush()
        agent = Staff(login="x", name="x", role="agent", station_id=there.id)
        seen = await event_people.lines(db, VAULT, agent, event, full=True)
        assert [(line.name, line.position) for line in seen] == [("李秀英", None), ("王建国", 1)]
        assert len(await event_people.lines(db, VAULT, boss, event)) == 4
        await event_people.check_seen(db, agent, event, made[3].row.id)
        for event_id, one in ((event, made[0]), (event, made[1]), (other, made[3])):
            with pytest.raises(Refusal, match="没有找到这个报名"):
                await event_people.check_seen(db, agent, event_id, one.row.id)
        await event_check_in.tick(db, event, made[0].row.code, BEGINS)
        names = [[one.name for one in await event_arrivals.last(db, VAULT, who, event, 9)] for who in (agent, boss)]
        assert names == [[""], ["欧阳**"]]


async def test_a_code_shown_at_the_door_is_found_whoever_shows_it(database: Database) -> None:
    async with database.transaction() as db:
        event, other = await add_event(db), await add_event(db, door_code="1111")
        one = await event_places.sign_up(db, VAULT, event, Who(name="李秀英", made_by="工作人员"), START)
        letters, rest = one.row.code.split("-")
        for signs in (letters + rest, rest):
            assert await event_people.coded(db, event, signs) == [one.row.id]
            assert await event_people.coded(db, other, signs) == []
        for signs in ("", rest[1:], "%", letters):
            assert await event_people.coded(db, event, signs) == []


def test_an_event_of_the_whole_bureau_is_not_for_staff_of_one_station() -> None:
    def plans(role: str, station_id: int | None) -> bool:
        return may(Staff(login="x", name="x", role=role, station_id=station_id), "event_plans")

    assert [plans(role, None) for role in ("admin", "lead", "agent", "editor", "grid")] == [True] * 4 + [False]
    assert [plans(role, 1) for role in ("admin", "lead", "agent", "editor")] == [True, False, False, False]
