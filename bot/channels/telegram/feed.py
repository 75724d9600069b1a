"""Hand an update to the handlers and tell whether it was dealt with, for both ways of fetching them."""

import structlog
from aiogram import Bot, Dispatcher, Router
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.channels.telegram.group import group_router
from bot.channels.telegram.inbound import Amend, Receive
from bot.channels.telegram.media import TooLarge
from bot.channels.telegram.private import private_router

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]

_DATABASE_DOWN = (OperationalError, InterfaceError, PoolTimeoutError, OSError)
"""asyncpg lets a refused connection through as the bare OSError."""

log = structlog.get_logger()


def build_dispatcher(
    receive: Receive, amend: Amend, too_large: TooLarge, staff: Router | None = None
) -> Dispatcher:  # fmt: skip
    """Build the routing of updates; conversation state is in the database, so aiogram's own is off."""
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.include_router(private_router(receive, amend, too_large))
    if staff is not None:
        dispatcher.include_router(staff)
    dispatcher.include_router(group_router(receive))
    return dispatcher


def read_update(raw: object, bot: Bot) -> Update | None:
    """Parse an update; None, with a warning that quotes no content, when it is not of a known shape."""
    try:
        return Update.model_validate(raw, context={"bot": bot})
    except ValidationError as error:
        fields = [".".join(map(str, e["loc"])) for e in error.errors(include_input=False, include_context=False)]
        log.warning("update not understood, skipped", channel="telegram", fields=fields[:5])
        return None


async def feed(dispatcher: Dispatcher, bot: Bot, update: Update) -> bool:
    """Deal with an update; False when the database is down, so that nothing is recorded and it must come again."""
    try:
        update.event_type  # noqa: B018 - a property that raises
    except UpdateTypeLookupError:
        log.debug("unknown update ignored", channel="telegram", update_id=update.update_id)
        return True
    try:
        await dispatcher.feed_update(bot, update)
    except _DATABASE_DOWN as error:
        log.warning("update not taken", channel="telegram", update_id=update.update_id, error=type(error).__name__)
        return False
    except Exception:  # a fault of ours that repeating would not mend
        log.exception("update failed", channel="telegram", update_id=update.update_id)
    return True
