"""What came from the staff group, read once from Telegram's message: who, where, about which case, and what it wants."""

import re
from dataclasses import dataclass

from aiogram import Bot
from aiogram.enums import ContentType
from aiogram.exceptions import AiogramError
from aiogram.types import Message

from bot.channels.telegram.group import is_addressed
from bot.channels.telegram.staff_orders import Order, read_order
from core.text import clean
from services.cases import CODE

_CODE = re.compile(rf"(?<![A-Za-z0-9]){CODE}(?![A-Za-z0-9])")
_FILES = (
    ContentType.PHOTO, ContentType.VOICE, ContentType.AUDIO, ContentType.VIDEO, ContentType.VIDEO_NOTE,
    ContentType.ANIMATION, ContentType.DOCUMENT,
)  # fmt: skip
_NOT_SENDABLE = (
    ContentType.STICKER, ContentType.LOCATION, ContentType.VENUE, ContentType.CONTACT, ContentType.POLL,
    ContentType.DICE, ContentType.CHECKLIST, ContentType.STORY, ContentType.PAID_MEDIA, ContentType.LIVE_PHOTO,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the group; `key` names it for good, so that a repeated update is known again."""

    key: str
    message_id: int
    thread_id: int | None
    code: str | None
    """The case named by the message of ours that it answers."""
    sender: int
    nameless: bool
    """Written under the group's or a channel's name, so nobody knows by whom."""
    addressed: bool
    """It speaks to us even outside of a case."""
    order: Order
    has_file: bool
    sendable: bool


async def read(message: Message, bot: Bot) -> Heard | None:
    """Read a message; None for what wants nothing of us: other bots, service messages, news of a linked channel."""
    kind = ContentType(message.content_type)
    words = clean(message.text or message.caption or "")
    if not (words or kind in _FILES or kind in _NOT_SENDABLE) or message.is_automatic_forward:
        return None
    sender = message.from_user
    if sender is None or (sender.is_bot and message.sender_chat is None):
        return None
    order = read_order(words, await _username(bot))
    if order.verb == "other_bot":
        return None
    return Heard(
        key=f"{message.chat.id}:{message.message_id}",
        message_id=message.message_id,
        thread_id=topic_of(message),
        code=_code(message.reply_to_message, bot),
        sender=sender.id,
        nameless=message.sender_chat is not None,
        addressed=order.verb != "say" or await _speaks_to_us(message, bot),
        order=order,
        has_file=kind in _FILES,
        sendable=kind not in _NOT_SENDABLE,
    )


async def _username(bot: Bot) -> str | None:
    """Return our name; unknown for the moment, it must not cost a colleague's words."""
    try:
        return (await bot.me()).username
    except AiogramError:
        return None


async def _speaks_to_us(message: Message, bot: Bot) -> bool:
    try:
        return await is_addressed(message, bot)
    except AiogramError:
        return True


def topic_of(message: Message) -> int | None:
    """Return the topic a message stands in; a thread of replies in a group without topics is none."""
    return message.message_thread_id if message.is_topic_message else None


def _code(replied: Message | None, bot: Bot) -> str | None:
    """Read the case from our own message; the first message of a topic of ours bears the case's name."""
    if replied is None or replied.from_user is None or replied.from_user.id != bot.id:
        return None
    topic = replied.forum_topic_created
    words = topic.name if topic else replied.text or replied.caption or ""
    found = _CODE.search(words.partition("\n")[0])
    return found[0] if found else None
