"""What can be done in the staff group, and what Telegram's refusals mean there."""

import html
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest
from aiogram.types import ReactionTypeEmoji, ReplyParameters

from bot.channels.telegram.failure import explain, says

_CARD_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
_AS_IT_IS = ("message is not modified", "topic_not_modified")
_NOT_ALLOWED = ("not a forum", "not_forum", "not enough rights", "admin_required", "administrator rights")
_NO_SUCH_MESSAGE = ("message to react not found", "message not found", "message_id_invalid")
_LONGEST_NAME = 128
_NO_TOPICS = (
    "the staff group has no topics, or the bot lacks the right to manage them: cases are shown as cards"
    " / 工作群没有开启话题，或机器人没有“管理话题”权限：求助单将以卡片显示"
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something of a case is sent: into its topic, or as a reply to its card."""

    chat_id: int
    thread_id: int | None = None
    card_id: int | None = None

    def options(self, reply_to: int | None = None) -> dict[str, Any]:
        """Return the arguments that send a message there."""
        options: dict[str, Any] = {"chat_id": self.chat_id, "message_thread_id": self.thread_id}
        target = self.card_id if reply_to is None and self.thread_id is None else reply_to
        if target is not None:
            options["reply_parameters"] = ReplyParameters(message_id=target, allow_sending_without_reply=True)
        return options


class StaffBoard:
    """The group as Telegram shows it."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._forums: dict[int, bool] = {}

    async def post(self, place: Place, text: str, *, reply_to: int | None = None, markup: str = "") -> int:
        """Send words, and return the message's id; markup is HTML of our own to stand behind them."""
        words = html.escape(text, quote=False) + markup
        try:
            sent = await self.bot.send_message(text=words, **place.options(reply_to))
        except ClientDecodeError as error:
            if isinstance(error.data, dict) and error.data.get("ok") is True:
                return int(error.data["result"]["message_id"])  # it is on the screens: never send it again
            raise
        return sent.message_id

    async def edit(self, place: Place, text: str) -> bool:
        """Change the card; False when it is no longer there."""
        if place.card_id is None:
            return False
        try:
            await self.bot.edit_message_text(
                html.escape(text, quote=False), chat_id=place.chat_id, message_id=place.card_id
            )
        except TelegramBadRequest as error:
            if says(error, _CARD_GONE):
                return False
            if not says(error, _AS_IT_IS):
                raise
        return True

    async def create_topic(self, chat_id: int, name: str) -> int | None:
        """Make a topic; None where cards must do."""
        if chat_id not in self._forums:
            self._forums[chat_id] = bool((await self.bot.get_chat(chat_id)).is_forum)
        if not self._forums[chat_id]:
            return None
        try:
            return (await self.bot.create_forum_topic(chat_id, name[:_LONGEST_NAME])).message_thread_id
        except TelegramBadRequest as error:
            if not says(error, _NOT_ALLOWED):
                raise
            log.error(_NO_TOPICS, error=explain(error, self.bot))  # noqa: TRY400 - the sentence says it all
            self._forums[chat_id] = False
            return None

    async def rename(self, place: Place, name: str) -> None:
        """Give a topic another name."""
        if place.thread_id is not None:
            change = self.bot.edit_forum_topic(place.chat_id, place.thread_id, name=name[:_LONGEST_NAME])
            await self._changed(change)

    async def switch(self, place: Place, to: Literal["close", "reopen"]) -> None:
        """Close or reopen a topic, whichever it may be now."""
        if place.thread_id is not None:
            change = self.bot.close_forum_topic if to == "close" else self.bot.reopen_forum_topic
            await self._changed(change(place.chat_id, place.thread_id))

    async def open_general(self, chat_id: int) -> None:
        """Reopen the topic that alerts go to."""
        await self._changed(self.bot.reopen_general_forum_topic(chat_id))

    async def discard_topic(self, chat_id: int, thread_id: int) -> None:
        """Remove a topic that another process was quicker to make."""
        await self._changed(self.bot.delete_forum_topic(chat_id, thread_id))

    async def react(self, chat_id: int, message_id: int, emoji: str) -> bool:
        """Put a sign on a message; False when signs are not allowed here. A message that is gone needs none."""
        try:
            await self.bot.set_message_reaction(chat_id, message_id, [ReactionTypeEmoji(emoji=emoji)])
        except TelegramBadRequest as error:
            return says(error, _NO_SUCH_MESSAGE)
        return True

    async def _changed(self, change: Any) -> None:
        try:
            await change
        except TelegramBadRequest as error:
            if says(error, _NOT_ALLOWED):
                log.warning("staff group not changed", error=explain(error, self.bot))
            elif not says(error, _AS_IT_IS):
                raise
