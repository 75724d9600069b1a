"""Group chats, where nobody's affairs should be discussed: declined once, and only when spoken to."""

from aiogram import Bot, Router
from aiogram.enums import ChatType, MessageEntityType
from aiogram.types import CallbackQuery, Message, Update

from bot.channels.telegram.inbound import Receive, from_group
from bot.channels.telegram.private import answer


async def _is_group(message: Message) -> bool:
    return message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)


def group_router(receive: Receive) -> Router:
    """Route the first words a group addresses to us; everything else there is left alone."""
    router = Router(name="group")
    declined: set[int] = set()

    @router.message(_is_group)
    async def on_message(message: Message, event_update: Update, bot: Bot) -> None:
        if message.chat.id not in declined and await is_addressed(message, bot):
            await receive(from_group(message, event_update.update_id))
            declined.add(message.chat.id)

    @router.callback_query()
    async def on_press(callback: CallbackQuery, bot: Bot) -> None:
        await answer(callback, bot)

    return router


async def is_addressed(message: Message, bot: Bot) -> bool:
    """Tell whether a message of a group speaks to us: by reply, by our name, or by a command with our name."""
    if message.from_user and message.from_user.is_bot:
        return False
    replied = message.reply_to_message
    if replied and replied.from_user and replied.from_user.id == bot.id:
        return True
    text = message.text or message.caption or ""
    for entity in message.entities or message.caption_entities or ():
        if entity.type == MessageEntityType.TEXT_MENTION and entity.user and entity.user.id == bot.id:
            return True
        if entity.type in (MessageEntityType.MENTION, MessageEntityType.BOT_COMMAND):
            _, _, name = entity.extract_from(text).partition("@")
            if name and name.lower() == ((await bot.me()).username or "").lower():
                return True
    return False
