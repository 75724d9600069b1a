"""The line at a station as the databases keep it: no number twice, nobody called twice, and in the order that was promised."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.bookings import Booking, Ticket
from db.engine import Database
from db.staff import Staff
from services import bookings, desk_board, desk_wall, ticket_line, tickets, window_calls
from services.booking_rules import DEFAULT_BOOKING_RULES
from services.bookings import BY_STAFF, Visit, Who
from services.ticket_line import label, read_window, window_name
from tests.fakes.clock import START
from tests.fakes.examroom import add_boss
from tests.fakes.sealed import VAULT
from tests.fakes.stationhouse import (
    MONDAY,
    House,
    add_station,
    at,
    book,
    close_day,
    offer,
    open_house,
    somebody,
)

NINE = at(MONDAY, 9)
_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def house(database: Database) -> House:
    async with database.transaction() as db:
        return await open_house(db, capacity=4)


@pytest.fixture
async def clerk(database: Database) -> Staff:
    async with database.transaction() as db:
        return await add_boss(db)


async def booked(database: Database, house: House, name: str, starts_at: datetime = NINE) -> Visit:
    async with database.transaction() as db:
        return await book(db, house, starts_at, name)


async def came(database: Database, visit: Visit, now: datetime) -> Ticket:
    async with database.transaction() as db:
        return await tickets.arrive(db, visit.booking.id, now)


async def walked_in(database: Database, house: House, now: datetime) -> Ticket:
    async with database.transaction() as db:
        return await tickets.walk_in(db, house.station.id, None, now)


async def call(database: Database, house: House, clerk: Staff, now: datetime, window: str = "1") -> str:
    async with database.transaction() as db:
        ticket = await window_calls.call_next(db, house.station.id, window, clerk.id, now)
    return label(ticket) if ticket else ""


async def status_of(db: AsyncSession, visit: Visit) -> str:
    return (await db.scalars(select(Booking.status).where(Booking.id == visit.booking.id))).one()


async def test_a_number_for_who_comes_and_the_same_number_again(database: Database, house: House) -> None:
    one, two = [await booked(database, house, name) for name in ("a", "b")]
    assert label(await came(database, one, NINE)) == "A001"
    assert label(await came(database, two, NINE)) == "A002"
    async with database.transaction() as db:
        again = await tickets.arrive(db, one.booking.code.lower().replace("-", " "), NINE + _MINUTE)
        assert (label(again), again.came_at) == ("A001", NINE)
        assert await status_of(db, one) == "came"
        assert label(await tickets.walk_in(db, house.station.id, house.service.id, NINE)) == "B001"
        with pytest.raises(Refusal, match="不办这一项"):
            await tickets.walk_in(db, house.station.id, house.service.id + 7, NINE)
    tuesday = NINE + timedelta(days=1)
    assert label(await walked_in(database, house, tuesday)) == "B001"  # every day begins at 1


async def test_who_is_called_when(database: Database, house: House, clerk: Staff) -> None:
    """Whose time has come, then those who just came, then those who are early."""
    half_past = await booked(database, house, "a", at(MONDAY, 9, 30))
    ten, nine = [await booked(database, house, name, at(MONDAY, hour)) for name, hour in (("b", 10), ("c", 9))]
    early = at(MONDAY, 8, 30)
    for visit in (half_past, ten, nine):
        await came(database, visit, early)  # A001 at 9:30, A002 at 10:00, A003 at 9:00
    for _ in range(2):
        await walked_in(database, house, early)
    async with database.snapshot() as db:
        assert [label(one) for one in await ticket_line.line(db, house.station.id, early)] == [
            "B001", "B002", "A003", "A001", "A002",
        ]  # fmt: skip
        now = at(MONDAY, 9, 20)
        assert [await tickets.ahead(db, visit.booking.id, now) for visit in (nine, half_past, ten)] == [0, 1, 4]
        assert await tickets.ahead(db, ten.booking.id + 9, now) is None
    calls = [await call(database, house, clerk, at(MONDAY, 9, 20), str(window)) for window in range(6)]
    assert calls == ["A003", "A001", "B001", "B002", "A002", ""]
    async with database.snapshot() as db:
        assert await tickets.ahead(db, nine.booking.id, now) is None  # called, and so not waiting


async def test_two_clerks_at_the_same_moment_call_two_people(database: Database, house: House, clerk: Staff) -> None:
    for _ in range(6):
        await walked_in(database, house, NINE)
    called = await asyncio.gather(*(call(database, house, clerk, NINE, str(window)) for window in range(8)))
    assert sorted(called) == ["", "", "B001", "B002", "B003", "B004", "B005", "B006"]


async def test_two_taps_at_one_window_call_one_person(database: Database, house: House, clerk: Staff) -> None:
    for _ in range(3):
        await walked_in(database, house, NINE)
    assert await asyncio.gather(*(call(database, house, clerk, NINE) for _ in range(4))) == ["B001"] * 4
    async with database.transaction() as db:
        other = Staff(login="other", name="李四", role="agent", created_at=START)
        db.add(other)
    with pytest.raises(Refusal, match="正在这个窗口办 B001"):
        await call(database, house, other, NINE)
    assert await call(database, house, other, NINE, "2") == "B002"


async def call_first(
    database: Database, house: House, clerk: Staff, ticket: Ticket, window: str = "1", now: datetime = NINE
) -> str:
    async with database.transaction() as db:
        return label(await window_calls.call_first(db, ticket.id, house.station.id, window, clerk.id, now))


async def test_one_who_waits_is_called_before_the_others(database: Database, house: House, clerk: Staff) -> None:
    given = [await walked_in(database, house, NINE) for _ in range(4)]
    assert await asyncio.gather(*(call_first(database, house, clerk, given[2]) for _ in range(4))) == ["B003"] * 4
    with pytest.raises(Refusal, match="这个窗口正在办 B003"):  # and nobody else is called instead
        await call_first(database, house, clerk, given[3])
    with pytest.raises(Refusal, match="B003 刚才已经有人处理了"):
        await call_first(database, house, clerk, given[2], "2")
    async with database.transaction() as db:
        other = Staff(login="other", name="李四", role="agent", created_at=START)
        db.add(other)
    with pytest.raises(Refusal, match="正在这个窗口办 B003"):
        await call_first(database, house, other, given[2])
    assert await call(database, house, clerk, NINE, "2") == "B001"  # the others keep their places
    with pytest.raises(Refusal, match="没有找到这个号"):
        await call_first(database, house, clerk, given[1], "3", NINE + timedelta(days=1))


async def test_who_is_first_in_line_is_not_called_twice(database: Database, house: House, clerk: Staff) -> None:
    one, _ = [await walked_in(database, house, NINE) for _ in range(2)]
    named, *called = await asyncio.gather(
        call_first(database, house, clerk, one, "0"),
        *(call(database, house, clerk, NINE, str(window)) for window in (1, 2)),
        return_exceptions=True,
    )
    assert isinstance(named, Refusal) == (sorted(map(str, called)) == ["B001", "B002"])
    assert sorted(str(number) for number in (named, *called) if number and not isinstance(number, Exception)) == [
        "B001", "B002",
    ]  # fmt: skip


async def test_numbers_given_at_the_same_moment_differ(database: Database, house: House) -> None:
    given = await asyncio.gather(*(walked_in(database, house, NINE) for _ in range(8)))
    assert sorted(ticket.number for ticket in given) == list(range(1, 9))


async def test_the_same_code_shown_at_two_desks_is_one_number(database: Database, house: House) -> None:
    visit = await booked(database, house, "a")
    given = await asyncio.gather(*(came(database, visit, NINE) for _ in range(4)))
    assert {ticket.id for ticket in given} == {given[0].id}


async def test_served_missed_and_called_by_mistake(database: Database, house: House, clerk: Staff) -> None:
    visit = await booked(database, house, "a")
    ticket = await came(database, visit, NINE)
    await walked_in(database, house, NINE)
    assert await call(database, house, clerk, NINE) == "A001"
    station, id_ = house.station.id, ticket.id
    async with database.transaction() as db:
        again = await window_calls.call_again(db, id_, station, NINE + _MINUTE)
        assert (again.called_at, again.window) == (NINE + _MINUTE, "1")
        back = await window_calls.back(db, id_, station)
        assert (back.status, back.window, back.staff_id, back.called_at) == ("waiting", None, None, None)
    assert await call(database, house, clerk, NINE) == "A001"  # its place is its own
    async with database.transaction() as db:
        gone = await window_calls.gone(db, id_, station, NINE + 2 * _MINUTE)
        assert (await window_calls.gone(db, id_, station, NINE + 3 * _MINUTE)).ended_at == gone.ended_at
        with pytest.raises(Refusal, match="A001 刚才已经有人处理了"):
            await window_calls.done(db, id_, station, NINE)
        with pytest.raises(Refusal, match="没有找到这个号"):
            await window_calls.done(db, id_, station + 1, NINE)
    assert (await came(database, visit, at(MONDAY, 9, 40))).status == "waiting"  # came after all
    assert await call(database, house, clerk, at(MONDAY, 9, 40)) == "A001"
    async with database.transaction() as db:
        for _ in range(2):
            assert (await window_calls.done(db, id_, station, at(MONDAY, 9, 50))).status == "done"
    with pytest.raises(Refusal, match="A001 今天已经办完了"):
        await came(database, visit, at(MONDAY, 10))


async def test_the_wrong_one_was_ticked(database: Database, house: House, clerk: Staff) -> None:
    visit = await booked(database, house, "a")
    ticket = await came(database, visit, NINE)
    async with database.transaction() as db:
        await tickets.unarrive(db, ticket.id, house.station.id)
        assert await status_of(db, visit) == "booked"
    assert await call(database, house, clerk, NINE) == ""
    assert label(await came(database, visit, NINE + _MINUTE)) == "A001"
    await call(database, house, clerk, NINE)
    async with database.transaction() as db:
        with pytest.raises(Refusal, match="A001 刚才"):
            await tickets.unarrive(db, ticket.id, house.station.id)


async def test_a_tick_is_not_taken_back_over_a_newer_booking(database: Database, house: House) -> None:
    async with database.transaction() as db:
        who = await somebody(db, "a")
        visit = await book(db, house, NINE, who)
    ticket = await came(database, visit, NINE)
    async with database.transaction() as db:
        await book(db, house, at(MONDAY, 16), who, NINE)
    with pytest.raises(Refusal, match="又约了这一项"):
        async with database.transaction() as db:
            await tickets.unarrive(db, ticket.id, house.station.id)
    async with database.snapshot() as db:
        assert await status_of(db, visit) == "came"
        assert [label(one) for one in await ticket_line.line(db, house.station.id, NINE)] == ["A001"]


@pytest.mark.parametrize("where", ["day", "hour", "station"])
async def test_who_was_ticked_by_mistake_and_moves_stands_in_the_line_they_moved_to(
    database: Database, house: House, where: str
) -> None:
    async with database.transaction() as db:
        north = await offer(db, await add_station(db, "北街服务站"), house.service)
        for station in (house.station, north.station):
            await tickets.walk_in(db, station.id, None, NINE)
    visit, other = await booked(database, house, "a"), await booked(database, house, "b")
    station, to = {
        "day": (house.station, NINE + timedelta(days=1)), "hour": (house.station, at(MONDAY, 16)),
        "station": (north.station, at(MONDAY, 10)),
    }[where]  # fmt: skip
    ticket = await came(database, visit, NINE)
    async with database.transaction() as db:
        await tickets.unarrive(db, ticket.id, house.station.id)
        await bookings.move(db, DEFAULT_BOOKING_RULES, visit.booking.id, station.id, to, BY_STAFF, NINE)
    assert label(await came(database, other, NINE)) == "A002"
    again = await came(database, visit, to - timedelta(minutes=5))
    assert (label(again), again.turn_at, again.status) == ("A003" if where == "hour" else "A001", to, "waiting")
    assert (await came(database, visit, to)).id == again.id
    async with database.snapshot() as db:
        line = await ticket_line.line(db, station.id, to)
        assert again.id in [one.id for one in line]
        board = await desk_board.read(db, VAULT, station, to)
        assert (visit.booking.code, "waiting") in [(one.code, one.state) for one in board.lines]
    async with database.snapshot() as db:  # not before the others, while it is not their time
        early = [one.booking_id for one in await ticket_line.line(db, house.station.id, NINE)]
        assert early == ([other.booking.id, None, visit.booking.id] if where == "hour" else [other.booking.id, None])


async def test_who_is_not_on_file_and_books_anew_while_a_tick_is_taken_back(database: Database, house: House) -> None:
    async with database.transaction() as db:
        who = await somebody(db, "a")
        visit = await book(db, house, NINE, who)
    ticket = await came(database, visit, NINE)

    async def take_back() -> str:
        try:
            async with database.transaction() as db:
                await tickets.unarrive(db, ticket.id, house.station.id)
        except Refusal as refusal:
            return str(refusal)
        return ""

    async with database.transaction() as db:
        await book(db, house, at(MONDAY, 16), who, NINE)
        taking = asyncio.create_task(take_back())
        if not database.embedded:
            stuck = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while not await db.scalar(stuck):
                pass
    assert await taking == tickets.BOOKED_AGAIN
    async with database.snapshot() as db:
        assert await status_of(db, visit) == "came"


async def test_the_id_of_a_booking_of_another_station_tells_nothing(database: Database, house: House) -> None:
    """Only who has the code is told where it is for; numbers tried one after the other find nobody's code."""
    visit, cancelled = await booked(database, house, "a"), await booked(database, house, "b")
    async with database.transaction() as db:
        north = await add_station(db, "北街服务站")
        await bookings.cancel(db, DEFAULT_BOOKING_RULES, cancelled.booking.id, BY_STAFF, START)
    for one in (visit, cancelled):
        async with database.transaction() as db:
            with pytest.raises(Refusal) as told:
                await tickets.arrive(db, one.booking.id, NINE, station_id=north.id)
            assert str(told.value) == tickets.NO_BOOKING
            with pytest.raises(Refusal) as told:
                await tickets.no_show(db, one.booking.id, NINE + timedelta(hours=1), station_id=north.id)
            assert str(told.value) == tickets.NO_BOOKING
            with pytest.raises(Refusal, match="约的是南街服务站"):
                await tickets.arrive(db, one.booking.code, NINE, station_id=north.id)


async def test_who_is_not_given_a_number(database: Database, house: House) -> None:
    visit = await booked(database, house, "a")
    async with database.transaction() as db:
        with pytest.raises(Refusal, match="约的是11月23日 09:00，不是今天"):
            await tickets.arrive(db, visit.booking.code, START)
        with pytest.raises(Refusal, match="约的是南街服务站，不是这里"):
            await tickets.arrive(db, visit.booking.code, NINE, station_id=house.station.id + 1)
        with pytest.raises(Refusal, match="没有找到这个预约"):
            await tickets.arrive(db, "YY-ZZZZ", NINE)
        await bookings.cancel(db, DEFAULT_BOOKING_RULES, visit.booking.id, BY_STAFF, START)
        with pytest.raises(Refusal, match="已经取消了"):
            await tickets.arrive(db, visit.booking.id, NINE)


async def test_not_come_and_then_come_after_all(database: Database, house: House) -> None:
    visit = await booked(database, house, "a")
    station = house.station.id
    async with database.transaction() as db:
        with pytest.raises(Refusal, match="30 分钟"):
            await tickets.no_show(db, visit.booking.id, NINE + 29 * _MINUTE, station_id=station)
        with pytest.raises(Refusal, match="没有找到"):
            await tickets.no_show(db, visit.booking.id, NINE + 30 * _MINUTE, station_id=station + 1)
        noted = await tickets.no_show(db, visit.booking.id, NINE + 30 * _MINUTE, station_id=station)
        assert noted.booking.status == "no_show"
        assert await bookings.no_shows(db, visit.booking.who_key, NINE) == 1
    await came(database, visit, NINE + 40 * _MINUTE)
    async with database.transaction() as db:
        assert await bookings.no_shows(db, visit.booking.who_key, NINE) == 0
        with pytest.raises(Refusal, match="A001 刚才"):  # a colleague's page is older than the number
            await tickets.no_show(db, visit.booking.id, NINE + 41 * _MINUTE, station_id=station)


async def test_the_board_of_a_day_and_the_wall(database: Database, house: House, clerk: Staff) -> None:
    who = Who(name="王建国", phone="13800001234", made_by=BY_STAFF)
    async with database.transaction() as db:
        late = await book(db, house, at(MONDAY, 8, 30), who)
        await close_day(db, house.station, MONDAY + timedelta(days=1))
    visits = [await booked(database, house, name) for name in ("a", "b", "c")]
    cancelled = await booked(database, house, "d")
    await booked(database, house, "e", NINE + timedelta(days=3))
    async with database.transaction() as db:
        await bookings.cancel(db, DEFAULT_BOOKING_RULES, cancelled.booking.id, BY_STAFF, START)
    for visit in visits:
        await came(database, visit, NINE)
    await walked_in(database, house, NINE)
    await call(database, house, clerk, NINE)
    await call(database, house, clerk, NINE + _MINUTE, "咨询台")
    async with database.snapshot() as db:
        board = await desk_board.read(db, VAULT, house.station, NINE)
        assert [(line.code, line.name, line.phone, line.late) for line in board.to_come] == [
            (late.booking.code, "王**", "138****1234", True)
        ]
        assert [line.number for line in board.waiting] == ["A003", "B001"]
        assert [(line.number, line.state) for line in board.called] == [("A001", "called"), ("A002", "called")]
        assert (board.booked, board.came, board.count("waiting"), board.count("no_show")) == (4, 3, 2, 0)
        full = await desk_board.read(db, VAULT, house.station, NINE, full=True)
        for words in ("王建国", "1234", "王建"):
            assert desk_board.search(full, words) == {late.booking.code}
        assert desk_board.search(full, "b001") == {board.waiting[1].ticket.id if board.waiting[1].ticket else 0}
        assert desk_board.search(full, "王") == set()
        wall = await desk_wall.read(db, house.station.id, NINE)
        assert [(one.number, one.window) for one in wall.calls] == [("A002", "咨询台"), ("A001", "1号窗口")]
        assert (wall.next, wall.waiting) == (["A003", "B001"], 2)
        before = await desk_wall.pulse(db, house.station.id, NINE)
        assert await desk_wall.pulse(db, house.station.id, NINE) == before
    await booked(database, house, "f", at(MONDAY, 10))
    async with database.snapshot() as db:
        assert await desk_wall.pulse(db, house.station.id, NINE) != before


@pytest.mark.parametrize(
    ("typed", "window", "name"),
    [("1", "1", "1号窗口"), (" ２ 号 ", "2", "2号窗口"), ("03号窗口", "3", "3号窗口"), ("咨询台", "咨询台", "咨询台")],
)
def test_a_window_is_one_however_it_is_typed(typed: str, window: str, name: str) -> None:
    assert (read_window(typed), window_name(read_window(typed))) == (window, name)


@pytest.mark.parametrize("typed", ["", "  ", "一楼大厅左边第二个"])
def test_what_is_no_window(typed: str) -> None:
    with pytest.raises(Refusal, match="请写窗口"):
        read_window(typed)
