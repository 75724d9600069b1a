"""Passwords are slow to try: in a thread, few at a time, and never inside a transaction."""

import asyncio

from bot.console.context import Console
from services import passwords


async def verify(console: Console, password: str, stored: str | None) -> bool:
    """Tell whether a password is right."""
    async with console.hashing:
        return await asyncio.to_thread(passwords.verify_password, password, stored)


async def make(console: Console, password: str) -> str:
    """Return what is stored of a password."""
    async with console.hashing:
        return await asyncio.to_thread(passwords.hash_password, password)
