"""The composition root: the ten long-lived objects of a process, and how they start and stop."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from aiohttp import web

from bot import extras
from bot.calendar_link import CalendarLinks
from bot.channels.base import Channel, Source
from bot.channels.web.api import Chat
from bot.channels.web.page import add_headers
from bot.channels.web.stream import Streams
from bot.console.app import make_console
from bot.console.context import Console
from bot.console.import_desk import ImportDesk
from bot.files import Files
from bot.first_admin import console_address, first_link
from bot.health import Health
from bot.intake import Intake
from bot.keys import read_key
from bot.library import Library
from bot.listen import listen
from bot.metrics import Metrics
from bot.nursery import Nursery
from bot.settings import Settings
from bot.storage import open_database, prepare_folder
from bot.workers.clock import Ticker
from bot.workers.deliver import AtOnce, Deliverer
from bot.workers.fetch import Fetcher
from core.clock import Clock, utc_now
from db.engine import Database
from handlers import routes
from handlers.casework import Casework
from handlers.ticks import ticks
from services import staff_group
from services.broadcast_run import BACKLOG
from services.job_board import Shelf
from services.vault import Vault

if TYPE_CHECKING:
    from bot.channels.telegram import TelegramLink

_TICK_TO_TICK = 16
"""Seconds for which a broadcast needs messages waiting: a tick of the clock and a little more."""
_LARGEST_POST = 256 * 1024
"""Bytes of a request body; 20,000 Chinese characters are about 60 KiB."""

log = structlog.get_logger()


class App:
    """Everything a process needs; built once, started by `running`."""

    def __init__(self, settings: Settings, database: Database, now: Clock = utc_now) -> None:
        self.settings, self.database, self.now = settings, database, now
        self.metrics, self.nursery = Metrics(), Nursery(database)
        self.wake = extras.make_wake(settings.redis_url)
        self.library = Library(settings.data_dir, settings.region, self.metrics, now, samples=not settings.production)
        limits = {"telegram": settings.telegram_text_limit, "web": settings.web_text_limit}
        self.vault = Vault(read_key(settings.data_dir, "vault.key"))
        self.shelf = Shelf()
        self.intake = Intake(
            database,
            self.library,
            routes(self.vault, settings.notice_rules, self.shelf, settings.booking_rules).route,
            self.wake,
            self.metrics,
            now,
            limits,
        )
        claim_life = timedelta(minutes=settings.claim_minutes)
        self.casework = Casework(lambda: self.library.snapshot.profile, claim_life, limits)
        self._holder = f"{os.getpid()}-{uuid4().hex[:8]}"
        self.channels: dict[str, Channel] = {}
        self.sources: dict[str, Source] = {}
        self.files = Files(settings.data_dir / "files", settings.largest_file_mb)
        self.files.sweep(now())
        self.streams = Streams(database, self.wake, self.metrics)
        self._links: list[TelegramLink] = []
        self._deliverer: Deliverer | None = None
        self.web = web.Application(client_max_size=_LARGEST_POST)
        self.web.on_response_prepare.append(add_headers)
        key = read_key(settings.data_dir, "cookie.key")
        chat = Chat(
            database, self.intake, self.streams, self.files, self.wake, key, secure=settings.production
        )  # fmt: skip
        self.web.add_routes(chat.routes())
        self._calendar_links = CalendarLinks(database, read_key(settings.data_dir, "calendar.key"), settings.public_url)
        self.web.add_routes(self._calendar_links.routes())
        self.web.add_routes(Health(database, lambda: self.library.problems, self.nursery, self.metrics).routes())
        self.console = self._make_console()
        self.web.add_routes([web.get("/console", _to_console)])
        self.web.add_subapp("/console/", make_console(self.console))

    def _make_console(self) -> Console:
        settings = self.settings
        return Console(
            self.database, self.now, self.vault, self.wake, self.library, self.casework, self.files, settings.data_dir,
            timedelta(minutes=settings.console_idle_minutes), settings.largest_file_mb * 1024 * 1024,
            proxies=frozenset(filter(None, settings.proxies.replace(" ", "").split(","))),
            secure=settings.production, hashing=asyncio.Semaphore(2), closing=asyncio.Event(),
            rates={"telegram": settings.telegram_rate}, rules=settings.notice_rules,
            booking_rules=settings.booking_rules, imports=ImportDesk(self.nursery, self.now),
        )  # fmt: skip

    def start(self) -> None:
        """Start channels and workers.

        Raises:
            OperatorError: the settings of a channel cannot be used.
        """
        if self.settings.redis_url:
            self.nursery.start("redis", self.wake.relay)
        if self.settings.telegram:
            extras.need_telegram()
            from bot.channels.telegram import StaffLink, TelegramLink  # noqa: PLC0415 - an optional extra

            staff = StaffLink(
                self.casework, self.files, self.wake, self.database, self.now, self._title_of,
                self.settings.telegram_group_per_minute,
            )  # fmt: skip
            link = TelegramLink(
                self.settings, self.intake.receive, self.intake.amend, self.files, self.database, self.now,
                self._holder, staff if self.settings.staff_group else None,
            )  # fmt: skip
            self.channels["telegram"] = self.sources["telegram"] = link.channel
            if link.staff is not None:
                self.channels[link.staff.name] = link.staff
            link.start(self.nursery, self.web)
            self._links.append(link)
        lease = timedelta(seconds=self.settings.lease_seconds)
        self._deliverer = Deliverer(
            self.database, self.channels, self.wake, self.metrics, self.now, lease, self.files.path,
            AtOnce(unasked=self.settings.notices_at_once), links=self._calendar_links,
        )  # fmt: skip
        self.nursery.start("deliver", self._deliverer.run_replies)
        self.nursery.start("notices", self._deliverer.run_notices)
        fetcher = Fetcher(self.database, self.sources, self.files, self.wake, self.now)
        self.nursery.start("fetch", fetcher.run)
        due = ticks(
            self.casework, self.vault, crisis_repeat=timedelta(minutes=self.settings.crisis_repeat_minutes),
            idle=timedelta(hours=self.settings.case_idle_hours), rules=self.settings.notice_rules,
            backlog=max(BACKLOG, int(self.settings.telegram_rate * _TICK_TO_TICK)), shelf=self.shelf,
            booking_rules=self.settings.booking_rules,
        )  # fmt: skip
        ticker = Ticker(self.database, due, self.wake, self.now, self._holder, self.metrics)
        self.nursery.start("clock", ticker.run)
        self.nursery.start("knowledge", self.library.watch)

    def _title_of(self, slug: str) -> str | None:
        entry = self.library.snapshot.entries.get(slug)
        return entry.question if entry else None

    async def stop(self) -> None:
        """Stop in order: workers first, then what they used."""
        if self._deliverer is not None:
            await self._deliverer.finish()
        await self.nursery.close()
        for link in self._links:
            await link.close()
        await self.wake.close()


async def _to_console(_request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": "/console/"})


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
        async with database.transaction() as db:
            await staff_group.configure(db, settings.staff_group)
        app = await asyncio.to_thread(App, settings, database, now)
        stack.push_async_callback(app.stop)
        app.start()
        runner = web.AppRunner(app.web, access_log=None, shutdown_timeout=5)
        stack.push_async_callback(runner.cleanup)
        stack.callback(app.streams.close)
        stack.callback(app.console.closing.set)
        await runner.setup()
        yield app, await listen(runner, settings)


def _first_steps(link: str | None) -> str:
    if link is None:
        return ""
    return f"还没有管理员。请打开下面的链接建立第一个管理员，24 小时内有效，只能用一次：\n  {link}\n"


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with running(settings) as (app, port):
        gc.collect()
        gc.freeze()  # the index is built: collecting it again and again costs the slowest requests 100 ms
        link = await first_link(settings, app.database, app.now(), port)
        host = "localhost" if settings.host in ("0.0.0.0", "127.0.0.1", "::") else settings.host  # noqa: S104
        print(
            f"驿站已启动，{len(app.library.snapshot.entries)} 条问答。\n"
            f"  网页聊天  http://{host}:{port}/\n"
            f"  运行指标  http://{host}:{port}/metrics\n"
            f"  工作台    {console_address(settings, port)}\n"
            f"{_first_steps(link)}"
            f"按 Ctrl+C 停止。",
            flush=True,
        )
        await stopping.wait()
        log.info("stopping")
