"""What every page of the console works with, and the table of who may enter which page."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot.console.import_desk import ImportDesk
from bot.files import Files
from bot.library import Library
from bot.wake import Wake
from core.clock import Clock
from db.engine import Database
from handlers.casework import Casework
from services.booking_rules import BookingRules
from services.notice_gate import Rules
from services.scope import Right
from services.vault import Vault


@dataclass(frozen=True, slots=True)
class Console:
    """The long-lived objects, and the settings that pages need."""

    database: Database
    now: Clock
    vault: Vault
    wake: Wake
    library: Library
    casework: Casework
    files: Files
    data_dir: Path
    idle: timedelta
    """How long a browser stays signed in without use."""
    largest_file: int
    """Bytes of one file that staff send."""
    proxies: frozenset[str]
    """Who is believed when they tell whom they ask for."""
    secure: bool
    """Cookies travel over HTTPS only."""
    hashing: asyncio.Semaphore
    """Passwords that are tried at the same time: each takes 46 MiB for a moment."""
    closing: asyncio.Event
    """Set when the service stops, so that streams end."""
    rates: Mapping[str, float]
    """Messages a second by channel, of those on which we may write first."""
    rules: Rules
    """Of notices: quiet hours, and how many a day."""
    booking_rules: BookingRules
    imports: ImportDesk


@dataclass(frozen=True, slots=True)
class Access:
    """Who may enter a page."""

    right: Right | None
    """None: whoever is signed in."""
    public: bool = False
    """Even who is not signed in."""
    quiet: bool = False
    """Asking for it is no sign of life: streams and what scripts fetch by themselves."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CONSOLE = web.AppKey("console", Console)
DOORS = web.AppKey("doors", dict[object, Access])
