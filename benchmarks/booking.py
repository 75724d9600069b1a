"""Booking at size: reservations a second beside a bare insert and commit, and the free times of all stations of a county."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from sqlalchemy import event, insert

from benchmarks import county_stations, crowd
from benchmarks.crowd import NOW
from benchmarks.figure import Board, percentile, quick_asked
from benchmarks.storage import postgres
from db.bookings import Booking, Slot
from db.engine import Database
from db.migrate import migrate
from services import bookings, slots
from services.booking_rules import BookingRules
from services.bookings import Who, Wish
from services.timetable import Timetable, read_timetable
from services.vault import Vault

STATIONS, DAYS, PAST = 300, 30, 100_000
_RULES = BookingRules(horizon_days=DAYS)
_AT_ONCE = (1, 8)
_WARM = 20
_MOST_STATEMENTS = 6
"""Five of the timetable and one of the slots, whatever the number of stations."""
_MOST_TO_RESERVE = 10
Work = Callable[[int], Awaitable[object]]


async def main() -> None:
    """Measure both databases and print."""
    quick, board = quick_asked(__doc__), Board()
    for name in ("sqlite", "postgresql"):
        async with _database(name) as database:
            await _reserve(board, name, database, quick=quick)
        async with _database(name) as database:
            await _list(board, name, database, 0, 2 if quick else 20)
            await county_stations.remember(database, PAST, STATIONS)
            await _list(board, name, database, PAST, 2 if quick else 20)
    board.close()


@asynccontextmanager
async def _database(name: str) -> AsyncIterator[Database]:
    with TemporaryDirectory() as folder:
        if name == "sqlite":
            async with _opened(f"sqlite+aiosqlite:///{Path(folder) / 'booking.sqlite3'}") as database:
                yield database
            return
        async with postgres(Path(folder)) as url, _opened(url) as database:
            yield database


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    await migrate(database)
    await county_stations.build(database, STATIONS)
    yield database
    await database.close()


async def _reserve(board: Board, name: str, database: Database, *, quick: bool) -> None:
    """Time reservations at many stations, each of somebody else, in rounds that alternate with the bare insert."""
    rounds, each = (3, 24) if quick else (15, 160)
    people = len(_AT_ONCE) * rounds * each + _WARM
    await crowd.settle(database, people)
    async with database.transaction() as db:
        slot = Slot(station_id=1, service_id=2, starts_at=NOW, ends_at=NOW + timedelta(hours=1), capacity=1, taken=0)
        db.add(slot)
    first = (await _timetable(database)).provisions[0]
    times = await _free(database, await _timetable(database))
    vault, chosen, bare_ones = Vault(b"0" * 32), iter(times), count(1)

    async def reserve(person: int) -> None:
        one = next(chosen)
        wish = Wish(one.station_id, first.service.id, one.starts_at, "办优待证", Who(person, person))
        async with database.transaction() as db:
            await bookings.reserve(db, vault, _RULES, wish, NOW)

    async def bare(_: int) -> None:
        number = next(bare_ones)
        async with database.transaction() as db:
            connection = await db.connection()
            await connection.execute(
                insert(Booking).values(
                    code=f"bare{number}", slot_id=slot.id, service_id=2, who_key=f"bare:{number}", purpose="办优待证",
                    made_by="本人", status="booked", sequence=0, created_at=NOW,
                )
            )  # fmt: skip

    who = iter(range(1, people + 1))
    await _rate(reserve, who, 1, _WARM - 1)
    with _counted(database) as asked:
        await reserve(next(who))
    goal = f"value<={_MOST_TO_RESERVE}"
    board.add(f"booking.{name}.statements of a reservation", len(asked), "statements", goal=goal)
    for at_once in _AT_ONCE:
        done = [(await _rate(reserve, who, at_once, each), await _rate(bare, iter(range(each)), at_once, each))
                for _ in range(rounds)]  # fmt: skip
        ours, floor = (sorted(rates)[rounds // 2] for rates in zip(*done, strict=True))
        board.add(f"booking.{name}.{at_once} at once vs one insert", ours, "reservations/s", floor)


async def _rate(work: Work, people: Iterator[int], at_once: int, number: int) -> float:
    batch = iter([next(people) for _ in range(number)])

    async def one_after_another() -> None:
        for person in batch:
            await work(person)

    started = perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return number / (perf_counter() - started)


async def _list(board: Board, name: str, database: Database, past: int, rounds: int) -> None:
    """Time what is free at all stations for a service in the next days, and count the statements."""
    title = f"slots.{name}.{STATIONS} stations, {DAYS} days, {past} past visits"
    found = await _free(database, await _timetable(database))
    times, slot_times = [], []
    for _ in range(rounds):
        began = perf_counter()
        timetable = await _timetable(database)
        read = process_time()
        again = await _free(database, timetable)
        slot_times.append((process_time() - read) * 1000)
        times.append((perf_counter() - began) * 1000)
        assert len(again) == len(found)
    with _counted(database) as asked:
        await _free(database, await _timetable(database))
    board.add(f"{title}: p50", percentile(times, 50), "ms")
    board.add(f"{title}: processor time of the listing", percentile(slot_times, 50), "ms")
    board.add(f"{title}: statements", len(asked), "statements", goal=f"value<={_MOST_STATEMENTS}")
    board.add(f"{title}: of the slots", sum("FROM slot" in one for one in asked), "statements", goal="value<=1")
    board.add(f"{title}: free times", len(found), "times")


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    """Collect the statements that are executed."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def _timetable(database: Database) -> Timetable:
    async with database.snapshot() as db:
        return await read_timetable(db, service_id=1)


async def _free(database: Database, timetable: Timetable) -> list[slots.Open]:
    first: datetime = NOW
    async with database.snapshot() as db:
        return await slots.open_slots(
            db, timetable, timetable.provisions, first.date(), first.date() + timedelta(days=DAYS), _RULES, NOW
        )


if __name__ == "__main__":
    asyncio.run(main())
