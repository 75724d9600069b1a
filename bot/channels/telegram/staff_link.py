"""The staff group's two ways, put together for the link with Telegram."""

from dataclasses import dataclass

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat
from aiogram.types import BotCommand, BotCommandScopeChat

from bot.channels.telegram.failure import explain
from bot.channels.telegram.staff import StaffRoom
from bot.channels.telegram.staff_card import TitleOf
from bot.channels.telegram.staff_desk import StaffDesk
from bot.channels.telegram.staff_pace import GroupPace
from bot.channels.telegram.staff_send import StaffChannel
from bot.channels.telegram.staff_texts import COMMANDS
from bot.files import Files
from bot.wake import Wake
from core.clock import Clock
from db.engine import Database
from handlers.casework import Casework
from services import staff_group

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class StaffLink:
    """What the group needs of the rest of the service."""

    casework: Casework
    files: Files
    wake: Wake
    database: Database
    now: Clock
    title_of: TitleOf
    a_minute: int
    """Messages into the group."""

    def router(self) -> Router:
        """Return the way in."""
        return StaffRoom(StaffDesk(self.casework), self.files, self.database, self.wake, self.now).router()

    async def introduce(self, bot: Bot) -> None:
        """Show the orders in the group's menu; without them it works all the same."""
        async with self.database.snapshot() as db:
            group = await staff_group.group_of(db)
        if group is None:
            return
        commands = [BotCommand(command=name, description=text) for name, text in COMMANDS.items()]
        try:
            await bot.set_my_commands(commands, scope=BotCommandScopeChat(chat_id=group.chat_id))
        except (TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat) as error:
            log.warning("no menu in the staff group", error=explain(error, bot))

    def channel(self, bot: Bot) -> StaffChannel:
        """Return the way out."""
        pace = GroupPace(self.a_minute, self.now)
        return StaffChannel(bot, pace, self.database, self.now, self.title_of, self.files.path)
