"""Telegram updates over real HTTP into the real intake, against handlers that do nothing."""

import asyncio
import gc
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiogram import Bot, Dispatcher, Router
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from benchmarks.figure import Board, percentile
from benchmarks.load import SECRET
from benchmarks.stage import Shelf
from bot.channels.telegram.feed import build_dispatcher
from bot.channels.telegram.webhook import Handler, webhook_handler
from bot.intake import Intake
from bot.metrics import Metrics
from bot.wake import Wake
from core.clock import utc_now
from db.engine import Database
from db.migrate import migrate
from handlers import routes
from knowledge.index import Snapshot
from services.vault import Vault

_TOKEN = "42:BENCHMARK"
_COMMANDS = ["/start", "/guide", "/goods", "/human"]
"""What needs no understanding, as a pressed button does."""


async def measure(board: Board, folder: Path, snapshot: Snapshot, questions: Sequence[str], *, quick: bool) -> None:
    """Measure updates a second and the slowest hundredth."""
    bot = Bot(_TOKEN)
    floor = await _drive(_bare, _COMMANDS, 300 if quick else 5000)
    noop = await _drive(_silent_aiogram(bot), _COMMANDS, 300 if quick else 5000)
    database = Database(f"sqlite+aiosqlite:///{folder / 'webhook.sqlite3'}")
    await migrate(database)
    intake = Intake(database, Shelf(snapshot), routes(Vault(b"0" * 32)).route, Wake(), Metrics(), utc_now, {})  # type: ignore[arg-type]
    ours = webhook_handler(build_dispatcher(intake.receive, intake.amend, lambda _name, _size: None), bot, SECRET)
    gc.collect()
    gc.freeze()  # as the service does once it has started
    commands = await _drive(ours, _COMMANDS, 150 if quick else 3000)
    await database.close()
    database = Database(f"sqlite+aiosqlite:///{folder / 'questions.sqlite3'}")
    await migrate(database)
    intake = Intake(database, Shelf(snapshot), routes(Vault(b"0" * 32)).route, Wake(), Metrics(), utc_now, {})  # type: ignore[arg-type]
    asked = await _drive(
        webhook_handler(build_dispatcher(intake.receive, intake.amend, lambda _name, _size: None), bot, SECRET),
        list(questions),
        80 if quick else 1500,
    )
    await database.close()
    await bot.session.close()
    for name, (rate, slowest), (floor_rate, floor_slowest) in (
        ("no-op aiogram vs bare aiohttp", noop, floor),
        ("commands vs no-op aiogram", commands, noop),
        ("commands vs bare aiohttp", commands, floor),
        ("questions vs no-op aiogram", asked, noop),
        ("questions vs bare aiohttp", asked, floor),
    ):
        board.add(f"webhook.rate {name}", rate, "updates/s", floor_rate)
        board.add(f"webhook.p99 {name}", slowest, "ms", floor_slowest)


async def _bare(request: web.Request) -> web.Response:
    await request.read()
    return web.Response()


def _silent_aiogram(bot: Bot) -> Handler:
    dispatcher, router = Dispatcher(disable_fsm=True), Router()

    @router.message()
    async def on_message(_message: Message) -> None:
        """Do nothing."""

    dispatcher.include_router(router)
    handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET)
    return handler.handle


async def _drive(handler: Handler, texts: Sequence[str], count: int) -> tuple[float, float]:
    """Serve while a second process posts; return updates a second and the 99th percentile in milliseconds."""
    async with _served(handler) as url:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.load", url, str(count),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        out, _ = await child.communicate(json.dumps(list(texts)).encode())
    if child.returncode:
        raise RuntimeError("the load process failed")
    told = json.loads(out)
    return count / told["seconds"], percentile(told["times"], 99)


@asynccontextmanager
async def _served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/telegram/webhook", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/webhook"
    await runner.cleanup()
