"""Telegram: aiogram speaks the Bot API, the conversation itself stays in the core. Importing it takes seconds."""

from bot.channels.telegram.link import TelegramLink

__all__ = ["TelegramLink"]
