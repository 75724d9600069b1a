"""Files of Telegram messages: what each message carries, and their bytes, which are fetched later and apart."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.types import Message

from bot.channels.base import RejectedError, UnavailableError
from bot.channels.telegram.failure import as_delivery_error, says
from core.turn import Media, MediaKind

TooLarge = Callable[[str, int | None], str | None]
"""Gives the sentence for a file, by name and size in bytes, that is over the limit."""

_DOWNLOAD = aiohttp.ClientTimeout(total=100, sock_connect=10, sock_read=20)
_CHUNK = 64 * 1024
_TOO_BIG = ("file is too big",)


def media_of(message: Message, too_large: TooLarge) -> tuple[Media, ...]:
    """Read the file of a message; what is announced too large is refused before anything is fetched."""
    kind: MediaKind
    file: Any
    if message.photo:
        kind, file = "photo", message.photo[-1]  # the largest comes last
    elif message.voice or message.audio:
        kind, file = "voice", message.voice or message.audio
    elif message.video or message.video_note or message.animation:
        kind, file = "video", message.video or message.video_note or message.animation
    elif message.document:
        kind, file = "document", message.document
    else:
        return ()
    name = getattr(file, "file_name", None) or ""
    refused = too_large(name, file.file_size)
    return (Media(kind, name, file_ref=file.file_id, size=file.file_size, refused=refused),)


async def download(bot: Bot, file_ref: str) -> AsyncIterator[bytes]:
    """Give a file's bytes as they come.

    Raises:
        PauseChannelError, UnavailableError: try again; RejectedError: Telegram will never give it out.
    """
    try:
        found = await bot.get_file(file_ref)
    except TelegramBadRequest as error:
        raise RejectedError("large" if says(error, _TOO_BIG) else "lost") from error
    except (AiogramError, OSError) as error:
        raise as_delivery_error(error, bot) from error
    if not found.file_path:
        raise UnavailableError("no path given")
    url = bot.session.api.file_url(bot.token, found.file_path)
    try:
        async for chunk in bot.session.stream_content(url, timeout=_DOWNLOAD, chunk_size=_CHUNK):  # type: ignore[arg-type]
            yield chunk
    except (aiohttp.ClientError, OSError) as error:  # its text may hold the address, and so the token
        raise UnavailableError(f"file server: {type(error).__name__}") from None
