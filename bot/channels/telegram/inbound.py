"""What a Telegram update means to the conversation: words, a chosen action, or an event."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from aiogram.enums import ChatMemberStatus, ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from bot.channels.telegram.media import TooLarge, media_of
from core.turn import Inbound, Kind
from services.amend import Amendment
from services.turns import Taken

CHANNEL = "telegram"

Receive = Callable[[Inbound], Awaitable[Taken]]
"""Takes an inbound; on return its effects are committed."""
Amend = Callable[[Amendment], Awaitable[None]]
"""Takes new words for an old message in the same way."""

_ACTIONS = {
    "start": "start",
    "help": "start",
    "menu": "start",
    "human": "human",
    "guide": "guide",
    "goods": "goods",
    "stop": "stop",
}
_COMMAND = re.compile(r"/+(\w+)(?:@\w+)?")
_EVENTS = {
    ContentType.PHOTO: "photo",
    ContentType.LIVE_PHOTO: "photo",
    ContentType.VOICE: "voice",
    ContentType.AUDIO: "voice",
    ContentType.VIDEO: "video",
    ContentType.VIDEO_NOTE: "video",
    ContentType.ANIMATION: "video",
    ContentType.STICKER: "sticker",
    ContentType.DOCUMENT: "document",
    ContentType.LOCATION: "location",
    ContentType.VENUE: "location",
} | dict.fromkeys(
    (
        ContentType.CHECKLIST,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.GAME,
        ContentType.GIVEAWAY,
        ContentType.INVOICE,
        ContentType.PAID_MEDIA,
        ContentType.POLL,
        ContentType.RICH_MESSAGE,
        ContentType.STORY,
        ContentType.UNKNOWN,
    ),
    "other",
)
"""What people send; every other content is a service message such as "pinned", which wants no answer."""

_GONE = (ChatMemberStatus.KICKED, ChatMemberStatus.LEFT)


def from_message(message: Message, update_id: int, too_large: TooLarge) -> Inbound | None:
    """Read a message of a private chat; None when it wants no answer."""
    if message.from_user and message.from_user.is_bot:
        return None
    if message.text:
        kind, text = _read_words(message.text)
    elif message.caption:  # the words under a picture matter more than the picture
        kind, text = "text", message.caption
    elif event := _EVENTS.get(ContentType(message.content_type)):
        kind, text = "event", event
    else:
        return None
    return replace(
        _inbound(update_id, message.chat.id, kind, text),
        message_id=str(message.message_id),
        media=media_of(message, too_large),
        album=message.media_group_id,
        place=_place(message),
    )


def _place(message: Message) -> dict[str, float] | None:
    location = message.location
    return {"latitude": location.latitude, "longitude": location.longitude} if location else None


def from_edit(message: Message, update_id: int) -> Amendment | None:
    """Read new words for a message; None when the edit left none, as of a location that moves."""
    text = message.text or message.caption
    if not text or (message.from_user and message.from_user.is_bot):
        return None
    return Amendment(CHANNEL, str(update_id), str(message.chat.id), str(message.message_id), text)


def from_callback(callback: CallbackQuery, update_id: int) -> Inbound | None:
    """Read a pressed button; None when it carries no data (a game)."""
    if not callback.data:
        return None
    if callback.message is None:
        return _inbound(update_id, callback.from_user.id, "action", callback.data)
    message = callback.message
    return _inbound(update_id, message.chat.id, "action", callback.data, pressed=str(message.message_id))


def from_membership(change: ChatMemberUpdated, update_id: int) -> Inbound | None:
    """Read that a person blocked us or let us in again; None for any other change."""
    was_gone, is_gone = change.old_chat_member.status in _GONE, change.new_chat_member.status in _GONE
    if was_gone == is_gone:
        return None
    return _inbound(update_id, change.chat.id, "event", "blocked" if is_gone else "unblocked")


def from_group(message: Message, update_id: int) -> Inbound:
    """Read that a group spoke to us; what was said there is none of our business."""
    return _inbound(update_id, message.chat.id, "event", "group")


def _read_words(text: str) -> tuple[Kind, str]:
    command = _COMMAND.match(text)
    if command is None:
        return "text", text
    name = command[1]
    if action := _ACTIONS.get(name.lower()):
        return "action", action
    return "text", name + text[command.end() :]


def _inbound(event_id: int | str, sender: int, kind: Kind, text: str, pressed: str | None = None) -> Inbound:
    return Inbound(CHANNEL, str(event_id), str(sender), kind, text, pressed)
