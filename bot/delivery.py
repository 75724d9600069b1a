"""The composition root of a process that only delivers: no knowledge, no console, any number of them."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta

import structlog
from aiohttp import web

from bot import extras
from bot.files import Files
from bot.health import Health
from bot.listen import listen
from bot.metrics import Metrics
from bot.nursery import Nursery
from bot.settings import Settings
from bot.storage import open_database
from bot.workers.deliver import AtOnce, Deliverer
from core.clock import Clock, utc_now
from core.errors import OperatorError

_SQLITE = (
    "deliver needs PostgreSQL (YIZHAN_DATABASE_URL): with SQLite there is one process, and `serve` delivers itself / "
    "deliver 只能配合 PostgreSQL 使用（YIZHAN_DATABASE_URL）。用 SQLite 时，serve 自己就会发送，不需要另开进程"
)
_NO_CHANNEL = (
    "deliver has nothing to send through: set YIZHAN_TELEGRAM_TOKEN / 没有可以发送的渠道：请设置 YIZHAN_TELEGRAM_TOKEN"
)

log = structlog.get_logger()


@asynccontextmanager
async def delivering(settings: Settings, now: Clock = utc_now) -> AsyncIterator[int]:
    """Deliver; yields the port of health and metrics.

    Raises:
        OperatorError: database, channel or port cannot be used; the text says what to do.
    """
    if settings.database.startswith("sqlite"):
        raise OperatorError(_SQLITE)
    if not settings.telegram:
        raise OperatorError(_NO_CHANNEL)
    metrics = Metrics()
    async with AsyncExitStack() as stack:
        extras.need_telegram()
        from bot.channels.telegram import Outlet  # noqa: PLC0415 - an optional extra

        outlet = Outlet(settings)
        stack.push_async_callback(outlet.close)
        wake = extras.make_wake(settings.redis_url)
        stack.push_async_callback(wake.close)
        database = await open_database(settings)
        stack.push_async_callback(database.close)
        nursery = Nursery(database)
        stack.push_async_callback(nursery.close)
        files = Files(settings.data_dir / "files", settings.largest_file_mb)
        lease = timedelta(seconds=settings.lease_seconds)
        deliverer = Deliverer(
            database, {"telegram": outlet.channel}, wake, metrics, now, lease, files.path,
            AtOnce(unasked=settings.notices_at_once),
        )  # fmt: skip
        stack.push_async_callback(deliverer.finish)
        health = web.Application()
        health.add_routes(Health(database, list, nursery, metrics).routes())
        runner = web.AppRunner(health, access_log=None, shutdown_timeout=5)
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        port = await listen(runner, settings)
        if settings.redis_url:
            nursery.start("redis", wake.relay)
        outlet.start(nursery)
        nursery.start("deliver", deliverer.run_replies)
        nursery.start("notices", deliverer.run_notices)
        yield port


async def deliver(settings: Settings) -> None:
    """Deliver until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with delivering(settings) as port:
        print(f"驿站发送进程已启动，运行指标在端口 {port}。按 Ctrl+C 停止。", flush=True)
        await stopping.wait()
        log.info("stopping")
