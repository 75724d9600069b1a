"""Telegram: aiogram speaks the Bot API, the conversation itself stays in the core. Importing it takes seconds."""

from bot.channels.telegram.link import TelegramLink
from bot.channels.telegram.outlet import Outlet
from bot.channels.telegram.staff_link import StaffLink

__all__ = ["Outlet", "StaffLink", "TelegramLink"]
