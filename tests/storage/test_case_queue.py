"""The queue shows each person of staff what is theirs to see, most urgent first, at a cost that cases do not raise."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import Petition, SupportCase
from db.engine import Database
from db.staff import Staff
from services import case_feed, case_handover, case_pulse, case_queue
from services.case_queue import PAGE, Asked, Row, Tab
from tests.fakes.casebook import add_case, add_staff, add_station, hear, say
from tests.fakes.clock import SettableClock

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Note what is asked of the database."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def _rows(
    db: AsyncSession, staff: Staff, clock: SettableClock, tab: Tab = "waiting", **asked: object
) -> list[Row]:
    return (await case_queue.read_page(db, staff, Asked(tab, **asked), clock()))[0]  # type: ignore[arg-type]


async def _codes(
    db: AsyncSession, staff: Staff, clock: SettableClock, tab: Tab = "waiting", **asked: object
) -> list[str]:
    return [row.case.code for row in await _rows(db, staff, clock, tab, **asked)]


async def test_danger_stands_first_then_what_is_due_first(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        me, now = await add_staff(db, clock()), clock()
        await add_case(db, now, code="LATER", due_at=now + 3 * HOUR)
        await add_case(db, now, code="SOON", due_at=now + HOUR)
        await add_case(db, now, code="LATE", due_at=now - HOUR)
        await add_case(db, now, code="DANGER", kind="crisis", due_at=now + 9 * HOUR)
        assert await _codes(db, me, clock) == ["DANGER", "LATE", "SOON", "LATER"]


async def test_each_tab_holds_its_own_and_is_counted(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        me, other, now = await add_staff(db, clock()), await add_staff(db, clock()), clock()
        await add_case(db, now, code="FREE", due_at=now + 3 * DAY)
        await add_case(db, now, code="MINE", status="claimed", claimed_by=me.id, waiting_since=None, due_at=None)
        await add_case(db, now, code="HERS", status="claimed", claimed_by=other.id)
        await add_case(db, now, code="DONE", status="closed", waiting_since=None, due_at=None, closed_at=now)
        expected = {
            "mine": ["MINE"], "unclaimed": ["FREE"], "waiting": ["HERS", "FREE"], "today": ["HERS"],
            "closed": ["DONE"],
        }  # fmt: skip
        assert {tab: await _codes(db, me, clock, tab) for tab in case_queue.TABS} == expected
        assert await case_queue.count(db, me, now) == {tab: len(codes) for tab, codes in expected.items()}


@pytest.mark.parametrize(("days", "due"), [(14, 0), (15, 1), (16, 1)])
async def test_a_petition_whose_notice_is_due_stands_under_today(
    database: Database, clock: SettableClock, days: int, due: int
) -> None:
    async with database.transaction() as db:
        me, now = await add_staff(db, clock()), clock()
        values = {"kind": "petition", "waiting_since": None, "due_at": None}
        case = await add_case(db, now - days * DAY, code="PLEA", **values)
        rows = await _rows(db, me, clock, "today")
        assert [row.case.code for row in rows] == ["PLEA"] * due
        assert [clock.name for row in rows for clock in row.clocks] == ["notice"] * due
        petition = await db.get_one(Petition, case.id)
        petition.noticed_at = now
        await db.flush()
        assert await _codes(db, me, clock, "today") == []


async def test_an_extended_petition_is_not_due_after_sixty_days(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        me, now = await add_staff(db, clock()), clock()
        case = await add_case(db, now - 60 * DAY, kind="petition", waiting_since=None, due_at=None)
        petition = await db.get_one(Petition, case.id)
        petition.noticed_at = now
        await db.flush()
        assert len(await _rows(db, me, clock, "today")) == 1
        petition.extended_at, petition.extended_reason = now, "要外调"
        await db.flush()
        assert await _rows(db, me, clock, "today") == []


async def test_filters_and_search(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        me, now = await add_staff(db, clock()), clock()
        station = await add_station(db, "城关镇服务站")
        here = await add_case(db, now, code="A7K2", kind="benefit", station_id=station.id, due_at=now - HOUR)
        there = await add_case(db, now, code="B3C4", kind="crisis", question="战友不想活了")
        gone = await add_case(db, now, code="D5E6", status="closed", closed_at=now, waiting_since=None, due_at=None)
        await hear(db, here, "补助 100% 没有到账", now)
        await say(db, gone, "【工作人员1号】\n请带户口本来", now, staff_id=me.id)
        await say(db, there, "户口本的事请问派出所", now)
        assert await _codes(db, me, clock, kind="benefit") == ["A7K2"]
        assert await _codes(db, me, clock, station=station.id) == ["A7K2"]
        assert await _codes(db, me, clock, station=case_queue.NO_STATION) == ["B3C4"]
        assert await _codes(db, me, clock, overdue=True) == ["A7K2"]
        assert await _codes(db, me, clock, crisis=True) == ["B3C4"]
        assert await _codes(db, me, clock, words="d5e6") == ["D5E6"]
        assert await _codes(db, me, clock, words="100%") == ["A7K2"]
        assert await _codes(db, me, clock, words="1%0") == []
        assert await _codes(db, me, clock, words="户口本") == ["D5E6"]
        assert await _codes(db, me, clock, words="不想活") == ["B3C4"]
        assert await _codes(db, me, clock, words="户口本", kind="crisis") == []


async def test_last_words_and_what_is_new(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        me, now = await add_staff(db, clock()), clock()
        case = await add_case(db, now)
        await hear(db, case, "在吗", now + HOUR)
        await say(db, case, "【工作人员1号】\n在，您说", now + 2 * HOUR, staff_id=me.id)
        row = (await _rows(db, me, clock))[0]
        assert row.last is not None
        assert (row.last.by, row.last.text, row.unread) == ("staff", "在，您说", True)
        await case_feed.mark_seen(db, me, case.id, now + 3 * HOUR)
        assert not (await _rows(db, me, clock))[0].unread
        await hear(db, case, "photo", now + 4 * HOUR, kind="event")
        await hear(db, case, "blocked", now + 5 * HOUR, kind="event")
        row = (await _rows(db, me, clock))[0]
        assert row.last is not None
        assert (row.last.by, row.last.kind, row.last.text, row.unread) == ("person", "event", "photo", True)
        await case_feed.mark_seen(db, me, case.id, now + 5 * HOUR)
        assert not (await _rows(db, me, clock))[0].unread


async def test_nobody_sees_or_counts_what_is_another_stations(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        now = clock()
        county = await add_station(db, "县服务中心")
        town, other = await add_station(db, "城关镇服务站", county), await add_station(db, "南山镇服务站")
        await add_case(db, now, code="TOWN", station_id=town.id)
        await add_case(db, now, code="OTHER", station_id=other.id, kind="crisis")
        await add_case(db, now, code="NONE")
        errand = await add_case(db, now, code="ERRAND", station_id=other.id, kind="errand")
        seen = {
            "admin": {"TOWN", "OTHER", "NONE", "ERRAND"}, "lead": {"TOWN", "NONE"}, "agent": {"OTHER", "NONE", "ERRAND"},
            "grid": {"ERRAND"}, "editor": set(),
        }  # fmt: skip
        for role, codes in seen.items():
            station = {"admin": None, "lead": county.id}.get(role, other.id)
            me = await add_staff(db, now, role, station_id=station)
            assert set(await _codes(db, me, clock)) == codes, role
            assert (await case_queue.count(db, me, now))["waiting"] == len(codes)
            assert [case.code for case in await case_queue.dangers(db, me)] == ["OTHER"] * ("OTHER" in codes)
            assert bool(await case_pulse.of_case(db, me, errand.id)) == ("ERRAND" in codes)


async def test_a_page_is_full_and_the_next_goes_on(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        me, now = await add_staff(db, clock()), clock()
        for minutes in range(PAGE + 1):
            await add_case(db, now, due_at=now + timedelta(minutes=minutes))
        first, more = await case_queue.read_page(db, me, Asked(), now)
        second, no_more = await case_queue.read_page(db, me, Asked(page=2), now)
        assert (len(first), more, len(second), no_more) == (PAGE, True, 1, False)
        assert second[0].case.due_at == now + timedelta(minutes=PAGE)


async def test_as_many_statements_for_many_cases_as_for_few(database: Database, clock: SettableClock) -> None:
    counted = []
    async with database.transaction() as db:
        me = await add_staff(db, clock(), "lead", station_id=(await add_station(db, "城关镇服务站")).id)
    for cases in (2, PAGE - 2):
        async with database.transaction() as db:
            for _ in range(cases):
                case = await add_case(db, clock())
                for _ in range(3):
                    await hear(db, case, "在吗", clock())
                    await say(db, case, "在", clock(), staff_id=me.id)
        async with database.snapshot() as db:
            with statements(database) as seen:
                await case_queue.count(db, me, clock())
                rows, _ = await case_queue.read_page(db, me, Asked(), clock())
                await case_queue.dangers(db, me)
                await case_pulse.of_queue(db, me)
                counted.append(len([text for text in seen if text.startswith(("SELECT", "WITH"))]))
        assert len(rows) >= cases
    assert counted == [4, 4]


async def test_a_case_is_handed_only_to_who_may_see_it(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        now = clock()
        county = await add_station(db, "县服务中心")
        town, other = await add_station(db, "城关镇服务站", county), await add_station(db, "南山镇服务站")
        people = [
            await add_staff(db, now, role, station_id=station.id if station else None, active=active)
            for role in ("admin", "lead", "agent", "editor", "grid")
            for station in (None, county, town, other)
            for active in (True, False)
        ]
        for columns in ({"station_id": town.id}, {}, {"station_id": other.id, "kind": "errand"}):
            case: SupportCase = await add_case(db, now, **columns)
            able = {s.id for s in people if s.active and await case_pulse.of_case(db, s, case.id)}
            found = set((await case_handover.targets_of(db, case)).colleagues)
            assert found == able - {s.id for s in people if s.role == "grid"} or case.kind == "errand"
            assert found <= able
