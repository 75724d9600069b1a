"""Telegram: aiogram speaks the Bot API, the conversation itself stays in the core."""
