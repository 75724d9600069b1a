"""Writing down whom a broadcast goes to, against one bare INSERT … SELECT of the same rows."""

from time import perf_counter

from sqlalchemy import func, insert, literal, select, update

from benchmarks import crowd
from benchmarks.figure import Board
from db.broadcasts import Broadcast, BroadcastRecipient
from db.engine import Database
from db.migrate import migrate
from db.people import Address, Person
from services import broadcast_run


async def measure(board: Board, name: str, url: str, people: int) -> None:
    """Measure one database."""
    database = Database(url)
    await migrate(database)
    await crowd.settle(database, people)
    before = await _bare(database)
    broadcast_id = await crowd.approved_broadcast(database)
    await crowd.drain(database, broadcast_run.start)
    seconds, passes = await crowd.drain(database, broadcast_run.freeze)
    await _check(database, broadcast_id, people)
    after = await _bare(database)
    floor = people / ((before + after) / 2)
    board.add(f"fan-out.{name}.{people} vs bare insert-select", people / seconds, "rows/s", floor)
    board.add(f"fan-out.{name}.{people} longest transaction", max(passes) * 1000, "ms")
    await database.close()


async def _bare(database: Database) -> float:
    """Write the same rows for another broadcast; return the seconds."""
    broadcast_id = await crowd.approved_broadcast(database)
    rows = select(literal(broadcast_id), Person.id, Person.id.label("of"), Address.id, literal("waiting")).join(
        Address, Address.person_id == Person.id
    )
    columns = ["broadcast_id", "number", "person_id", "address_id", "fate"]
    began = perf_counter()
    async with database.transaction() as db:
        await db.execute(insert(BroadcastRecipient).from_select(columns, rows))
        await db.execute(update(Broadcast).where(Broadcast.id == broadcast_id).values(status="cancelled"))
    return perf_counter() - began


async def _check(database: Database, broadcast_id: int, people: int) -> None:
    waiting = select(func.count()).where(
        BroadcastRecipient.broadcast_id == broadcast_id, BroadcastRecipient.fate == "waiting"
    )
    async with database.snapshot() as db:
        if await db.scalar(waiting) != people:
            raise RuntimeError("not everybody was written down")
