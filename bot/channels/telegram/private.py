"""Private chats, where the service is given: each update becomes an inbound and is taken."""

import structlog
from aiogram import Bot, Router
from aiogram.enums import ChatType
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update

from bot.channels.telegram.failure import explain
from bot.channels.telegram.inbound import Amend, Receive, from_callback, from_edit, from_membership, from_message
from bot.channels.telegram.media import TooLarge

_ANSWER_SECONDS = 5

log = structlog.get_logger()


# Filters are coroutines because aiogram runs any other kind in a thread.
async def _is_private(event: Message | ChatMemberUpdated) -> bool:
    return event.chat.type == ChatType.PRIVATE


async def _is_private_callback(callback: CallbackQuery) -> bool:
    return callback.message is None or callback.message.chat.type == ChatType.PRIVATE


def private_router(receive: Receive, amend: Amend, too_large: TooLarge) -> Router:
    """Route what a person does in a private chat to `receive`, and what they write anew to `amend`."""
    router = Router(name="private")

    @router.message(_is_private)
    async def on_message(message: Message, event_update: Update) -> None:
        if inbound := from_message(message, event_update.update_id, too_large):
            await receive(inbound)

    @router.edited_message(_is_private)
    async def on_edit(message: Message, event_update: Update) -> None:
        if amendment := from_edit(message, event_update.update_id):
            await amend(amendment)

    @router.callback_query(_is_private_callback)
    async def on_press(callback: CallbackQuery, event_update: Update, bot: Bot) -> None:
        await answer(callback, bot)
        if inbound := from_callback(callback, event_update.update_id):
            await receive(inbound)

    @router.my_chat_member(_is_private)
    async def on_membership(change: ChatMemberUpdated, event_update: Update) -> None:
        if inbound := from_membership(change, event_update.update_id):
            await receive(inbound)

    return router


async def answer(callback: CallbackQuery, bot: Bot) -> None:
    """End the button's waiting sign; it has no other effect, so its failure is only noted."""
    try:
        await bot.answer_callback_query(callback.id, request_timeout=_ANSWER_SECONDS)
    except AiogramError as error:
        log.warning("button press not answered", channel="telegram", error=explain(error, bot))
