"""Batches, sessions and attendance as the databases keep them: nothing below what is taken, nothing twice, good rows in."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.errors import Refusal
from db.engine import Database
from db.exams import ExamBatch, ExamPlace, ExamSession
from db.reminders import Reminder
from db.staff import Staff
from handlers import exam_desk
from services import attendance, exam_lists, exam_places, exam_sessions, exams
from services.exams import BatchSheet
from services.table import write_table
from tests.fakes.clock import START, SettableClock
from tests.fakes.examroom import FIRST_DAY, add_batch, add_boss, add_people, add_person, at, check_places
from tests.fakes.sealed import VAULT
from tests.storage.bureau import add_staff, add_station

GOOD: dict[str, Any] = {
    "kind": "exam", "title": "2026年体检", "place": "县医院", "before": "", "bring": "身份证", "phone": "110",
    "categories": ["三属"], "closes_on": FIRST_DAY,
}  # fmt: skip


@pytest.fixture
async def boss(database: Database) -> Staff:
    async with database.transaction() as db:
        return await add_boss(db)


async def made(database: Database, boss: Staff, **changes: Any) -> ExamBatch:
    async with database.transaction() as db:
        return await exams.create(db, boss, BatchSheet(**(GOOD | changes)), START)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "party"}, "请选择"), ({"title": " "}, "名称"), ({"place": ""}, "地点"), ({"bring": ""}, "要带"),
        ({"phone": ""}, "电话"), ({"title": "长" * 31}, "最多 30"), ({"categories": ["富人"]}, "富人"),
        ({"closes_on": None}, "截止"),
    ],
)  # fmt: skip
async def test_what_is_missing_is_said(database: Database, boss: Staff, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said):
        await made(database, boss, **changes)
    async with database.snapshot() as db:
        assert await exam_lists.overview(db) == []


async def test_a_title_stands_once(database: Database, boss: Staff) -> None:
    first, other = await made(database, boss), await made(database, boss, title="另一批")
    for again in (made(database, boss), _change(database, other.id, title=first.title)):
        with pytest.raises(Refusal, match="换个名称"):
            await again
    await _change(database, first.id, place="中医院")
    async with database.snapshot() as db:
        assert (await exams.batch_of(db, first.id)).place == "中医院"


async def _change(database: Database, batch_id: int, **changes: Any) -> None:
    async with database.transaction() as db:
        await exams.change(db, batch_id, BatchSheet(**(GOOD | changes)))


async def test_half_days_come_in_one_go_and_once(database: Database, boss: Staff) -> None:
    batch = await made(database, boss)
    days = [date(2026, 12, 4) + timedelta(days=number) for number in range(5)]  # Friday to Tuesday
    async with database.transaction() as db:
        with pytest.raises(Refusal, match="还没有安排"):
            await exams.set_open(db, batch.id, opened=True)
        assert await exam_sessions.add_half_days(db, batch.id, days, ["am"], 20) == 3
        assert await exam_sessions.add_half_days(db, batch.id, days, ["am", "pm"], 30) == 3
        assert await exam_sessions.add_half_days(db, batch.id, days[1:3], ["am"], 5, free_days=True) == 2
        found = await exam_sessions.sessions_of(db, batch.id)
        assert [(s.day.day, s.half, s.capacity) for s in found] == [
            (4, "am", 20), (4, "pm", 30), (5, "am", 5), (6, "am", 5), (7, "am", 20), (7, "pm", 30), (8, "am", 20),
            (8, "pm", 30),
        ]  # fmt: skip
        assert (await exams.set_open(db, batch.id, opened=True)).status == "open"


@pytest.mark.parametrize(
    ("days", "halves", "places"),
    [
        ([], ["am"], 5), ([FIRST_DAY] * 93, ["am"], 5), ([FIRST_DAY], [], 5), ([FIRST_DAY], ["days"], 5),
        ([FIRST_DAY], ["am"], 0), ([FIRST_DAY], ["am"], 1001), ([date(2026, 12, 5)], ["am"], 5),
    ],
)  # fmt: skip
async def test_half_days_that_cannot_be(
    database: Database, boss: Staff, days: list[date], halves: list[str], places: int
) -> None:
    batch = await made(database, boss)
    async with database.transaction() as db:
        with pytest.raises(Refusal):
            await exam_sessions.add_half_days(db, batch.id, days, halves, places)


async def test_groups_of_a_recuperation(database: Database, boss: Staff) -> None:
    batch = await made(database, boss, kind="recuperation")
    async with database.transaction() as db:
        await exam_sessions.add_group(db, batch.id, FIRST_DAY, FIRST_DAY + timedelta(days=4), 10)
        for until in (FIRST_DAY, FIRST_DAY - timedelta(days=1), FIRST_DAY + timedelta(days=40)):
            with pytest.raises(Refusal):
                await exam_sessions.add_group(db, batch.id, FIRST_DAY, until, 10)
        with pytest.raises(Refusal):
            await exam_sessions.add_half_days(db, batch.id, [FIRST_DAY], ["am"], 5)


async def test_never_fewer_places_than_are_taken(database: Database) -> None:
    async with database.transaction() as db:
        _, (session,) = await add_batch(db, (FIRST_DAY, "am", 3))
        for person in await add_people(db, 2):
            await exam_places.sign_up(db, session, person, "本人", START)
        assert (await exam_sessions.set_capacity(db, session, 2)).capacity == 2
        with pytest.raises(Refusal, match="已经报了 2 人"):
            await exam_sessions.set_capacity(db, session, 1)
        with pytest.raises(Refusal):
            await exam_sessions.set_capacity(db, 404, 1)
        assert await check_places(db) == {session: 2}


async def test_the_dead_give_their_places_back(database: Database) -> None:
    async with database.transaction() as db:
        _, (past, coming) = await add_batch(db, (date(2026, 11, 1), "am", 1), (FIRST_DAY, "am", 1))
        other, (later,) = await add_batch(db, (FIRST_DAY, "pm", 1), title="另一批")
        person = await add_person(db, "王建国")
        await exam_places.sign_up(db, past, person.id, "本人", START)
        await exam_places.sign_up(db, later, person.id, "本人", START)
        assert await exam_places.cancel_all(db, person.id, START) == 1
        assert await exam_places.cancel_all(db, person.id, START) == 0
        assert await check_places(db) == {past: 1, coming: 0, later: 0}
        assert {row.status for row in await db.scalars(select(Reminder))} == {"stopped"}
        person.deceased_at = START
        with pytest.raises(Refusal):
            await exam_places.sign_up(db, coming, person.id, "工作人员", START)
        assert other.id


async def test_two_records_become_one(database: Database) -> None:
    async with database.transaction() as db:
        _, (first, second) = await add_batch(db, (FIRST_DAY, "am", 5), (FIRST_DAY, "pm", 5))
        _, (only,) = await add_batch(db, (FIRST_DAY, "am", 5), title="另一批")
        keep, gone = await add_people(db, 2)
        await exam_places.sign_up(db, first, keep, "本人", START)
        await exam_places.sign_up(db, second, gone, "本人", START)
        await exam_places.sign_up(db, only, gone, "本人", START)
        await exam_places.hand_over(db, gone, keep, START)
        assert await check_places(db) == {first: 1, second: 0, only: 1}
        assert set(await db.scalars(select(ExamPlace.person_id))) == {keep}


async def came(database: Database) -> dict[str, bool | None]:
    async with database.snapshot() as db:
        return {row.code: row.attended for row in await db.scalars(select(ExamPlace).order_by(ExamPlace.id))}


async def test_attendance_is_typed_in_on_the_day(database: Database, boss: Staff, clock: SettableClock) -> None:
    async with database.transaction() as db:
        _, (session, other) = await add_batch(db, (FIRST_DAY, "am", 5), (FIRST_DAY, "pm", 5))
        people = await add_people(db, 4)
        places = [
            (await exam_places.sign_up(db, one, person, "本人", START)).place.id
            for one, person in zip((session, session, session, other), people, strict=True)
        ]
        with pytest.raises(Refusal, match="12月1日还没到"):
            await attendance.type_in(db, boss, session, places, places, clock())
        clock.moment = at(1, 12)
        # the third was not on the page, the fourth is of another session
        listed = [places[0], places[1], places[3]]
        assert await attendance.type_in(db, boss, session, listed, [places[0], places[3], 404], clock()) == 1
    assert list((await came(database)).values()) == [True, False, None, None]


async def test_the_hospitals_table_comes_in_row_by_row(database: Database, boss: Staff, clock: SettableClock) -> None:
    async with database.transaction() as db:
        batch, (session, tomorrow) = await add_batch(db, (FIRST_DAY, "am", 9), (FIRST_DAY + timedelta(days=1), "am", 9))
        codes = {}
        for name in ("王建国", "李秀英", "赵铁柱", "钱大妈"):
            person = await add_person(db, name)
            one = await exam_places.sign_up(db, tomorrow if name == "钱大妈" else session, person.id, "本人", START)
            codes[name] = one.place.code
    clock.moment = at(1, 18)
    rows = [
        [codes["王建国"].lower().replace("-", " "), "王建国", "到了"],
        [codes["李秀英"], "", "没到"],
        [codes["赵铁柱"], "赵钢柱", "到了"],
        [codes["钱大妈"], "", "到了"],
        ["TJ-ZZZZ", "", "到了"],
        [codes["李秀英"], "", "到了"],
        [codes["赵铁柱"], "", "也许"],
        ["", "谁", "到了"],
    ]
    table = attendance.read(write_table(["报名号", "姓名", "到没到"], rows, xlsx=True))
    async with database.transaction() as db:
        looked = await attendance.bring(db, VAULT, boss, batch.id, table, clock(), write=False)
    assert set((await came(database)).values()) == {None}
    async with database.transaction() as db:
        report = await attendance.bring(db, VAULT, boss, batch.id, table, clock(), write=True)
    assert [line.fate for line in looked.lines] == [line.fate for line in report.lines]
    assert [line.fate for line in report.lines] == ["changed", "changed", *["bad"] * 6]
    faults = ["".join(line.faults) for line in report.lines[2:]]
    for fault, said in zip(faults, ("对不上", "还没到", "没有报名号", "重复", "到没到请填", "没有填"), strict=True):
        assert said in fault
    assert "赵铁柱" not in faults[0]  # a guessed code shows nobody's name
    assert list((await came(database)).values()) == [True, False, None, None]
    async with database.transaction() as db:
        again = await attendance.bring(db, VAULT, boss, batch.id, table, clock(), write=True)
    assert [line.fate for line in again.lines[:2]] == ["same", "same"]


async def test_a_list_shows_only_the_people_of_ones_station(database: Database) -> None:
    async with database.transaction() as db:
        county = await add_station(db, "县中心")
        ours, theirs = await add_station(db, "甲站", county), await add_station(db, "乙站", county)
        agent = await add_staff(db, START, station=ours)
        batch, (session,) = await add_batch(db, (FIRST_DAY, "am", 9))
        for name, station in (("王建国", ours), ("李秀英", theirs)):
            person = await add_person(db, name, phone="13800001234", station_id=station.id)
            await exam_places.sign_up(db, session, person.id, "本人", START)
        (line,) = await exam_lists.lines(db, VAULT, agent, batch_id=batch.id)
        assert (line.name, line.phone, line.station, line.told) == ("王**", "138****1234", "甲站", False)
        (line,) = await exam_lists.lines(db, VAULT, agent, session_id=session, full=True)
        assert (line.name, line.phone) == ("王建国", "13800001234")
        other = await db.scalar(select(ExamPlace.id).where(ExamPlace.person_id == person.id))
        with pytest.raises(Refusal):
            await exam_desk.cancel(db, VAULT, agent, other or 0, "不是我们的人", START)


async def test_the_database_itself_never_oversells(database: Database) -> None:
    async def oversell() -> None:
        async with database.transaction() as db:
            _, (session,) = await add_batch(db, (FIRST_DAY, "am", 1))
            (await db.get_one(ExamSession, session)).taken = 2

    with pytest.raises(IntegrityError):
        await oversell()
