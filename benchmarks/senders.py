"""The processes of the delivery benchmark: our delivery, or a bare aiogram loop; each says when it is ready."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from benchmarks.bot_api import TOKEN
from benchmarks.crowd import TEXT
from bot.channels.telegram.client import build_bot
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.pace import OwnPace, Rates
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.deliver import Deliverer
from core.clock import Clock, utc_now
from db.engine import Database

LEASE = timedelta(seconds=30)


@asynccontextmanager
async def deliverer(
    database: Database, api: str, rate: float, wake: Wake, now: Clock = utc_now
) -> AsyncIterator[Deliverer]:
    """Build our delivery as the service does, with every setting but the rate at its default."""
    bot = build_bot(TOKEN, api)
    channels = {"telegram": TelegramChannel(bot, OwnPace(Rates(all=rate)))}
    try:
        yield Deliverer(database, channels, wake, Metrics(), now, LEASE, Path)
    finally:
        await bot.session.close()
        await database.close()


async def ours(url: str, api: str) -> None:
    """Deliver whatever is ready until killed, as fast as it goes."""
    async with deliverer(Database(url), api, 1e6, Wake()) as made:
        print("ready", flush=True)
        await asyncio.gather(made.run_replies(), made.run_notices())


async def bare(api: str, first: int, count: int) -> None:
    """Send one message after the other, once told to."""
    async with Bot(TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(api))) as bot:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        for number in range(first, first + count):
            await bot.send_message(10**6 + number, TEXT)


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    asyncio.run(ours(*rest) if kind == "ours" else bare(rest[0], int(rest[1]), int(rest[2])))
