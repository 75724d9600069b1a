"""Nobody waits for, or is given, what a station does not do any more, whatever the cause; a closed day is ended at one go."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Result, Select, delete, event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState

from core.errors import Refusal
from db.bookings import Slot, StationService, Waiting
from db.engine import Database
from services import bookings, closures, office_hours, wait_vain, waits
from services.booking_rules import DEFAULT_BOOKING_RULES as RULES
from tests.fakes.clock import START
from tests.fakes.stationhouse import MONDAY, House, at, book, check_slots, close_day, wait_for
from tests.fakes.waitingroom import line, small_house, wait
from tests.storage.bureau import add_staff

NINE = at(MONDAY, 9)
Cause = Callable[[AsyncSession, House], Awaitable[object]]


async def _withdrawn(db: AsyncSession, _: House) -> None:
    await db.execute(delete(StationService))


async def _gone(_: AsyncSession, house: House) -> None:
    house.station.closed_on = MONDAY


async def _free_day(db: AsyncSession, _: House) -> None:
    await office_hours.mark_day(db, MONDAY, "县庆", working=False)


async def _closed(db: AsyncSession, house: House) -> None:
    await close_day(db, house.station, MONDAY, "停电检修")


async def _afternoons(_: AsyncSession, house: House) -> None:
    house.station.week = {"0": [["15:00", "15:30"]]}


CAUSES = [
    (_withdrawn, "换一个服务站"),
    (_gone, "南街服务站"),
    (_free_day, "县庆"),
    (_closed, "停电检修"),
    (_afternoons, "没有这个时间"),
]


@pytest.mark.parametrize(("cause", "said"), CAUSES)
async def test_what_can_be_had_no_more_is_neither_given_nor_waited_for(
    database: Database, cause: Cause, said: str
) -> None:
    async with database.transaction() as db:
        house = await small_house(db)
        has = await book(db, house, NINE, "has")
        kept, _ = await wait(db, house, "kept", "am"), await wait(db, house, "waits", "am")
        later = await wait_for(db, house, MONDAY + timedelta(days=7), "later")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        assert await wait_vain.end_vain(db, START) == 0
        assert await line(db) == ["offered", "waiting", "waiting"]
        await cause(db, house)
        await db.flush()
        with pytest.raises(Refusal, match=said):
            await waits.accept(db, RULES, kept.row.id, START)
        assert await wait_vain.end_vain(db, START) > 0
        assert (await line(db))[:2] == ["passed", "passed"]
        news = {one.row.id: one.row.news for one in await waits.untold(db, 9)}
        assert [news.pop(one) for one in sorted(news) if one != later] == ["closed", "closed"]
        assert set((await check_slots(db)).values()) == {0}
        assert await wait_vain.end_vain(db, START) == 0


async def test_of_the_times_of_a_line_only_those_to_come_are_read(database: Database) -> None:
    """A line in vain must not load every time there ever was: the tick does this each minute."""
    async with database.transaction() as db:
        house = await small_house(db)
        has = await book(db, house, NINE, "has")
        for weeks in range(1, 4):
            starts_at = NINE - timedelta(weeks=weeks)
            where = {"station_id": house.station.id, "service_id": house.service.id, "capacity": 1, "taken": 0}
            db.add(Slot(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=30), **where))
        await wait(db, house, "kept", "am")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        await _withdrawn(db, house)
        read: list[int] = []

        def count(state: ORMExecuteState) -> Result[Any] | None:
            if isinstance(state.statement, Select) and state.statement.selected_columns.keys()[-1] == "starts_at":
                frozen = state.invoke_statement().freeze()
                read.append(len(frozen().all()))
                return frozen()
            return None

        event.listen(db.sync_session, "do_orm_execute", count)
        assert await wait_vain.end_vain(db, START) == 1
        assert read == [1]
        assert await line(db) == ["passed"]


async def test_a_day_is_closed_at_one_go_however_many_wait(database: Database) -> None:
    async with database.transaction() as db:
        house, boss = await small_house(db), await add_staff(db, START, "lead")
        has = await book(db, house, NINE, "has")
        for number in range(30):
            await wait_for(db, house, MONDAY, f"w{number}")
        await bookings.cancel(db, RULES, has.booking.id, "本人", START)
        said: list[str] = []
        connection = (await db.connection()).sync_connection
        assert connection is not None
        event.listen(connection, "before_cursor_execute", lambda *args: said.append(args[2]))
        await closures.close(db, house.station.id, MONDAY, "停电检修", boss.id, START)
        assert len(said) < 20
        assert set(await db.scalars(select(Waiting.status))) == {"passed"}
        await check_slots(db)
