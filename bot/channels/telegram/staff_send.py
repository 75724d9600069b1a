"""The way out to the staff group: the rows of the channel named "staff", each one message, mark or card there."""

import html
from collections.abc import Mapping
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramMigrateToChat

from bot.channels.base import Message, PauseChannelError, RejectedError, UnavailableError, UnreachableError
from bot.channels.telegram import staff_texts as texts
from bot.channels.telegram import staff_upload
from bot.channels.telegram.failure import as_delivery_error, explain, says
from bot.channels.telegram.staff_board import Place, StaffBoard
from bot.channels.telegram.staff_card import TitleOf
from bot.channels.telegram.staff_pace import GroupPace
from bot.channels.telegram.staff_topics import GONE, SHUT, StaffTopics
from bot.channels.telegram.staff_upload import PathOf
from core.clock import Clock
from db.cases import SupportCase
from db.engine import Database
from db.media import Attachment
from services import case_alerts, staff_group

_SHUT_OUT_SECONDS = 60.0
_SHUT_OUT = (
    "the bot cannot write to the staff group: is it a member, is YIZHAN_TELEGRAM_STAFF_GROUP right?"
    " / 机器人无法在工作群发言：是否在群里，YIZHAN_TELEGRAM_STAFF_GROUP 是否正确？"
)

log = structlog.get_logger()


class StaffChannel:
    """Delivers to the staff group. What the group cannot take now stays in the outbox; the people's channel goes on."""

    name = staff_group.CHANNEL
    takes_files = True

    def __init__(
        self, bot: Bot, pace: GroupPace, database: Database, now: Clock, title_of: TitleOf, path_of: PathOf
    ) -> None:  # fmt: skip
        self._bot, self._pace, self._database, self._path_of = bot, pace, database, path_of
        self._board = StaffBoard(bot)
        self._topics = StaffTopics(self._board, pace, database, now, title_of)

    async def send(self, message: Message) -> str | None:
        """Do what a row says; return chat and id of the message it became, if it became one.

        Raises:
            PauseChannelError, NotYetError, UnavailableError, RejectedError: see each.
        """
        async with self._database.snapshot() as db:
            group = await staff_group.group_of(db)
        if group is None:
            raise RejectedError("there is no staff group any more")
        try:
            sent = await self._do(group.chat_id, message.recipient, message.payload)
        except TelegramMigrateToChat as error:
            async with self._database.transaction() as db:
                await staff_group.follow(db, group.chat_id, error.migrate_to_chat_id)
            raise UnavailableError("the group was upgraded, its new id is noted") from error
        except (AiogramError, OSError) as error:
            meaning = as_delivery_error(error, self._bot)
            if isinstance(meaning, UnreachableError):
                # The operator can mend this, so nothing is given up for it.
                log.error(_SHUT_OUT, error=explain(error, self._bot))  # noqa: TRY400 - the sentence says it all
                raise PauseChannelError(_SHUT_OUT_SECONDS) from error
            raise meaning from error
        return None if sent is None else f"{group.chat_id}:{sent}"

    async def _do(self, chat_id: int, recipient: str, row: Mapping[str, Any]) -> int | None:
        if row["do"] == "reply":
            return await self._reply(chat_id, row)
        case_id = int(recipient.partition(":")[0])
        match row["do"]:
            case "card":
                await self._topics.redraw(case_id, chat_id)
                return None
            case "say":
                return await self._say(chat_id, case_id, row)
            case "mark":
                return await self._mark(chat_id, case_id, row)
            case "reopen":
                return await self._reopen(chat_id, case_id, row["text"])
            case "alert":
                return await self._alert(chat_id, case_id, row["text"])
        raise RejectedError(f"nothing known of {row['do']}")

    async def _say(self, chat_id: int, case_id: int, row: Mapping[str, Any]) -> int | None:
        async with self._database.snapshot() as db:
            code = (await db.get_one(SupportCase, case_id)).code
            file = await db.get(Attachment, row["attachments"][0]) if row.get("attachments") else None
        who = texts.PERSON if row["who"] == "person" else row["who"]
        heading = texts.SAID.format(code=code, who=who)
        if file is None:
            self._pace.enter()
            return await self._topics.send(
                case_id, chat_id, lambda place: self._board.post(place, f"{heading}\n{row['text']}")
            )
        if not staff_upload.ready(file):
            return None
        self._pace.enter()
        return await self._topics.send(
            case_id, chat_id, lambda place: staff_upload.show(self._board, place, heading, file, self._path_of)
        )

    async def _mark(self, chat_id: int, case_id: int, row: Mapping[str, Any]) -> int | None:
        emoji, words = texts.MARKS[row["sign"]]
        message_id: int = row["message_id"]
        if emoji is not None and await self._board.react(chat_id, message_id, emoji):
            return None
        self._pace.enter()
        return await self._topics.send(
            case_id, chat_id, lambda place: self._board.post(place, words, reply_to=message_id)
        )

    async def _reopen(self, chat_id: int, case_id: int, text: str) -> int:
        self._pace.enter()

        async def open_and_tell(place: Place) -> int:
            await self._board.switch(place, "reopen")
            return await self._board.post(place, text)

        return await self._topics.send(case_id, chat_id, open_and_tell)

    async def _alert(self, chat_id: int, case_id: int, text: str) -> int:
        async with self._database.snapshot() as db:
            crisis = (await db.get_one(SupportCase, case_id)).crisis
            called = await case_alerts.on_duty(db) if crisis else ()
        links = [f'<a href="tg://user?id={s.telegram_id}">{html.escape(s.name)}</a>' for s in called if s.telegram_id]
        markup = "\n" + " ".join(links) if links else ""
        self._pace.count()  # a danger waits for nothing
        try:
            return await self._board.post(Place(chat_id), text, markup=markup)
        except TelegramBadRequest as error:
            if not says(error, SHUT):
                raise
        await self._board.open_general(chat_id)
        return await self._board.post(Place(chat_id), text, markup=markup)

    async def _reply(self, chat_id: int, row: Mapping[str, Any]) -> int:
        self._pace.enter()
        try:
            return await self._board.post(Place(chat_id, row["thread_id"]), row["text"], reply_to=row["message_id"])
        except TelegramBadRequest as error:
            if row["thread_id"] is None or not says(error, (*GONE, *SHUT)):
                raise
        return await self._board.post(Place(chat_id), row["text"])
