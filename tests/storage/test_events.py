"""Events as the databases keep them: what staff may write, more room for those who wait, who was there, records joined."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.engine import Database
from db.events import Event, EventSignUp
from db.people import Person
from db.staff import Staff
from services import (
    event_check_in,
    event_fair,
    event_list,
    event_people,
    event_places,
    event_sign_ups,
    events,
    person_merge,
)
from services.events import EventSheet, Figures
from services.who import BY_STAFF, Who
from tests.fakes.clock import START
from tests.fakes.eventhall import BEGINS, add_account, add_event, check_places, sign_up
from tests.fakes.examroom import add_boss, add_person
from tests.fakes.sealed import VAULT

SHEET = EventSheet(
    "skill", " 焊工  培训班 ", BEGINS, BEGINS + timedelta(days=5), None, "县职教中心", "0573-88001234", "第一行\n\n  第二行",
    "", "", ("三属", "退役军人"), 30,
)  # fmt: skip


@pytest.fixture
async def boss(database: Database) -> Staff:
    async with database.transaction() as db:
        return await add_boss(db)


async def test_a_draft_is_written_down_as_staff_meant_it(database: Database, boss: Staff) -> None:
    async with database.transaction() as db:
        event = await events.create(db, boss, SHEET, START)
        assert (event.title, event.status, event.taken, event.closes_at) == ("焊工 培训班", "draft", 0, BEGINS)
        assert event.about == "第一行\n第二行"
        assert event.categories == ["退役军人", "三属"]
        assert len(event.door_code) == 4
        assert await event_list.to_come(db, START) == []
        with pytest.raises(Refusal, match="已经不能报名"):
            await event_places.sign_up(db, VAULT, event.id, Who(address_id=await add_account(db, "a")), START)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"starts_at": START - timedelta(hours=1)}, "已经过去了"),
        ({"starts_at": None}, "请选开始和结束"),
        ({"ends_at": BEGINS}, "要晚于开始"),
        ({"ends_at": BEGINS + timedelta(days=400)}, "最长 200 天"),
        ({"closes_at": BEGINS + timedelta(days=6)}, "不能晚于结束"),
        ({"title": "  "}, "请写上名称"),
        ({"title": "长" * 31}, "最多 30 个字"),
        ({"place": ""}, "请写上地点"),
        ({"capacity": 0}, "1 到 10000"),
        ({"capacity": None}, "1 到 10000"),
        ({"kind": "party"}, "请选择活动的种类"),
        ({"categories": ("皇亲",)}, "没有“皇亲”这一类"),
    ],
)
async def test_what_cannot_be_is_said(database: Database, boss: Staff, change: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        async with database.transaction() as db:
            await events.create(db, boss, replace(SHEET, **change), START)
    async with database.snapshot() as db:
        assert (await db.scalars(select(Event))).all() == []


async def test_published_once_and_never_into_the_past(database: Database, boss: Staff) -> None:
    async with database.transaction() as db:
        event = (await events.create(db, boss, SHEET, START)).id
        with pytest.raises(Refusal, match="先改时间"):
            await events.publish(db, event, BEGINS)
        assert (await events.publish(db, event, START)).announced_to == 0
        with pytest.raises(Refusal, match="已经发布过"):
            await events.publish(db, event, START)


async def test_more_room_is_given_to_those_who_wait_in_their_order(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=1)
        found = [await sign_up(db, event, name) for name in "abcd"]
        assert [one.position for one in found] == [None, 1, 2, 3]
        sheet = await _sheet_of(db, event)
        outcome = await events.change(db, event, replace(sheet, capacity=3), START)
        assert [one.row.id for one in outcome.moved_up] == [found[1].row.id, found[2].row.id]
        assert outcome.told == 0
        assert await check_places(db) == {event: (3, 1)}
        left = await event_sign_ups.find(db, found[3].row.id)
        assert left is not None
        assert left.position == 1
        with pytest.raises(Refusal, match="已经报了 3 人"):
            await events.change(db, event, replace(sheet, capacity=2), START)


async def _sheet_of(db: Any, event_id: int) -> EventSheet:
    one = await event_list.event_of(db, event_id)
    return EventSheet(
        one.kind, one.title, one.starts_at, one.ends_at, one.closes_at, one.place, one.phone, one.about, one.bring,
        one.materials, one.categories, one.capacity,
    )  # fmt: skip


async def test_nobody_moves_up_once_it_has_begun(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=1)
        first, _ = [await sign_up(db, event, name) for name in "ab"]
        _, moved = await event_places.cancel(db, first.row.id, BEGINS)
        assert moved == []


async def test_staff_may_sign_up_whom_the_chat_would_not(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, categories=["三属"], closes_at=START - timedelta(days=1), capacity=3)
        person = await add_person(db, "王建国")
        account = await add_account(db, "a", person_id=person.id)
        with pytest.raises(Refusal, match="已经不能报名"):
            await event_places.sign_up(db, VAULT, event, Who(account, person.id), START)
        one = await event_places.sign_up(db, VAULT, event, Who(person_id=person.id, made_by=BY_STAFF), START)
        again = await event_places.sign_up(db, VAULT, event, Who(account, person.id), START)
        assert again.row.id == one.row.id  # one person, one place, whichever way
        await event_places.sign_up(db, VAULT, event, Who(name="李秀英", phone="13812345678", made_by=BY_STAFF), START)
        with pytest.raises(Refusal, match="姓名或电话"):
            await event_places.sign_up(db, VAULT, event, Who(made_by=BY_STAFF), START)


async def test_those_who_have_died_take_no_place(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db)
        person = await add_person(db, "王建国", deceased_at=START)
        with pytest.raises(Refusal, match="没有找到"):
            await event_places.sign_up(db, VAULT, event, Who(person_id=person.id), START)
        assert await check_places(db) == {event: (0, 0)}


async def test_ticking_off(database: Database) -> None:
    async with database.transaction() as db:
        event, other = await add_event(db, capacity=1), await add_event(db, door_code="1111")
        here, waits = [await sign_up(db, event, name) for name in "ab"]
        elsewhere = await sign_up(db, other, "c")
        with pytest.raises(Refusal, match="还没到签到时间"):
            await event_check_in.tick(db, event, here.row.code, BEGINS - timedelta(hours=2))
        typed = here.row.code.lower().replace("-", " ")
        one = await event_check_in.tick(db, event, typed, BEGINS)
        assert one.row.attended_at == BEGINS
        again = await event_check_in.tick(db, event, here.row.id, BEGINS + timedelta(minutes=5))
        assert again.row.attended_at == BEGINS
        for which in (elsewhere.row.code, elsewhere.row.id, "", "ZP-0000"):
            with pytest.raises(Refusal, match="没有报名号"):
                await event_check_in.tick(db, event, which, BEGINS)
        with pytest.raises(Refusal, match="名额已经满了"):
            await event_check_in.tick(db, event, waits.row.id, BEGINS)
        with pytest.raises(Refusal, match="不用取消"):
            await event_places.cancel(db, here.row.id, BEGINS)
        assert await event_check_in.count(db, event) == (1, 1)
        assert (await event_check_in.untick(db, event, here.row.id)).row.attended_at is None
        assert await event_check_in.count(db, event) == (0, 1)


async def test_whoever_waited_and_came_gets_a_place_that_is_free(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=1)
        first, waits = [await sign_up(db, event, name) for name in "ab"]
        await event_places.cancel(db, first.row.id, BEGINS)
        one = await event_check_in.tick(db, event, waits.row.code, BEGINS)
        assert (one.row.status, one.position) == ("active", None)
        assert await check_places(db) == {event: (1, 0)}


async def test_somebody_without_a_telephone_walks_in(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=1)
        with pytest.raises(Refusal, match="还没到签到时间"):
            await event_check_in.walk_in(db, VAULT, event, "王大爷", None, START)
        one = await event_check_in.walk_in(db, VAULT, event, "王大爷", None, BEGINS)
        assert (one.row.attended_at, one.row.news) == (BEGINS, None)
        with pytest.raises(Refusal, match="名额已经满了"):
            await event_check_in.walk_in(db, VAULT, event, "李大爷", None, BEGINS)


async def test_staff_see_masks_and_who_must_be_telephoned(database: Database, boss: Staff) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=2)
        person = await add_person(db, "王建国", phone="13812345678")
        await event_places.sign_up(db, VAULT, event, Who(person_id=person.id, made_by=BY_STAFF), START)
        stranger = Who(await add_account(db, "a"), name="李秀英", phone="13912345678")
        await event_places.sign_up(db, VAULT, event, stranger, START)
        await sign_up(db, event, "b")
        told = [(one.name, one.phone, one.state, one.told) for one in await event_people.lines(db, VAULT, boss, event)]
        assert told == [
            ("王**", "138****5678", "已报名", False), ("李**", "139****5678", "已报名", True), ("", "", "候补第 1 位", True),
        ]  # fmt: skip
        full = event_people.table(await event_people.lines(db, VAULT, boss, event, full=True))
        assert [row[1:3] for row in full] == [["王建国", "13812345678"], ["李秀英", "13912345678"], ["", ""]]
        assert [(one.id, waits, came) for one, waits, came in await event_people.overview(db, past=False)] == [
            (event, 1, 0)
        ]
        assert (await event_people.waiting(db, event), await event_people.silent(db, event)) == (1, 1)


async def test_over_when_it_has_ended_and_counted_afterwards(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db)
        assert (await events.finish(db, BEGINS)).done == 0
        assert (await events.finish(db, BEGINS + timedelta(hours=3))).done == 1
        one = await events.note_figures(db, event, Figures(318, 66, 2, None))
        assert (one.status, one.applicants, one.intentions, one.hired, one.attended) == ("over", 318, 66, 2, None)
        with pytest.raises(Refusal, match="0 到 100000"):
            await events.note_figures(db, event, Figures(-1, None, None, None))
        with pytest.raises(Refusal):
            await events.cancel(db, event, "下雪", BEGINS + timedelta(hours=3))


async def test_records_that_are_joined_keep_one_place_and_the_other_goes_on(database: Database) -> None:
    async with database.transaction() as db:
        event = await add_event(db, capacity=2)
        one, same = await add_person(db, "王建国"), await add_person(db, "王建国")
        await event_places.sign_up(db, VAULT, event, Who(person_id=one.id), START)
        await event_places.sign_up(db, VAULT, event, Who(person_id=same.id), START)
        waits = await sign_up(db, event, "waits")
        await person_merge.move_all(db, await db.get_one(Person, one.id), await db.get_one(Person, same.id), START)
        assert await check_places(db) == {event: (2, 0)}
        rows = (await db.scalars(select(EventSignUp).where(EventSignUp.status == "active"))).all()
        assert {row.person_id for row in rows} == {one.id, None}
        assert {row.id for row in rows} > {waits.row.id}


async def test_only_a_fair_has_stands(database: Database) -> None:
    async with database.transaction() as db:
        lecture = await add_event(db, kind="lecture")
        with pytest.raises(Refusal, match="只有招聘会"):
            await event_fair.put_stand(db, lecture, 1, "1")
        fair = await add_event(db)
        with pytest.raises(Refusal, match="没有找到这家企业"):
            await event_fair.put_stand(db, fair, 1, "1")


def test_doors_open_an_hour_before_and_close_with_the_event() -> None:
    event = Event(starts_at=BEGINS, ends_at=BEGINS + timedelta(hours=3), status="open")
    moments: dict[datetime, bool] = {
        BEGINS - timedelta(minutes=61): False, BEGINS - timedelta(hours=1): True, BEGINS + timedelta(hours=2): True,
        BEGINS + timedelta(hours=3): False,
    }  # fmt: skip
    assert {at: event_list.door_is_open(event, at) for at in moments} == moments
