"""Finding what is due among many reminders and saying it, against reading the due ones with one index scan."""

from datetime import datetime
from time import perf_counter

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks import crowd
from benchmarks.figure import Board
from core.tick import Pass
from db.engine import Database
from db.migrate import migrate
from db.reminders import Reminder
from db.turns import Outbox
from db.upsert import insert_all_new
from handlers import remind
from services.vault import Vault

_DUE_EACH = 20
_SCANS = 5
_VAULT = Vault(b"0" * 32)


async def measure(board: Board, name: str, url: str, pending: int) -> None:
    """Measure one database."""
    database, due = Database(url), pending // _DUE_EACH
    await migrate(database)
    await crowd.settle(database, pending)
    await crowd.campaign(database, pending, _DUE_EACH)
    scan = sorted([await _scan(database, due) for _ in range(_SCANS)])[_SCANS // 2]
    seconds, passes = await crowd.drain(database, _send_due)
    bare = await _bare_insert(database, due)
    title = f"sweep.{name}.{due} due of {pending}"
    board.add(f"{title} vs index scan", due / seconds, "rows/s", due / scan)
    board.add(f"{title} vs writing the same messages", due / seconds, "rows/s", due / bare)
    board.add(f"{title} longest transaction", max(passes) * 1000, "ms")
    await database.close()


async def _send_due(db: AsyncSession, now: datetime) -> Pass:
    return await remind.send_due(db, now, _VAULT)


async def _scan(database: Database, due: int) -> float:
    wanted = select(*Reminder.__table__.c).where(Reminder.status == "pending", Reminder.next_at <= crowd.NOW)
    async with database.snapshot() as db:
        began = perf_counter()
        rows = (await db.execute(wanted.order_by(Reminder.next_at, Reminder.id))).all()
        seconds = perf_counter() - began
    if len(rows) != due:
        raise RuntimeError(f"{len(rows)} due, not {due}")
    return seconds


async def _bare_insert(database: Database, due: int) -> float:
    """Write the messages of the sweep once more under other keys, in batches of 500; return the seconds."""
    kept = [column for column in Outbox.__table__.c if column.name != "id"]
    async with database.snapshot() as db:
        if await db.scalar(select(func.count()).select_from(Outbox)) != due:
            raise RuntimeError("not everybody was reminded")
        found = await db.execute(select(*kept))
        rows = [row | {"dedupe_key": f"again:{row['dedupe_key']}"} for row in map(dict, found.mappings())]
    began = perf_counter()
    for start in range(0, len(rows), 500):
        async with database.transaction() as db:
            await insert_all_new(db, Outbox, rows[start : start + 500])
    return perf_counter() - began
