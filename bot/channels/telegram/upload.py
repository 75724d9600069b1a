"""Send a file by its bytes, in the way Telegram shows that kind best; never by a link to us."""

from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, FSInputFile, InlineKeyboardMarkup, InputFile
from aiogram.types import Message as Sent

from bot.channels.base import File, Message
from bot.channels.telegram.failure import says
from core.reply import Document

_SECONDS = 120
"""For a file of 20 MB on a slow line; the worker's lease of a message with a file is longer."""
_LONGEST_CAPTION = 1024
"""Characters (core.telegram.org/bots/api#sendphoto)."""
_LARGEST_PHOTO = 10 * 1024 * 1024
"""Bytes (core.telegram.org/bots/api#sendphoto)."""
_PHOTOS = ("image/jpeg", "image/png", "image/webp")
_VOICES = ("audio/ogg", "audio/mpeg", "audio/mp4")
"""What sendVoice takes (core.telegram.org/bots/api#sendvoice)."""
_NOT_SHOWABLE = (
    "photo_invalid_dimensions", "photo_save_file_invalid", "photo_ext_invalid", "image_process_failed",
    "photo_invalid", "voice_messages_forbidden",
)  # fmt: skip
"""Refusals of the way of sending, not of the file: as a document it goes."""


async def send(bot: Bot, message: Message, file: File | Document, keyboard: InlineKeyboardMarkup | None) -> str:
    """Send the file with its text as the caption; a text too long for one goes before it.

    Raises:
        AiogramError, OSError: it did not go out.
    """
    caption: str | None = message.text
    if len(message.text) > _LONGEST_CAPTION:
        await bot.send_message(message.recipient, message.text, parse_mode=None)
        caption = None
    options = {"chat_id": message.recipient, "caption": caption, "reply_markup": keyboard}
    if isinstance(file, Document):
        content = BufferedInputFile(file.text.encode(), filename=file.name)
        return str((await _as_document(bot, content, options | {"parse_mode": None})).message_id)
    return str((await show(bot, file, **options)).message_id)


async def show(bot: Bot, file: File, **options: Any) -> Sent:
    """Send the file as its kind, or as a document where Telegram cannot show it so; options are those of any sending.

    Raises:
        AiogramError, OSError: it did not go out.
    """
    options |= {"parse_mode": None, "request_timeout": _SECONDS}
    try:
        return await _as_its_kind(bot, file, options)
    except TelegramBadRequest as error:
        if not says(error, _NOT_SHOWABLE):
            raise
    return await _as_document(bot, _content(file), options)


async def _as_its_kind(bot: Bot, file: File, options: dict[str, Any]) -> Sent:
    content = _content(file)
    if file.media_type in _PHOTOS and file.path.stat().st_size <= _LARGEST_PHOTO:
        return await bot.send_photo(photo=content, **options)
    if file.kind == "voice" and file.media_type in _VOICES:
        return await bot.send_voice(voice=content, **options)
    if file.media_type == "video/mp4":
        return await bot.send_video(video=content, **options)
    return await _as_document(bot, content, options)


def _content(file: File) -> InputFile:
    return FSInputFile(file.path, filename=file.name)


async def _as_document(bot: Bot, content: InputFile, options: dict[str, Any]) -> Sent:
    return await bot.send_document(document=content, disable_content_type_detection=True, **options)
