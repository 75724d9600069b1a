"""Chat in the terminal, to try the service without a browser."""

import argparse
import asyncio

from bot.commands.desk import desk, drawn
from bot.settings import Settings
from handlers import texts


async def chat(settings: Settings, _options: argparse.Namespace) -> int:
    """Read lines until the end of input."""
    async with desk(settings) as open_desk:
        print(texts.WELCOME + "\n（按 Ctrl+D 离开）")
        while True:
            try:
                line = await asyncio.to_thread(input, "\n您：")
            except (EOFError, KeyboardInterrupt):
                print("\n再见。")
                return 0
            for row in (await open_desk.say("terminal", line))[0]:
                print("\n" + drawn(row))
