"""What the pages of the console cost at 500 open cases and 100,000 messages, against an empty page of the same server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, cast

from aiohttp import web
from sqlalchemy import event, insert, select

from benchmarks.figure import Board, percentile, quick_asked
from benchmarks.stage import Shelf, build
from benchmarks.storage import postgres
from bot.console import app as assembly
from bot.console.app import make_console
from bot.console.context import Console
from bot.console.routes import Routes
from bot.console.visit import COOKIE, Visit
from bot.files import Files
from bot.wake import Wake
from core.clock import utc_now
from db.cases import SupportCase
from db.engine import Database
from db.migrate import migrate
from db.people import Address, Conversation
from db.staff import Staff
from db.turns import Inbox, Outbox
from handlers.casework import Casework
from knowledge.index import Snapshot
from services import sessions
from services.cases import new_code
from services.vault import Vault

_CASES, _MESSAGES = 500, 100_000
_FEW = 50
_IDLE = timedelta(hours=8)
_WORDS = "我的补助上个月没有到账，麻烦您帮我查一下是什么原因。"

empty = Routes()


@empty.get("/empty", "cases")
async def nothing(visit: Visit) -> web.Response:
    """Answer with the frame of every page, and nothing in it."""
    return visit.render("base.html")


async def main() -> None:
    """Measure both databases and print."""
    quick, board = quick_asked(__doc__), Board()
    snapshot, _ = build(quick=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        await _measure(board, "sqlite", f"sqlite+aiosqlite:///{folder / 'c.sqlite3'}", folder, snapshot, quick=quick)
        async with postgres(folder) as url:
            await _measure(board, "postgresql", url, folder, snapshot, quick=quick)
    board.close()


async def _measure(board: Board, name: str, url: str, folder: Path, snapshot: Snapshot, *, quick: bool) -> None:
    database = Database(url)
    await migrate(database)
    token = await _sign_in(database)
    paths = {"queue": "/console/?tab=waiting", "case": "/console/cases/1"}
    asked = _count_statements(database)
    async with _serving(database, folder, snapshot) as port:
        page = _Reader(port, token)
        for cases, messages in ((_FEW, _FEW * _MESSAGES // _CASES), (_CASES, _MESSAGES)):
            await _fill(database, cases, messages)
            for what, path in paths.items():
                await page.read(path)  # the first opening of a case by somebody writes one row more
                asked.clear()
                await page.read(path)
                board.add(f"console.{name} {what}: SQL statements at {cases} open cases", len(asked), "statements")
        rounds = 40 if quick else 200
        times: dict[str, list[float]] = {path: [] for path in ("/console/empty", *paths.values())}
        for number in range(rounds + 5):
            for path, spent in times.items():
                started = perf_counter()
                await page.read(path)
                if number >= 5:
                    spent.append((perf_counter() - started) * 1000)
        for what, path in paths.items():
            for percent in (50, 95):
                value, floor = (percentile(times[one], percent) for one in (path, "/console/empty"))
                board.add(f"console.{name} {what} p{percent} vs empty page", value, "ms", floor, "ratio<=5")
    await database.close()


def _count_statements(database: Database) -> list[str]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    return asked


async def _sign_in(database: Database) -> str:
    async with database.transaction() as db:
        staff = Staff(login="bench", name="王专员", role="admin", created_at=utc_now())
        db.add(staff)
        await db.flush()
        return await sessions.open_session(db, utc_now(), staff.id, None, _IDLE)


async def _fill(database: Database, cases: int, messages: int) -> None:
    """Put in cases until there are so many, each with its share of the messages, half of each side."""
    now = utc_now()
    async with database.transaction() as db:
        there = len((await db.scalars(select(SupportCase.id))).all())
        connection = await db.connection()
        codes: set[str] = set((await db.scalars(select(SupportCase.code))).all())
        for number in range(there + 1, cases + 1):
            while (code := new_code()) in codes:
                pass
            codes.add(code)
            await connection.execute(insert(Address).values(_address(number, now)))
            await connection.execute(insert(SupportCase).values(_case(number, code, now)))
            await connection.execute(insert(Conversation).values(address_id=number, case_id=number, data={}, menu=[]))
            each = messages // cases // 2
            await connection.execute(insert(Inbox), [_heard(number, n, now) for n in range(each)])
            await connection.execute(insert(Outbox), [_said(number, n, now) for n in range(each)])


_events = count(1)


def _address(number: int, now: datetime) -> dict[str, Any]:
    return {"id": number, "channel": "web", "external_id": f"p{number}", "created_at": now, "reachable": True}


def _case(number: int, code: str, now: datetime) -> dict[str, Any]:
    return {
        "id": number, "code": code, "address_id": number, "kind": "consult", "reason": "asked", "crisis": False,
        "status": "open", "question": _WORDS, "opened_at": now - timedelta(days=3), "last_at": now,
        "waiting_since": now, "due_at": now + timedelta(minutes=number), "escalation": 0, "reopened": 0,
        "told_closed_hours": False,
    }  # fmt: skip


def _heard(number: int, n: int, now: datetime) -> dict[str, Any]:
    return {
        "channel": "web", "event_id": f"e{next(_events)}", "address_id": number, "case_id": number, "kind": "text",
        "text": _WORDS, "at": now - timedelta(minutes=2 * n + 1),
    }  # fmt: skip


def _said(number: int, n: int, now: datetime) -> dict[str, Any]:
    return {
        "channel": "web", "recipient": f"p{number}", "address_id": number, "case_id": number, "lane": 0,
        "staff_id": 1 if n % 2 else None, "payload": {"text": _WORDS, "choices": []}, "status": "sent", "attempts": 0,
        "at": now - timedelta(minutes=2 * n), "available_at": now,
    }  # fmt: skip


@asynccontextmanager
async def _serving(database: Database, folder: Path, snapshot: Snapshot) -> AsyncIterator[int]:
    """Serve the console alone, with one page more."""
    limits = {"web": 4096}
    console = Console(
        database=database, now=utc_now, vault=Vault(b"0" * 32), wake=Wake(), library=cast("Any", Shelf(snapshot)),
        casework=Casework(lambda: snapshot.profile, timedelta(minutes=30), limits), files=Files(folder / "files", 20),
        data_dir=folder, idle=_IDLE, largest_file=20 * 1024 * 1024, secure=False, proxies=frozenset(), hashing=asyncio.Semaphore(2),
        closing=asyncio.Event(),
    )  # fmt: skip
    assembly.PAGES = (*(page for page in assembly.PAGES if page is not _here), _here)
    root = web.Application()
    root.add_subapp("/console/", make_console(console))
    runner = web.AppRunner(root, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


class _here:  # noqa: N801 - stands where a module of pages does
    routes = empty


class _Reader:
    """A browser of the barest kind, so that nearly all of the time is the server's."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def read(self, path: str) -> None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {COOKIE}={self._token}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith("HTTP/1.1 200"), head
        length = next(line for line in head.split("\r\n") if line.lower().startswith("content-length"))
        await reader.readexactly(int(length.partition(":")[2]))


if __name__ == "__main__":
    asyncio.run(main())
