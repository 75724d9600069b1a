"""Fetch updates and confirm each only once it is recorded, which aiogram's own polling does not (aiogram#1397)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import ClientDecodeError, TelegramConflictError, TelegramRetryAfter
from aiogram.types import Update

from bot.channels.telegram.failure import explain
from bot.channels.telegram.feed import ALLOWED_UPDATES, feed, read_update
from core.clock import Clock
from db.engine import Database
from services import leases

LEASE, LEASE_LIFE = "telegram-poll", timedelta(seconds=30)
_POLL_SECONDS, _GRACE_SECONDS, _LONGEST_PAUSE = 25, 10, 30.0
_CONFLICT = (
    "another process fetches this bot's updates or has set a webhook: stop it, or use YIZHAN_TELEGRAM_MODE=webhook"
    " / 另有进程在收取同一机器人的消息,或设置了 webhook:请停掉它,或改用 webhook 模式"
)

log = structlog.get_logger()


class Poller:
    """The long poll; of all processes only the holder of the lease fetches."""

    def __init__(
        self, bot: Bot, dispatcher: Dispatcher, database: Database, now: Clock, holder: str,
        *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._bot, self._dispatcher, self._database = bot, dispatcher, database
        self._now, self._holder, self._sleep = now, holder, sleep
        self._held = asyncio.Event()
        self._webhook_gone = False
        self._offset: int | None = None
        self._failures = 0

    async def run(self) -> None:
        """Fetch and take updates until cancelled, then give the lease back."""
        try:
            await asyncio.gather(self._keep_lease(), self._poll())  # neither ends by itself
        finally:
            await self._release()

    async def _keep_lease(self) -> None:
        while True:
            await self.renew_once()
            await self._sleep(LEASE_LIFE.total_seconds() / 3)

    async def _poll(self) -> None:
        while True:
            await self._held.wait()
            if pause := await self.poll_once():
                await self._sleep(pause)

    async def renew_once(self) -> bool:
        """Take or keep the lease; without it no update is fetched or taken."""
        try:
            async with self._database.transaction() as db:
                held = await leases.hold(db, LEASE, self._holder, self._now(), LEASE_LIFE)
        except Exception as error:  # noqa: BLE001 - the database is down: nothing could be taken anyway
            log.warning("lease not renewed", lease=LEASE, error=type(error).__name__)
            held = False
        if held:
            self._held.set()
        else:
            self._held.clear()
            self._webhook_gone = False  # whoever holds it next may set one
        return held

    async def _release(self) -> None:
        self._held.clear()
        try:
            async with self._database.transaction() as db:
                await leases.release(db, LEASE, self._holder)
        except Exception as error:  # noqa: BLE001 - it ends by itself, and our stop must not fail on it
            log.warning("lease not given back", lease=LEASE, error=type(error).__name__)

    async def poll_once(self) -> float:
        """Fetch and take what has come; return how many seconds to wait before the next time."""
        try:
            if await self._take(await self._fetch()):
                self._failures = 0
                return 0
        except TelegramRetryAfter as error:
            return error.retry_after
        except TelegramConflictError as error:
            log.error(_CONFLICT, error=explain(error, self._bot))  # noqa: TRY400 - the sentence says it all
        except Exception as error:  # noqa: BLE001 - whatever it was, fetching goes on
            log.warning("updates not fetched", channel="telegram", error=explain(error, self._bot))
        self._failures = min(self._failures + 1, 10)
        return min(2.0 ** (self._failures - 1), _LONGEST_PAUSE)

    async def _fetch(self) -> list[Update]:
        if not self._webhook_gone:
            await self._bot.delete_webhook(drop_pending_updates=False)
            self._webhook_gone = True
        try:
            return await self._bot.get_updates(
                self._offset, timeout=_POLL_SECONDS, allowed_updates=ALLOWED_UPDATES,
                request_timeout=_POLL_SECONDS + _GRACE_SECONDS,
            )  # fmt: skip
        except ClientDecodeError as error:
            if not isinstance(error.data, dict) or not isinstance(error.data.get("result"), list):
                raise
            # One update of unknown shape must not hide the others; an empty one in its place is passed over.
            return [read_update(raw, self._bot) or Update(update_id=raw["update_id"]) for raw in error.data["result"]]

    async def _take(self, updates: list[Update]) -> bool:
        for update in updates:
            if not self._held.is_set() or not await feed(self._dispatcher, self._bot, update):
                return False
            self._offset = update.update_id + 1
        if not updates:
            self._offset = None  # all is confirmed; after a quiet week Telegram starts anew from any, maybe lower, id
        return True
