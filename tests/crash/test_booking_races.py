"""However many reach for a visit at once, none is given twice; and whatever moment a process dies at, every place is counted."""

import random
import signal
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from db.bookings import Booking, Slot, Waiting
from db.engine import Database
from db.people import Address
from services import bookings, wait_rows, waits
from tests.crash import booking_driver as driver
from tests.crash.crowd import Act, let_loose
from tests.fakes.clock import START
from tests.fakes.examroom import add_people
from tests.fakes.lines import check_nobody_waits_for_nothing
from tests.fakes.stationhouse import MONDAY, at, check_slots, open_house

pytestmark = pytest.mark.crash

EIGHT, NINE, TWO = (at(MONDAY, hour) for hour in (8, 9, 14))
TUESDAY = at(MONDAY + timedelta(days=1), 8)
_GENERATIONS = 3


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


async def crowd(database: Database, count: int, *, capacity: int, minutes: int = 60) -> list[int]:
    """Open a house, and return the accounts of those who want to come."""
    async with database.transaction() as db:
        house = await open_house(db, capacity=capacity, minutes=minutes)
        assert (house.station.id, house.service.id) == (driver.STATION, driver.SERVICE)
        rows = [
            {"channel": "telegram", "external_id": str(n), "reachable": True, "created_at": START} for n in range(count)
        ]
        return list(await db.scalars(insert(Address).returning(Address.id), rows))


async def filled(database: Database, accounts: list[int], when: datetime) -> list[int]:
    """Give each of them a place at a time; return the bookings."""
    async with database.transaction() as db:
        for one in accounts:
            await driver.do(db, ("reserve", one, seconds(when)))
        rows = select(Booking.id).where(Booking.address_id.in_(accounts)).order_by(Booking.id)
        return list(await db.scalars(rows))


async def count(database: Database) -> dict[datetime, int]:
    """Check everything, and return how many places are taken at which time."""
    async with database.snapshot() as db:
        taken = await check_slots(db)
        await check_nobody_waits_for_nothing(db, START)
        times = await db.execute(select(Slot.id, Slot.starts_at))
        return {starts_at: taken[id_] for id_, starts_at in times}


async def test_two_hundred_for_twenty_places(spawn: Any, database_url: str, database: Database) -> None:
    """Each of them twice, as people do who tap again: twenty come, and the others stand in line, in a row without gaps."""
    accounts = await crowd(database, 200, capacity=20, minutes=240)
    acts: list[list[Act]] = [[("reserve", one, seconds(EIGHT)) for one in accounts[n::2]] for n in range(2)] * 2
    told = Counter(said for _, said in let_loose(spawn, database_url, driver.do, acts))
    assert told == {"done": 40, bookings.FULL: 360}
    assert await count(database) == {EIGHT: 20}
    async with database.snapshot() as db:
        have = set(await db.scalars(select(Booking.address_id)))
    late = [one for one in accounts if one not in have]
    acts = [[("join", one, seconds(EIGHT)) for one in late[n::4]] for n in range(4)]
    assert Counter(said for _, said in let_loose(spawn, database_url, driver.do, acts)) == {"waiting": 180}
    assert await count(database) == {EIGHT: 20}
    async with database.snapshot() as db:
        line = await wait_rows.placed(db, Waiting.status == "waiting")
    assert [one.position for one in line] == list(range(1, 181))


async def test_a_line_while_people_come_and_go(spawn: Any, database_url: str, database: Database) -> None:
    """While people leave, die, come and make room: never given twice, and no place is free while one waits for it."""
    accounts = await crowd(database, 120, capacity=10, minutes=240)
    first = await filled(database, accounts[:10], EIGHT)
    async with database.transaction() as db:
        for one in accounts[10:30]:
            await driver.do(db, ("join", one, seconds(EIGHT)))
    acts: list[Act] = [("cancel", one, 0) for one in first[:6]] * 2
    acts += [("reserve", one, seconds(EIGHT)) for one in accounts[30:60]]
    acts += [("join", one, seconds(EIGHT)) for one in accounts[60:100]] * 2
    acts += [("leave", one, 0) for one in range(1, 4)] + [("decline", one, 0) for one in range(1, 8)]
    acts += [("accept", one, 0) for one in range(1, 15)] * 2 + [("grow", 14, 0), ("run_out", 0, 3)]
    acts += [("move", one, seconds(TWO)) for one in first[5:8]] + [
        ("reserve", one, seconds(TWO)) for one in accounts[100:]
    ]
    results = let_loose(spawn, database_url, driver.do, [acts[n::4] for n in range(4)])
    assert (("grow", 14, 0), "done") in results
    assert {said for _, said in results} <= {
        "done", "waiting", "offered", bookings.FULL, bookings.CHANGED, bookings.NO_BOOKING, waits.TOO_LATE, waits.CHANGED,
    }  # fmt: skip
    taken = await count(database)
    assert (taken[EIGHT], taken[TWO]) == (14, 14)


async def test_moving_while_others_move(spawn: Any, database_url: str, database: Database) -> None:
    """Two groups that want each other's time, with a little room, and a third time that is full."""
    accounts = await crowd(database, 50, capacity=25)
    places = [*await filled(database, accounts[:20], EIGHT), *await filled(database, accounts[20:40], NINE)]
    await filled(database, accounts[40:], TWO)
    async with database.transaction() as db:
        (await db.get_one(driver.StationService, (1, 1))).capacity = 25
    acts: list[Act] = [("move", place, seconds(NINE)) for place in places[:20]]
    acts += [("move", place, seconds(EIGHT)) for place in places[20:]]
    results = let_loose(spawn, database_url, driver.do, [acts[n::2] for n in range(2)] * 2)
    assert {said for _, said in results} <= {"done", bookings.FULL, bookings.CHANGED}
    taken = await count(database)
    assert taken[EIGHT] + taken[NINE] == 40
    async with database.snapshot() as db:
        assert set(await db.scalars(select(Booking.id).where(Booking.status == "booked"))) >= set(places)


async def test_times_that_nobody_wanted_before(spawn: Any, database_url: str, database: Database) -> None:
    """Moved to, booked and waited for at one moment, so that their rows are made by all at once: nobody waits in a circle."""
    accounts = await crowd(database, 60, capacity=4, minutes=30)
    places = await filled(database, accounts[:4], EIGHT) + await filled(database, accounts[4:8], at(MONDAY, 11))
    new = [at(MONDAY, 8, 30), NINE, at(MONDAY, 9, 30), at(MONDAY, 10), at(MONDAY, 10, 30), at(MONDAY, 11, 30)]
    acts: list[Act] = [("move", place, seconds(when)) for place, when in zip(places, new * 2, strict=False)]
    acts += [("join", one, seconds(EIGHT)) for one in accounts[8:30]]
    acts += [("reserve", one, seconds(when)) for one, when in zip(accounts[30:], new * 5, strict=True)]
    results = let_loose(spawn, database_url, driver.do, [acts[n::4] for n in range(4)])
    assert {said for _, said in results} <= {"done", "offered", "waiting", bookings.FULL}
    assert sum((await count(database)).values()) >= len(places) + 20


async def test_who_dies_while_others_move(spawn: Any, database_url: str, database: Database) -> None:
    """People who have a time and are offered another die, while others move between the two: nobody waits in a circle."""
    accounts = await crowd(database, 30, capacity=20, minutes=240)
    async with database.transaction() as db:
        people = await add_people(db, 10)
        for one in people:
            await driver.do(db, ("reserve_person", one, seconds(TWO)))
    moving, leaving = await filled(database, accounts[:10], TWO), await filled(database, accounts[10:], EIGHT)
    async with database.transaction() as db:
        for one in people:
            await driver.do(db, ("join_person", one, seconds(EIGHT)))
        for one in leaving[:10]:
            await driver.do(db, ("cancel", one, 0))
    acts: list[Act] = [("die", one, 0) for one in people] + [("move", one, seconds(EIGHT)) for one in moving] * 2
    results = let_loose(spawn, database_url, driver.do, [acts[n::4] for n in range(4)])
    assert {said for _, said in results} <= {"done", bookings.FULL, bookings.CHANGED}
    assert sum((await count(database)).values()) == 20


async def test_nobody_moves_into_a_full_time(spawn: Any, database_url: str, database: Database) -> None:
    accounts = await crowd(database, 40, capacity=20)
    first, second = await filled(database, accounts[:20], EIGHT), await filled(database, accounts[20:], NINE)
    acts: list[Act] = [("move", one, seconds(NINE)) for one in first] + [
        ("move", one, seconds(EIGHT)) for one in second
    ]
    results = let_loose(spawn, database_url, driver.do, [acts[n::4] for n in range(4)])
    assert {said for _, said in results} == {bookings.FULL}
    assert await count(database) == {EIGHT: 20, NINE: 20}


async def test_a_place_is_given_back_once(spawn: Any, database_url: str, database: Database) -> None:
    accounts = await crowd(database, 30, capacity=30)
    places = await filled(database, accounts, EIGHT)
    acts: list[Act] = [("cancel", place, 0) for place in places]
    results = let_loose(
        spawn, database_url, driver.do, [acts, acts, acts, [("move", one, seconds(TWO)) for one in places]]
    )
    done = Counter(act[0] for act, said in results if said == "done")
    assert {said for _, said in results} <= {"done", bookings.NO_BOOKING, bookings.CHANGED}
    taken = await count(database)
    assert taken[EIGHT] == 0  # cancelled, at once or a moment after they moved
    assert taken.get(TWO, 0) == 30 - done["cancel"]


async def test_one_person_from_every_side(spawn: Any, database_url: str, database: Database) -> None:
    """The same account at different times, from four processes at once: one booking, whichever was first."""
    accounts = await crowd(database, 10, capacity=30)
    times = [at(MONDAY, hour) for hour in (8, 9, 10, 11, 14, 15)]
    acts: list[Act] = [("reserve", one, seconds(when)) for one in accounts for when in times]
    results = let_loose(spawn, database_url, driver.do, [acts] * 4)
    assert {said for _, said in results} == {"done", bookings.HAS_ONE}
    assert sum((await count(database)).values()) == 10


async def test_an_offer_is_taken_once(spawn: Any, database_url: str, database: Database) -> None:
    """Taken, let pass and run out at the same moment, by those who have a worse time already: one outcome each."""
    accounts = await crowd(database, 45, capacity=10, minutes=240)  # a place may pass several hands
    first = await filled(database, accounts[:10], EIGHT)
    late = await filled(database, accounts[10:20], TWO)
    async with database.transaction() as db:
        for one in accounts[10:]:
            await driver.do(db, ("join", one, seconds(EIGHT)))
        for one in first:
            await driver.do(db, ("cancel", one, 0))
        offered = list(await db.scalars(select(Waiting.id).where(Waiting.status == "offered")))
    assert len(offered) == 10
    acts: list[Act] = [("accept", one, 0) for one in offered] * 3 + [("decline", one, 0) for one in offered[5:]]
    acts += (
        [("run_out", 0, 3)] * 2 + [("leave", one, 0) for one in offered[8:]] + [("cancel", one, 0) for one in late[:3]]
    )
    results = let_loose(spawn, database_url, driver.do, [acts[n::4] for n in range(4)])
    assert {said for _, said in results} <= {
        "done",
        waits.TOO_LATE,
        waits.CHANGED,
        bookings.NO_BOOKING,
        bookings.CHANGED,
    }
    taken = await count(database)
    assert taken[EIGHT] == 10


@pytest.mark.parametrize("what", ["reserve", "move", "cancel", "accept", "run_out", "join"])
async def test_killed_at_every_step(what: str, spawn: Any, database_url: str, database: Database) -> None:
    """One act, given to a process that dies a few steps later each time, until one lives: all of it is done or nothing."""
    accounts = await crowd(database, 6, capacity=2, minutes=240)
    first = await filled(database, accounts[:2], EIGHT)
    (late,) = await filled(database, accounts[2:3], TWO)
    async with database.transaction() as db:
        for one in accounts[2:4]:
            await driver.do(db, ("join", one, seconds(EIGHT)))
        if what in ("accept", "run_out"):
            await driver.do(db, ("cancel", first[0], 0))
    act = {
        "reserve": ("reserve", accounts[4], seconds(TUESDAY)), "move": ("move", first[0], seconds(TUESDAY)),
        "cancel": ("cancel", first[0], 0), "accept": ("accept", 1, 0), "run_out": ("run_out", 0, 3),
        "join": ("join", accounts[4], seconds(EIGHT)),
    }[what]  # fmt: skip
    before = await everything(database)
    for step in range(0, 120, 3):
        process = spawn(driver.one, database_url, act, step)
        process.join()
        await count(database)
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        after = await everything(database)
        if after != before:
            break  # dead after the commit: all of it is there, as the checks have seen
    else:
        pytest.fail("never got through")
    assert step > 8
    taken = await count(database)
    assert (taken[EIGHT], taken[TWO], taken.get(TUESDAY, 0)) == {
        "reserve": (2, 1, 1), "move": (2, 1, 1), "cancel": (2, 1, 0), "accept": (2, 0, 0), "run_out": (2, 1, 0),
        "join": (2, 1, 0),
    }[what]  # fmt: skip
    async with database.snapshot() as db:
        assert (await db.get_one(Booking, late)).status == "booked"


async def everything(database: Database) -> list[tuple[Any, ...]]:
    """Return all that an act may change."""
    async with database.snapshot() as db:
        return [tuple(row) for table in (Booking, Waiting) for row in await db.execute(select(*table.__table__.c))]


async def test_killed_at_random(spawn: Any, progress: Any, database_url: str, database: Database) -> None:
    """Processes that do one thing after the other, killed in the middle of it, again and again: every place is counted."""
    accounts = await crowd(database, 24, capacity=3, minutes=120)
    times = [seconds(at(day, hour)) for day in (MONDAY, MONDAY + timedelta(days=1)) for hour in (8, 10, 14)]
    chance = random.Random(20261123)
    for generation in range(_GENERATIONS):
        seeds = range(1 if database.embedded else 4)
        running = [
            spawn(driver.at_random, database_url, 10 * generation + seed, accounts, times, progress.writing)
            for seed in seeds
        ]
        progress.wait_for(chance.randrange(30, 60))
        assert {process.exitcode for process in running} == {None}  # nobody died of an error
        for process in running:
            process.kill()
            process.join()
        await count(database)
    async with database.snapshot() as db:
        assert len(set(await db.scalars(select(Booking.status)))) > 1
