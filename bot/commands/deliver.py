"""Run a process that only delivers, beside any number of others."""

import argparse

from bot import delivery
from bot.settings import Settings


async def deliver(settings: Settings, _options: argparse.Namespace) -> int:
    """Run until stopped."""
    await delivery.deliver(settings)
    return 0
