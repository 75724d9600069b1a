"""What a Telegram update means to the conversation: words, a chosen action, or an event."""

import re
from collections.abc import Awaitable, Callable

from aiogram.enums import ChatMemberStatus, ContentType
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from core.turn import Inbound, Kind
from services.turns import Taken

CHANNEL = "telegram"

Receive = Callable[[Inbound], Awaitable[Taken]]
"""Takes an inbound; on return its effects are committed."""

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


def from_message(message: Message, update_id: int) -> Inbound | None:
    """Read a message of a private chat; None when it wants no answer."""
    if message.from_user and message.from_user.is_bot:
        return None
    if message.text:
        kind, text = _read_words(message.text)
        return _inbound(update_id, message.chat.id, kind, text)
    if message.caption:  # the words under a picture matter more than the picture
        return _inbound(update_id, message.chat.id, "text", message.caption)
    event = _EVENTS.get(ContentType(message.content_type))
    if event is None:
        return None
    # An album comes as up to ten messages; one event id makes them one turn with one answer.
    event_id = f"album:{message.media_group_id}" if message.media_group_id else update_id
    return _inbound(event_id, message.chat.id, "event", event)


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
