"""The composition root: the ten long-lived objects of a process, and how they start and stop."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from aiohttp import web

from bot.channels.base import Channel
from bot.channels.web.api import Chat
from bot.channels.web.page import add_headers
from bot.channels.web.stream import Streams
from bot.channels.web.visitor import read_key
from bot.health import Health
from bot.intake import Intake
from bot.library import Library
from bot.metrics import Metrics
from bot.nursery import Nursery
from bot.settings import Settings
from bot.storage import open_database, prepare_folder
from bot.wake import Wake
from bot.workers.deliver import Deliverer
from core.clock import Clock, utc_now
from core.errors import OperatorError
from db.engine import Database
from handlers import routes

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramLink

_LARGEST_POST = 256 * 1024
"""Bytes of a request body; 20,000 Chinese characters are about 60 KiB."""

log = structlog.get_logger()


class App:
    """Everything a process needs; built once, started by `running`."""

    def __init__(self, settings: Settings, database: Database, now: Clock = utc_now) -> None:
        self.settings, self.database, self.now = settings, database, now
        self.metrics, self.nursery = Metrics(), Nursery()
        self._relay: Callable[[], Awaitable[None]] | None = None  # started by `start`, this may be built in a thread
        self.wake = self._make_wake()
        self.library = Library(settings.data_dir, settings.region, self.metrics, now, samples=not settings.production)
        limits = {"telegram": settings.telegram_text_limit, "web": settings.web_text_limit}
        self.intake = Intake(database, self.library, routes().route, self.wake, self.metrics, now, limits)
        self.channels: dict[str, Channel] = {}
        self.streams = Streams(database, self.wake, self.metrics)
        self._links: list[TelegramLink] = []
        self.web = web.Application(client_max_size=_LARGEST_POST)
        self.web.on_response_prepare.append(add_headers)
        key = read_key(settings.data_dir)
        self.web.add_routes(Chat(database, self.intake, self.streams, key, secure=settings.production).routes())
        self.web.add_routes(Health(database, self.library, self.nursery, self.metrics).routes())

    def _make_wake(self) -> Wake:
        if not self.settings.redis_url:
            return Wake()
        try:
            from bot.wake_redis import RedisWake  # noqa: PLC0415 - an optional extra
        except ImportError as error:
            raise OperatorError(
                "YIZHAN_REDIS_URL is set, but redis is not installed: run .venv/bin/pip install -e '.[redis]' / "
                "设置了 YIZHAN_REDIS_URL，但没有安装 redis，请运行左边的命令"
            ) from error
        wake = RedisWake(self.settings.redis_url)
        self._relay = wake.relay
        return wake

    def start(self) -> None:
        """Start channels and workers.

        Raises:
            OperatorError: the settings of a channel cannot be used.
        """
        if self._relay is not None:
            self.nursery.start("redis", self._relay)
        if self.settings.telegram:
            try:
                from bot.channels.telegram import TelegramLink  # noqa: PLC0415 - an optional extra
            except ImportError as error:
                raise OperatorError(
                    "YIZHAN_TELEGRAM_TOKEN is set, but aiogram is not installed: start with make run, "
                    "or run .venv/bin/pip install -e '.[telegram]' / "
                    "设置了 YIZHAN_TELEGRAM_TOKEN，但没有安装 aiogram，请用 make run 启动，或运行左边的命令"
                ) from error
            holder = f"{os.getpid()}-{uuid4().hex[:8]}"
            link = TelegramLink(self.settings, self.intake.receive, self.database, self.now, holder)
            self.channels["telegram"] = link.channel
            link.start(self.nursery, self.web)
            self._links.append(link)
        lease = timedelta(seconds=self.settings.lease_seconds)
        deliverer = Deliverer(self.database, self.channels, self.wake, self.metrics, self.now, lease)
        self.nursery.start("deliver", deliverer.run)
        self.nursery.start("knowledge", self.library.watch)

    async def stop(self) -> None:
        """Stop in order: workers first, then what they used."""
        await self.nursery.close()
        for link in self._links:
            await link.close()
        await self.wake.close()


@asynccontextmanager
async def running(settings: Settings, now: Clock = utc_now) -> AsyncIterator[tuple[App, int]]:
    """Run a service; yields it with the port it listens on.

    Raises:
        OperatorError: folder, database, knowledge or port cannot be used; the text says what to do.
    """
    prepare_folder(settings.data_dir)
    database = await open_database(settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        app = await asyncio.to_thread(App, settings, database, now)
        stack.push_async_callback(app.stop)
        app.start()
        runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=5)
        stack.push_async_callback(runner.cleanup)
        stack.callback(app.streams.close)
        await runner.setup()
        yield app, await _listen(runner, settings)


async def _listen(runner: web.AppRunner, settings: Settings) -> int:
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        raise OperatorError(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror} / "
            f"端口 {settings.port} 用不了，可能被别的程序占着：请换一个 YIZHAN_PORT"
        ) from error
    port: int = runner.addresses[0][1]
    return port


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with running(settings) as (app, port):
        gc.collect()
        gc.freeze()  # the index is built: collecting it again and again costs the slowest requests 100 ms
        host = "localhost" if settings.host in ("0.0.0.0", "127.0.0.1", "::") else settings.host  # noqa: S104
        print(
            f"驿站已启动，{len(app.library.snapshot.entries)} 条问答。\n"
            f"  网页聊天  http://{host}:{port}/\n"
            f"  运行指标  http://{host}:{port}/metrics\n"
            f"  工作台    （还没有，将在转人工功能里提供）\n"
            f"按 Ctrl+C 停止。",
            flush=True,
        )
        await stopping.wait()
        log.info("stopping")
