"""A bureau with a staff group: one person in a private chat, colleagues in the group, and all of the service between them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from aiogram import Bot, Dispatcher
from sqlalchemy import func, select

from bot.channels.telegram.feed import build_dispatcher, feed, read_update
from bot.channels.telegram.outbound import TelegramChannel
from bot.channels.telegram.pace import OwnPace, Rates
from bot.channels.telegram.staff_link import StaffLink
from bot.files import Files
from bot.intake import Intake
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.deliver import Deliverer
from bot.workers.fetch import Fetcher
from core.clock import Clock
from db.cases import SupportCase
from db.engine import Database
from db.staff import Staff
from db.turns import Outbox
from handlers import routes
from handlers.casework import Casework
from services import staff_group
from tests.fakes.bot_api import BOT_USER, BotApi, message_update, telegram
from tests.fakes.clock import SettableClock
from tests.fakes.groups import Group
from tests.fakes.sealed import VAULT
from tests.journeys.world import Shelf, snapshot_of

GROUP, PERSON = -1005, 7
LI, WANG, STRANGER = 101, 102, 999
LEASE = timedelta(seconds=30)


async def _no_wait(_seconds: float) -> None:
    """Pace of private chats is not what these tests are about."""


@dataclass
class Office:
    """Everything between a person's phone and the staff group's screens."""

    api: BotApi
    bot: Bot
    database: Database
    clock: SettableClock
    dispatcher: Dispatcher
    deliverer: Deliverer
    casework: Casework
    files: Files
    fetcher: Fetcher
    ids: Any = field(default_factory=lambda: count(5000))

    @property
    def group(self) -> Group:
        """Return the group as Telegram keeps it."""
        return self.api.groups[str(GROUP)]

    async def happens(self, update: dict[str, Any]) -> bool:
        """Deliver one update; tell whether it would be confirmed."""
        read = read_update(update, self.bot)
        assert read is not None
        return await feed(self.dispatcher, self.bot, read)

    async def person_says(self, text: str) -> None:
        """Write from the person's phone."""
        await self.person_sends(text=text)

    async def person_sends(self, **content: Any) -> None:
        """Send anything from the person's phone."""
        assert await self.happens(message_update(next(self.ids), chat=PERSON, **content))

    def from_staff(
        self, text: str | None, thread: int | None = None, *, sender: int = LI, replying: dict[str, Any] | None = None,
        chat: int = GROUP, **content: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Return an update from the group; the first of a topic's messages is what each other there replies to."""
        if text is not None:
            content["text"] = text
        if thread is not None:
            content |= {"message_thread_id": thread, "is_topic_message": True}
        if replying is not None:
            content["reply_to_message"] = replying
        content["from"] = {"id": sender, "is_bot": False, "first_name": "某人"} | content.pop("from_user", {})
        return message_update(next(self.ids), chat=chat, chat_type="supergroup", **content)

    async def staff_says(self, text: str | None, thread: int | None = None, **content: Any) -> int:
        """Write in the group; return the message's id."""
        update = self.from_staff(text, thread, **content)
        assert await self.happens(update)
        number: int = update["message"]["message_id"]
        return number

    def ours(self, text: str, chat: int = GROUP) -> dict[str, Any]:
        """Return a message of the bot's, for somebody to reply to."""
        return {
            "message_id": 1, "date": 1, "chat": {"id": chat, "type": "supergroup"}, "from": BOT_USER, "text": text,
        }  # fmt: skip

    async def deliver(self) -> None:
        """Deliver until nothing is due any more, as far as the clock now stands."""
        while await self.deliverer.deliver_once():
            pass

    async def settle(self) -> None:
        """Deliver, and let time pass as long as something waits for it, at most some minutes."""
        for _ in range(30):
            await self.deliver()
            async with self.database.snapshot() as db:
                due = await db.scalar(select(func.min(Outbox.available_at)).where(Outbox.status == "ready"))
            if due is None:
                return
            self.clock.moment = max(due, self.clock() + timedelta(seconds=1))

    def shown(self, thread: int | None, chat: int = GROUP) -> list[str]:
        """Return what stands in a topic now, cards as last edited."""
        group = self.api.groups[str(chat)]
        return [
            self.api.messages[str(chat), number]["text"]
            for number, (place, _) in sorted(group.places.items())
            if place == thread and number not in group.deleted
        ]

    def on_phone(self) -> list[str]:
        """Return what the person has got."""
        return [m["text"] for (chat, _), m in sorted(self.api.messages.items()) if chat == str(PERSON)]

    async def case(self) -> SupportCase:
        """Return the last case."""
        async with self.database.snapshot() as db:
            return (await db.scalars(select(SupportCase).order_by(SupportCase.id.desc()).limit(1))).one()

    async def rows(self, **wanted: Any) -> list[Outbox]:
        """Return the rows of the staff group's channel."""
        async with self.database.snapshot() as db:
            return list(await db.scalars(select(Outbox).filter_by(channel="staff", **wanted).order_by(Outbox.id)))

    async def opened(self, text: str = "转人工") -> int:
        """Have the person ask for staff; return the case's topic."""
        await self.person_says(text)
        await self.deliver()
        return max(self.group.topics)


@asynccontextmanager
async def open_office(database: Database, clock: SettableClock, folder: Path, **group: Any) -> AsyncIterator[Office]:
    """Open the bureau, with a forum group unless told otherwise."""
    async with telegram() as (api, bot):
        yield await make_office(api, bot, database, clock, folder, Group(**group))


async def make_office(
    api: BotApi, bot: Bot, database: Database, clock: SettableClock, folder: Path, group: Group
) -> Office:  # fmt: skip
    """Put the service together around a Telegram."""
    api.groups[str(GROUP)] = group
    now: Clock = clock
    wake, metrics, shelf = Wake(), Metrics(), Shelf(snapshot_of())
    limits = {"telegram": 4096}
    intake = Intake(database, shelf, routes(VAULT).route, wake, metrics, now, limits)  # type: ignore[arg-type]
    casework = Casework(lambda: shelf.snapshot.profile, timedelta(minutes=30), limits)
    files = Files(folder / "files", 20)
    staff = StaffLink(casework, files, wake, database, now, lambda _slug: "优待证怎么办", 20)
    dispatcher = build_dispatcher(intake.receive, intake.amend, files.too_large, staff.router())
    private = TelegramChannel(bot, OwnPace(Rates(1000, 1000), sleep=_no_wait))
    channels = {"telegram": private, "staff": staff.channel(bot)}
    async with database.transaction() as db:
        await staff_group.configure(db, GROUP)
        for number, (login, name, telegram_id) in enumerate([("li", "小李", LI), ("wang", "小王", WANG)], 1):
            values = {"login": login, "name": name, "telegram_id": telegram_id, "created_at": clock()}
            db.add(Staff(id=number, role="agent", **values))
    deliverer = Deliverer(database, channels, wake, metrics, now, LEASE, files.path)
    fetcher = Fetcher(database, {"telegram": private}, files, wake, now)
    return Office(api, bot, database, clock, dispatcher, deliverer, casework, files, fetcher)
