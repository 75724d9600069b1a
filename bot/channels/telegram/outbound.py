"""Put an outbox message on somebody's Telegram screen: a new message, or in place of the one whose button was pressed."""

import html
from collections.abc import AsyncIterator

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramRetryAfter,
)
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.channels.base import Message, PauseChannelError, RejectedError
from bot.channels.telegram import media, upload
from bot.channels.telegram.failure import as_delivery_error, says
from bot.channels.telegram.inbound import CHANNEL
from bot.channels.telegram.pace import Pace
from core.reply import Document

_DATA_BYTES = 64
_UNCHANGED = ("message is not modified",)
_MARKUP = ("parse entities", "entities_too_long", "entity_text_too_long", "entities too long")
_CANNOT_EDIT = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "there is no text in the message to edit",
    *_MARKUP,
)


class TelegramChannel:
    """The way out to Telegram."""

    name = CHANNEL
    takes_files = True

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot, self._pace = bot, pace

    async def send(self, message: Message) -> str | None:
        """Send or edit; return the new message's id, or None after an edit: that id belongs to the edited row.

        Raises:
            PauseChannelError, NotYetError, UnavailableError, UnreachableError, RejectedError: see each.
        """
        keyboard = _keyboard(message)
        await self._pace.wait(message.recipient, message.lane)
        try:
            if message.file is not None:
                return await upload.send(self._bot, message, message.file, keyboard)
            if message.document is not None:  # what is on the screen has no file, and no edit could give it one
                return await self._send_with(message.document, message, keyboard)
            if message.replaces is not None and await self._edit(message, message.replaces, keyboard):
                return None
            return await self._send(message, keyboard)
        except TelegramRetryAfter as error:
            await self._pace.pause(error.retry_after)
            raise PauseChannelError(error.retry_after) from error
        except (AiogramError, OSError) as error:  # OSError includes TimeoutError
            raise as_delivery_error(error, self._bot) from error

    def fetch(self, file_ref: str) -> AsyncIterator[bytes]:
        """Give a file's bytes as they come.

        Raises:
            PauseChannelError, UnavailableError, RejectedError: see `Source`.
        """
        return media.download(self._bot, file_ref)

    async def _edit(self, message: Message, replaces: str, keyboard: InlineKeyboardMarkup | None) -> bool:
        """Edit the pressed message; False when it cannot be, so that a new one must be sent."""
        if not replaces.isdecimal():
            return False
        try:
            await self._bot.edit_message_text(
                _escape(message), chat_id=message.recipient, message_id=int(replaces), reply_markup=keyboard
            )
        except TelegramBadRequest as error:
            if says(error, _CANNOT_EDIT):
                return False
            if not says(error, _UNCHANGED):
                raise
        return True

    async def _send_with(self, document: Document, message: Message, keyboard: InlineKeyboardMarkup | None) -> str:
        """Send words with a small file; the words go without it where Telegram will not have it."""
        try:
            return await upload.send(self._bot, message, document, keyboard)
        except (TelegramBadRequest, TelegramEntityTooLarge):
            return await self._send(message, keyboard)

    async def _send(self, message: Message, keyboard: InlineKeyboardMarkup | None) -> str:
        try:
            sent = await self._bot.send_message(message.recipient, _escape(message), reply_markup=keyboard)
        except ClientDecodeError as error:
            if isinstance(error.data, dict) and error.data.get("ok") is True:
                return str(error.data["result"]["message_id"])  # it is on the screen: never send it again
            raise
        except TelegramBadRequest as error:
            if not says(error, _MARKUP):
                raise
            sent = await self._bot.send_message(message.recipient, message.text, parse_mode=None, reply_markup=keyboard)
        return str(sent.message_id)


def _escape(message: Message) -> str:
    return html.escape(message.text, quote=False)


def _keyboard(message: Message) -> InlineKeyboardMarkup | None:
    for choice in message.choices:
        if not 0 < len(choice["action"].encode()) <= _DATA_BYTES:
            raise RejectedError(f"action is not 1-{_DATA_BYTES} bytes long: {choice['action']}")
    rows = [
        [InlineKeyboardButton(text=f"{choice['digit']} {choice['label']}", callback_data=choice["action"])]
        for choice in message.choices
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None
