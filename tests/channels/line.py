"""One bureau with Telegram on: updates go in through the real dispatcher, files and answers through the real workers."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from sqlalchemy import select

from bot.channels.telegram.feed import build_dispatcher, feed, read_update
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.pace import OwnPace, Rates
from bot.files import Files
from bot.intake import Intake
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.deliver import Deliverer
from bot.workers.fetch import Fetcher
from db.cases import StaffGroup
from db.engine import Database
from db.media import Attachment
from db.turns import Outbox
from handlers import routes
from tests.fakes.bot_api import BotApi, message_update, telegram
from tests.fakes.clock import SettableClock
from tests.fakes.sealed import VAULT
from tests.journeys.office import Clerk, hire
from tests.journeys.world import Shelf, snapshot_of

LIMIT_MB = 1


@dataclass
class Line:
    """A person's Telegram, the service behind it, and a clerk."""

    api: BotApi
    bot: Bot
    database: Database
    clock: SettableClock
    files: Files
    dispatcher: Dispatcher
    fetcher: Fetcher
    deliverer: Deliverer
    ids: Any = field(default_factory=lambda: count(100))

    async def happens(self, update: dict[str, Any]) -> None:
        """Take an update."""
        read = read_update(update, self.bot)
        assert read is not None
        assert await feed(self.dispatcher, self.bot, read)

    async def sends(self, **content: Any) -> list[str]:
        """Have the person send something; return what the bot decides to answer."""
        number = next(self.ids)
        await self.happens(message_update(number, **content))
        return [row.payload["text"] for row in await self.rows() if row.in_reply_to == str(number)]

    async def rows(self, channel: str = "telegram") -> list[Outbox]:
        """Return what was written for the person, or, with "staff", for the staff group."""
        async with self.database.snapshot() as db:
            return list(await db.scalars(select(Outbox).where(Outbox.channel == channel).order_by(Outbox.id)))

    async def attachments(self) -> list[Attachment]:
        """Return all files."""
        async with self.database.snapshot() as db:
            return list(await db.scalars(select(Attachment).order_by(Attachment.id)))

    async def said_in_group(self) -> list[tuple[str, str, Sequence[int]]]:
        """Return who said what, with which files, in the staff group."""
        said = [row.payload for row in await self.rows("staff") if row.payload["do"] == "say"]
        return [(p["who"], p["text"], p.get("attachments", [])) for p in said]

    async def clerk(self) -> Clerk:
        """Hire somebody."""
        return Clerk(self.database, await hire(self.database), self.clock)

    async def deliver(self) -> None:
        """Send all that is due."""
        while await self.deliverer.deliver_once():
            pass


async def _at_once(_seconds: float) -> None:
    """Wait for nothing."""


@asynccontextmanager
async def open_line(database: Database, clock: SettableClock, folder: Path) -> AsyncIterator[Line]:
    """Set everything up, with a staff group on record."""
    files, wake = Files(folder / "files", LIMIT_MB), Wake()
    shelf: Any = Shelf(snapshot_of())
    intake = Intake(database, shelf, routes(VAULT).route, wake, Metrics(), clock, {})
    async with database.transaction() as db:
        db.add(StaffGroup(id=1, chat_id=-100, configured=-100))
    async with telegram() as (api, bot):
        channel = TelegramChannel(bot, OwnPace(Rates(1000, 1000), sleep=_at_once))
        lease = timedelta(seconds=30)
        deliverer = Deliverer(database, {"telegram": channel}, wake, Metrics(), clock, lease, files.path)
        fetcher = Fetcher(database, {"telegram": channel}, files, wake, clock)
        dispatcher = build_dispatcher(intake.receive, intake.amend, files.too_large)
        yield Line(api, bot, database, clock, files, dispatcher, fetcher, deliverer)
