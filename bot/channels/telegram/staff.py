"""The staff group's way in: committed before it is confirmed, and never lost in silence."""

import structlog
from aiogram import Bot, Router
from aiogram.enums import ChatType
from aiogram.types import Message

from bot.channels.base import DeliveryError, RejectedError
from bot.channels.telegram import staff_texts as texts
from bot.channels.telegram.media import download, media_of
from bot.channels.telegram.staff_desk import StaffDesk
from bot.channels.telegram.staff_heard import Heard, read, topic_of
from bot.files import Files
from bot.intake import DATABASE_DOWN
from bot.wake import CONSOLE, DELIVER, Wake, stream
from core.clock import Clock
from core.errors import Refusal
from db.cases import SupportCase
from db.engine import Database
from services import staff_group
from services.case_talk import StoredFile

log = structlog.get_logger()


class StaffRoom:
    """Takes what happens in the staff group; every other group is somebody else's affair."""

    def __init__(self, desk: StaffDesk, files: Files, database: Database, wake: Wake, now: Clock) -> None:
        self._desk, self._files, self._database, self._wake, self._now = desk, files, database, wake, now

    def router(self) -> Router:
        """Route the group's messages; to be asked before the router of other groups."""
        router = Router(name="staff")
        router.message(self._is_ours)(self.on_message)
        router.edited_message(self._is_ours)(self.on_edit)
        return router

    async def _is_ours(self, message: Message) -> bool:
        if message.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
            return False
        async with self._database.snapshot() as db:
            group = await staff_group.group_of(db)
        return group is not None and group.chat_id in (message.chat.id, message.migrate_from_chat_id)

    async def on_message(self, message: Message, bot: Bot) -> None:
        """Take a message, or what happened to the group itself."""
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            await self._follow(message)
        elif message.forum_topic_closed and message.from_user and message.from_user.id != bot.id:
            await self._topic_closed(message)
        elif heard := await read(message, bot):
            await self._take(message, heard, bot)

    async def on_edit(self, message: Message, bot: Bot) -> None:
        """Tell who edits that the person has the first wording."""
        if heard := await read(message, bot):
            async with self._database.transaction() as db:
                await self._desk.edited(db, heard, self._now())
            await self._wake.announce([DELIVER])

    async def _take(self, message: Message, heard: Heard, bot: Bot) -> None:
        case: SupportCase | None = None
        try:
            files = await self._fetch(message, heard, bot)
            async with self._database.transaction() as db:
                case = await self._desk.take(db, heard, files, self._now())
        except Refusal as refusal:
            await self._refuse(heard, str(refusal))
        except DATABASE_DOWN:
            raise
        except Exception:
            log.exception("message of the staff group failed")
            await self._refuse(heard, texts.FAULT)
        await self._wake.announce([DELIVER, CONSOLE, stream(case.address_id)] if case else [DELIVER])

    async def _refuse(self, heard: Heard, reason: str) -> None:
        async with self._database.transaction() as db:
            await self._desk.refuse(db, heard, reason, self._now())

    async def _fetch(self, message: Message, heard: Heard, bot: Bot) -> list[StoredFile]:
        async with self._database.snapshot() as db:
            if not await self._desk.wants_file(db, heard):
                return []
        (media,) = media_of(message, self._files.too_large)
        if media.refused:
            raise Refusal(media.refused)
        assert media.file_ref is not None
        try:
            return [await self._files.keep(download(bot, media.file_ref), media.name, media.kind)]
        except RejectedError as error:
            raise Refusal(self._files.no(str(error), media.name)) from error
        except (DeliveryError, OSError) as error:
            raise Refusal(texts.FILE_NOT_GOT) from error

    async def _follow(self, message: Message) -> None:
        old, new = message.chat.id, message.migrate_to_chat_id
        if message.migrate_from_chat_id:
            old, new = message.migrate_from_chat_id, message.chat.id
        assert new is not None
        async with self._database.transaction() as db:
            await staff_group.follow(db, old, new)

    async def _topic_closed(self, message: Message) -> None:
        thread_id = topic_of(message) or message.message_thread_id
        if thread_id is None:
            return
        async with self._database.transaction() as db:
            key = f"{message.chat.id}:{message.message_id}"
            await self._desk.topic_closed(db, thread_id, key, self._now())
        await self._wake.announce([DELIVER])
